"""My passport on a phone: seen, shown and saved with no signal; a link made, opened by a stranger, and taken back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.carer import Carer
from tests.support.engines import start_chromium, wait_until
from tests.support.screens import Looker, Tab
from tests.support.site import Site

ANDROID = "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
MODULE = "the-call-after"
SAYS = "document.querySelector('main').innerText.includes(arguments[0])"
KEPT = "Promise.all(['passport', 'qr'].map((name) => caches.has(name))).then((all) => all.every(Boolean))"


@pytest.fixture
def signing(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A server that signs: it is known by an address others reach, and the browser reaches it by its own."""
    folder = tmp_path / "instance"
    shutil.copytree(prepared, folder)
    site = Site(folder, settings={"BV_WORKERS": "1", "BV_ORIGIN": "https://care.example"})
    site.start()
    yield site
    site.stop()


@pytest.fixture
def browser(playwright: Any) -> Iterator[Any]:
    """One browser, in which everybody has a window of their own."""
    found = start_chromium(playwright)
    yield found
    found.close()


def joined(site: Site, browser: Any) -> Carer:
    """Ngozi's phone, with the pages on it."""
    code = site.flask("person", "add", "Ngozi Obi")["link"].rsplit("/", 1)[1]
    tab = Tab(browser, site.origin, user_agent=ANDROID, accept_downloads=True)
    ngozi = Carer(tab, site)
    ngozi.join(code)
    wait_until(tab, "!!navigator.serviceWorker.controller")
    return ngozi


def passes(ngozi: Carer) -> None:
    """She passes a module, and the server says that it has her answers."""
    ngozi.start(MODULE)
    ngozi.play_to_end()
    wait_until(ngozi.engine, SAYS, "Sent", seconds=60)


def saved(page: Any, selector: str) -> Any:
    with page.expect_download() as download:
        page.locator(selector).click()
    return json.loads(Path(download.value.path()).read_text(encoding="utf-8"))


def test_it_is_shown_without_signal_and_a_stranger_sees_it_until_it_is_taken_back(signing: Site, browser: Any) -> None:
    looker = Looker()
    ngozi = joined(signing, browser)
    tab, page = ngozi.engine, ngozi.engine.page
    ngozi.go("/record")
    page.locator("main a", has_text="My passport").click()
    wait_until(tab, SAYS, "The first one comes by itself")
    assert page.locator("[data-open-share]").count() == 0
    looker.look(tab, "nothing-yet")

    passes(ngozi)
    signing.flask("credential", "issue")
    ngozi.go("/passport")
    wait_until(tab, SAYS, "The call after", seconds=40)
    wait_until(tab, SAYS, "Valid")
    wait_until(tab, KEPT)
    page.locator("[data-open-share]").click()
    looker.look(tab, "share")

    # What is chosen and written stays, where nothing can be made for want of signal.
    page.get_by_label("Who is it for?").fill("Thistle Care")
    page.get_by_role("button", name="Tick none").click()
    page.locator("[data-make-link]").click()
    wait_until(tab, SAYS, "Tick at least one thing to show.")
    page.get_by_role("button", name="Tick all").click()
    tab.context.set_offline(True)
    page.locator("[data-make-link]").click()
    wait_until(tab, SAYS, "No signal. This needs signal")
    assert page.get_by_label("Who is it for?").input_value() == "Thistle Care"
    tab.context.set_offline(False)
    page.locator("[data-make-link]").click()
    wait_until(tab, "!!document.querySelector('[data-link-row] svg[role=img]')")
    assert page.locator("[data-link-row]").count() == 1, "asked for twice, made once"
    link = str(page.locator("[data-address]").get_attribute("href"))
    assert page.evaluate("document.activeElement.innerText") == "Links you made"
    looker.look(tab, "links")

    stranger = Tab(browser, signing.origin)
    stranger.open(link)
    shown = stranger.page.locator("main").inner_text()
    assert "What Ngozi Obi can show" in shown
    assert "Valid now" in shown
    assert "Signed by Bramble Home Care" in shown
    looker.look(stranger, "stranger", desk=True)
    stranger.page.get_by_label("Your name and where you work").fill("Sam Fox, Thistle Care")
    stranger.page.get_by_role("button", name="Tell Ngozi Obi").click()
    stranger.page.locator(".bv-alert--done").wait_for()
    given = saved(stranger.page, "main a[href$='.json']:not([href*=clr])")

    tab.context.set_offline(True)
    page.reload()
    wait_until(tab, SAYS, "The call after")
    page.locator("[data-link-row] summary", has_text="Show the squares").click()
    wait_until(tab, "document.querySelector('[data-link-row] svg[role=img]').getBoundingClientRect().width > 150")
    mine = saved(page, "[data-save-passport]")
    assert mine == given, "the file she makes with no signal is the one the link gives"

    tab.context.set_offline(False)
    page.reload()
    wait_until(tab, SAYS, "Looked at", seconds=40)
    page.locator("[data-link-row] summary", has_text="Who looked").click()
    wait_until(tab, SAYS, "Sam Fox, Thistle Care: Said who they are")
    page.locator("[data-link-row] button", has_text="Take it back").click()
    wait_until(tab, SAYS, "Nobody can open it.")
    looker.look(tab, "taken-back")
    stranger.open(link)
    assert "This link shows nothing" in stranger.page.locator("main").inner_text()
    looker.look(stranger, "gone")
    page.locator("[data-link-row] button", has_text="Undo").click()
    wait_until(tab, SAYS, "Show the squares")
    stranger.open(link)
    assert "What Ngozi Obi can show" in stranger.page.locator("main").inner_text()

    record = saved(page, "[data-save-record]")
    assert "ClrCredential" in record["type"]
    looker.look(tab, "whole")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_where_nothing_is_signed_what_is_met_stands_there_and_says_so(site: Site, browser: Any) -> None:
    looker = Looker()
    ngozi = joined(site, browser)
    passes(ngozi)
    ngozi.go("/passport")
    wait_until(ngozi.engine, SAYS, "Met, not signed", seconds=40)
    assert "This server does not sign yet" in ngozi.words()
    for button in ("[data-open-share]", "[data-save-passport]", "[data-save-record]"):
        assert ngozi.engine.page.locator(button).count() == 0
    looker.look(ngozi.engine, "unsigned")
    ngozi.engine.context.set_offline(True)
    ngozi.engine.page.reload()
    wait_until(ngozi.engine, SAYS, "The call after")
    assert not looker.wrong, "\n".join(looker.wrong)
