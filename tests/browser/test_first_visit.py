"""What waits until the lessons are on the phone: the list of all others, with words to search them by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site


def test_what_lessons_are_about_comes_with_learn_and_finds_them_with_no_signal(
    site: Site, playwright: Any, tmp_path: Path
) -> None:
    code = site.flask("person", "add", "Ngozi Okafor")["link"].rsplit("/", 1)[1]
    site.flask("person", "assign", "Ngozi Okafor", "stroke-first-minutes")
    asked: list[str] = []
    browser = Chromium(playwright, tmp_path / "profile")
    browser.page.on("request", lambda request: asked.append(request.url.split("/", 3)[3]))
    carer = Carer(browser, site)
    carer.join(code)
    assert "api/v1/library" not in asked
    carer.go("/learn")
    search_for_creeping(carer)
    assert asked.count("api/v1/library") == 1
    site.kill()

    carer.go("/learn")
    search_for_creeping(carer)
    browser.close()


def search_for_creeping(carer: Carer) -> None:
    """Look for a word that stands in one summary only, of a lesson asked of nobody."""
    carer.wait_for("#search")
    carer.engine.type("#search", "creeping")
    wait_until(carer.engine, "document.querySelector('main').innerText.includes('1 lesson found.')")
    carer.wait_for("main .bv-list a[href='/learn/feet-and-high-sugar']")
