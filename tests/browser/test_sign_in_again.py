"""A sign-in that ended holds nothing up: the PIN, typed on the phone it was chosen for, sends what waited."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site

MODULE = "stroke-first-minutes"
SAYS = "document.querySelector('main').innerText.includes(arguments[0])"


def revoke_tokens(site: Site) -> None:
    """End every sign-in, as a manager's new code or a lost database does."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        database.execute("UPDATE tokens SET revoked_at = CURRENT_TIMESTAMP WHERE revoked_at IS NULL")
        database.commit()


def stored(site: Site) -> list[str]:
    """The kind of every record in the server's log, sorted."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        return sorted(kind for (kind,) in database.execute("SELECT kind FROM records"))


def test_a_pin_sends_what_waited_and_stores_it_once(site: Site, playwright: Any, tmp_path: Path) -> None:
    code: str = site.flask("person", "add", "Ngozi Okafor")["link"].rsplit("/", 1)[1]
    site.flask("person", "assign", "Ngozi Okafor", MODULE)
    browser = Chromium(playwright, tmp_path / "profile")
    carer = Carer(browser, site)
    carer.join(code, "280417")
    wait_until(browser, "!!navigator.serviceWorker.controller")

    revoke_tokens(site)
    carer.start(MODULE)
    carer.play_to_end()
    assert "Saved on this phone" in carer.words()
    carer.go("/today")
    wait_until(browser, SAYS, "Sign in to send")
    assert stored(site) == []

    browser.click("main a[data-sign-in]")
    carer.wait_for("#sign-in-pin")
    assert carer.on() == "/waiting"
    waiting = int(browser.script("return /Sign in to send (\\d+) results/.exec(document.body.innerText)[1]"))
    assert waiting > 1

    browser.type("#sign-in-pin", "280 41")
    browser.click("[data-sign-in-now]")
    wait_until(browser, SAYS, "Type all 6 digits of your PIN.")
    browser.type("#sign-in-pin", "111 222")
    browser.click("[data-sign-in-now]")
    wait_until(browser, SAYS, "That PIN does not match. You have 4 more tries. Forgot it? Ask Priya for a new code.")
    assert browser.script("return document.activeElement.id") == "sign-in-pin"
    assert browser.script("return document.activeElement.getAttribute('aria-invalid')") == "true"

    site.kill()
    browser.type("#sign-in-pin", "280417")
    browser.click("[data-sign-in-now]")
    wait_until(browser, SAYS, "No signal. Carry on.")
    site.start()

    browser.click("[data-sign-in-now]")
    wait_until(browser, SAYS, "You are signed in. Sent. All up to date.")
    wait_until(browser, SAYS, "Everything is sent")
    assert browser.script("return document.activeElement.dataset.signedIn") == ""
    assert len(stored(site)) == waiting
    assert stored(site).count("quiz.answered") == 1

    carer.go("/today")
    wait_until(browser, "document.body.innerText.includes('Sent ')")
    assert "Sign in" not in carer.words()
    browser.close()
