"""What a first visit costs a carer's data: counted on the wire, headers and all, so that it cannot creep up unseen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.link import Shape, SlowLink
from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site

BUDGET = 110_000  # bytes, from the invite's link to the first lesson readable, with the whole shell kept for later
MOST_REQUESTS = 25
SHARED_LINK = 66_300  # bytes, for somebody who only reads one lesson and keeps nothing, scripts and sign all
TO_READ = 16_000  # bytes of them until the words and the picture stand there
QUICK = Shape(rate=50_000_000, delay=0.0)


def test_a_first_visit_stays_within_its_data(site: Site, playwright: Any, tmp_path: Path) -> None:
    code = site.flask("person", "add", "Ngozi Okafor")["link"].rsplit("/", 1)[1]
    site.flask("person", "assign", "Ngozi Okafor", "stroke-first-minutes")
    with SlowLink(site.port, QUICK) as link:
        browser = Chromium(playwright, tmp_path / "profile")
        carer = Carer(browser, site, origin=f"http://localhost:{link.port}")
        carer.join(code)
        carer.start("stroke-first-minutes")
        carer.wait_for("main .bv-prose p")
        spent, requests = link.received, link.requests
        browser.close()
    assert spent <= BUDGET
    assert requests <= MOST_REQUESTS


def test_one_lesson_from_a_shared_link_is_small(site: Site, playwright: Any, tmp_path: Path) -> None:
    with SlowLink(site.port, QUICK) as link:
        # Without the worker, which fetches the rest of the shell for later, the count is the same each time.
        browser = Chromium(playwright, tmp_path / "profile", service_workers="block")
        hosts: set[str] = set()
        browser.page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        carer = Carer(browser, site, origin=f"http://localhost:{link.port}")
        carer.go("/learn/stroke-first-minutes/1/1")
        carer.wait_for("main .bv-prose p")
        browser.page.wait_for_load_state("networkidle")
        spent = link.received
        browser.close()
        assert hosts == {f"localhost:{link.port}"}
    assert spent <= SHARED_LINK
    with SlowLink(site.port, QUICK) as link:
        # Scripts are asked for after the words.
        browser = Chromium(playwright, tmp_path / "plain", service_workers="block", java_script_enabled=False)
        browser.page.goto(f"http://localhost:{link.port}/learn/stroke-first-minutes/1/1")
        browser.page.locator("main .bv-prose p").first.wait_for()
        browser.page.wait_for_load_state("networkidle")
        to_read = link.received
        browser.close()
    assert to_read <= TO_READ


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
    assert "api/v1/summaries" not in asked
    carer.go("/learn")
    search_for_creeping(carer)
    assert asked.count("api/v1/summaries") == 1
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
