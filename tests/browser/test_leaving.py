"""A carer leaves one provider and joins the next on the same phone: what she did stays hers, and goes nowhere else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_two_places import BRAMBLE, MODULE, OTHER, PIN, SAYS, STORED, THISTLE, Two, invited
from tests.support.carer import Carer
from tests.support.engines import start_chromium, wait_until
from tests.support.manager import at_the_desk
from tests.support.screens import Tab
from tests.support.site import Site

DONE, LATER = "Spot a stroke", "What a stroke changes"


@pytest.fixture
def two(prepared: Path, tmp_path: Path, playwright: Any) -> Iterator[Two]:
    """Ngozi has joined at Bramble, on a server that signs passports; Thistle's code waits."""
    folder = tmp_path / "instance"
    shutil.copytree(prepared, folder)
    site = Site(folder, settings={"BV_WORKERS": "1", "BV_ORIGIN": "https://care.example"})
    site.start()
    password = folder / "password"
    password.write_text("kettle-window-lemon-42")
    site.flask(
        "provider", "add", THISTLE, "--manager", "Maya Lind", "--sign-in", "maya", "--password-file", str(password)
    )
    codes = [invited(site, BRAMBLE, MODULE, OTHER), invited(site, THISTLE)]
    browser = start_chromium(playwright)
    tab = Tab(browser, site.origin)
    carer = Carer(tab, site)
    carer.join(codes[0], PIN)
    wait_until(tab, "!!navigator.serviceWorker.controller")
    yield Two(site, browser, carer, tab, codes[1])
    browser.close()
    site.stop()


def test_what_she_did_stays_hers_and_goes_to_nobody_else(two: Two) -> None:
    page, carer, tab, site = two.page, two.carer, two.tab, two.site
    carer.start(MODULE)
    carer.play_to_end()
    wait_until(tab, SAYS, "Sent", seconds=60)
    site.flask("credential", "issue", "--provider", BRAMBLE)
    carer.go("/passport")
    wait_until(tab, SAYS, DONE, seconds=40)

    # She learns with no signal while her manager notes that she has left.
    page.context.set_offline(True)
    carer.start(OTHER)
    carer.play_to_end()
    site.flask("person", "archive", "Ngozi Obi", "--provider", BRAMBLE)
    site.flask("credential", "issue", "--provider", BRAMBLE)
    page.context.set_offline(False)

    carer.go("/today")
    wait_until(tab, SAYS, f"You left {BRAMBLE} on ", seconds=40)
    wait_until(tab, SAYS, "Your record stays yours.")
    two.look("today after leaving")
    carer.go("/waiting")
    wait_until(tab, SAYS, "Everything is sent", seconds=40)
    assert [(name, number) for name, _, number in two.rows(STORED)] == [(BRAMBLE, 2)]
    carer.go("/record")
    for title in (DONE, LATER):
        wait_until(tab, SAYS, title)
    two.look("the record after leaving")
    carer.go("/passport")
    wait_until(tab, SAYS, DONE)
    wait_until(tab, SAYS, "Valid")

    # The next provider's code, on the same phone, with the PIN she has.
    two.add()
    expect(page.locator("[data-also]")).to_contain_text(f"You left {BRAMBLE} on ")
    two.look("today at the next place")
    carer.go("/record")
    page.locator("h2[data-place]").nth(1).wait_for()
    assert page.locator("h2[data-place]").all_inner_texts() == [THISTLE, BRAMBLE]
    for title in (DONE, LATER):
        assert title in carer.words()
    carer.go("/passport")
    wait_until(tab, SAYS, DONE)
    assert two.looker.wrong == []

    # Each of them has what was done there, and no more.
    assert [(name, number) for name, _, number in two.rows(STORED)] == [(BRAMBLE, 2)]
    desk = at_the_desk(site, two.browser, "maya")
    desk.page.goto(f"{site.origin}/staff/people")
    desk.page.locator("main").get_by_role("link", name="Ngozi Obi").first.click()
    desk.page.locator("h1", has_text="Ngozi Obi").wait_for()
    assert "Bramble" not in desk.page.content()
    assert desk.page.locator("main .bv-list__title", has_text=DONE).count() == 0
    desk.context.close()
