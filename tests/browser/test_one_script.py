"""All script of a first visit is one file, and what is in it opens without signal after that visit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.browser.test_first_visit import search_for_creeping
from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site

CACHED = """async () => (await Promise.all((await caches.keys()).map(async name =>
    (await (await caches.open(name)).keys()).map(({url}) => url)))).flat()"""
BUILT = re.compile(r"/static/build/([\w-]+?)-[0-9a-f]{10}\.js$")
SAYS = "document.querySelector('main').innerText.includes(arguments[0])"


def joined(site: Site, browser: Chromium) -> Carer:
    """Her first visit: she has joined, and the pages are kept."""
    code = site.flask("person", "add", "Ngozi Okafor")["link"].rsplit("/", 1)[1]
    site.flask("person", "assign", "Ngozi Okafor", "stroke-first-minutes")
    carer = Carer(browser, site)
    carer.join(code)
    wait_until(browser, "!!navigator.serviceWorker.controller")
    return carer


def test_a_first_visit_brings_only_the_scripts_that_are_counted(site: Site, playwright: Any, tmp_path: Path) -> None:
    browser = Chromium(playwright, tmp_path / "profile")
    asked: set[str] = set()
    browser.page.on("request", lambda request: asked.add(request.url))
    carer = joined(site, browser)
    # The words to search by come when nothing else is new; that is when files that can wait would come.
    carer.go("/learn")
    search_for_creeping(carer)
    for path in ("/today", "/record", "/waiting"):
        carer.go(path)
        carer.wait_for("main [data-component] *")
    kept: list[str] = browser.page.evaluate(CACHED)
    browser.close()
    # What is for assessors, for a second place or for whoever leaves has no reason yet.
    assert {found[1] for url in (*asked, *kept) if (found := BUILT.search(url))} == {"app"}


def test_screens_no_lesson_waits_for_open_without_signal_after_one_visit(
    site: Site, playwright: Any, tmp_path: Path
) -> None:
    browser = Chromium(playwright, tmp_path / "profile")
    joined(site, browser)
    site.kill()
    browser.kill()

    again = Chromium(playwright, tmp_path / "profile")
    carer = Carer(again, site)
    for path, words in (
        ("/record", "Take my record with me"),
        ("/waiting", "Everything is sent"),
        # Nothing comes back before tomorrow.
        ("/look-back", "Open this once where there is signal."),
        ("/pocket", "Nothing kept yet."),
        ("/me", "Read aloud"),
        ("/me", "To leave or get a copy: Open this once where there is signal."),
    ):
        carer.go(path)
        wait_until(again, SAYS, words)
    again.close()


def test_whoever_answered_with_signal_can_look_back_without(site: Site, playwright: Any, tmp_path: Path) -> None:
    browser = Chromium(playwright, tmp_path / "profile")
    carer = joined(site, browser)
    carer.start("stroke-first-minutes")
    carer.play_to_end()
    carer.go("/today")
    wait_until(browser, "caches.match(document.body.dataset.places).then(Boolean)")
    site.kill()
    carer.go("/look-back")
    wait_until(browser, SAYS, "Nothing to look back on just now.")
    carer.go("/me")
    wait_until(browser, SAYS, "Lessons here")
    browser.close()
