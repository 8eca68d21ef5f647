"""A sign-in that ended holds nothing up: the PIN, typed on the phone it was chosen for, sends what waited."""

from __future__ import annotations

import contextlib
import sqlite3
import zipfile
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


def end_reading(site: Site) -> None:
    """End the tokens that read, as 30 days without use do; those that send go on."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        database.execute("UPDATE tokens SET expires_at = '2020-01-01 00:00:00' WHERE kind = 'read'")
        database.commit()


def joined(site: Site, playwright: Any, tmp_path: Path) -> Carer:
    """Ngozi, with something to do, on a phone that opens without signal."""
    code: str = site.flask("person", "add", "Ngozi Okafor")["link"].rsplit("/", 1)[1]
    site.flask("person", "assign", "Ngozi Okafor", MODULE)
    carer = Carer(Chromium(playwright, tmp_path / "profile"), site)
    carer.join(code, "280417")
    wait_until(carer.engine, "!!navigator.serviceWorker.controller")
    return carer


def type_pin(carer: Carer, name: str, pin: str) -> None:
    """Into the form of that name."""
    carer.wait_for(f"#{name}-pin")
    carer.engine.type(f"#{name}-pin", pin)
    carer.engine.click(f"[data-{name}-now]")


def stored(site: Site) -> list[str]:
    """The kind of every record in the server's log, sorted."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        return sorted(kind for (kind,) in database.execute("SELECT kind FROM records"))


def test_a_pin_sends_what_waited_and_stores_it_once(site: Site, playwright: Any, tmp_path: Path) -> None:
    carer = joined(site, playwright, tmp_path)
    browser = carer.engine

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


def test_when_reading_ended_today_says_so_and_sending_goes_on(site: Site, playwright: Any, tmp_path: Path) -> None:
    carer = joined(site, playwright, tmp_path)
    browser = carer.engine
    end_reading(site)
    # The tab asks what is new every two minutes; another tab asks at once.
    browser.script("sessionStorage.clear()")
    carer.go("/today")
    carer.wait_for("[data-read-again]")
    assert "Sign in to get what is new" in carer.words()
    carer.start(MODULE)
    carer.play_to_end()
    wait_until(browser, "!!document.querySelector('[data-end-sending] [data-sent]')", seconds=30)
    assert "quiz.answered" in stored(site)

    carer.go("/today")
    carer.wait_for("[data-read-again] a")
    browser.click("[data-read-again] a")
    carer.wait_for("[data-sign-in=read]")
    assert "What you do is still sent." in carer.words()
    type_pin(carer, "sign-in", "280417")
    wait_until(browser, SAYS, "You are signed in.")
    carer.go("/today")
    wait_until(browser, SAYS, "Hello, Ngozi.")
    carer.wait_for("[data-main-card]")
    assert "Sign in" not in carer.words()
    browser.close()


def test_me_gives_a_copy_of_everything_for_the_pin(site: Site, playwright: Any, tmp_path: Path) -> None:
    carer = joined(site, playwright, tmp_path)
    browser = carer.engine
    carer.go("/me")
    carer.wait_for("[data-get-copy]")
    browser.click("[data-get-copy]")
    carer.wait_for("#copy-pin")
    assert browser.script("return document.activeElement.id") == "copy-pin"
    type_pin(carer, "copy", "111222")
    wait_until(browser, SAYS, "That PIN does not match. You have 4 more tries. Forgot it? Ask Priya for a new code.")
    browser.type("#copy-pin", "280417")
    with browser.page.expect_download() as saved:
        browser.click("[data-copy-now]")
    assert saved.value.suggested_filename == "between-visits-everything.zip"
    assert zipfile.ZipFile(saved.value.path()).testzip() is None
    wait_until(browser, "document.activeElement.dataset.copied === ''")
    browser.close()


def test_somebody_who_was_erased_keeps_what_is_on_the_phone_and_is_asked_for_no_pin_again(
    site: Site, playwright: Any, tmp_path: Path
) -> None:
    carer = joined(site, playwright, tmp_path)
    browser = carer.engine
    site.flask("person", "archive", "Ngozi Okafor")
    site.flask("person", "erase", "Ngozi Okafor", "--yes")
    carer.start(MODULE)
    carer.play_to_end()
    carer.go("/waiting")
    type_pin(carer, "sign-in", "280417")
    carer.wait_for("[data-sign-in=erased]")
    words = "Your record here was erased as you asked. What is on this phone stays yours until you remove it."
    assert words in carer.words()
    assert browser.script("return document.activeElement.innerText") == "Your record here was erased"
    assert "Your answers" in carer.words()
    carer.go("/today")
    wait_until(browser, SAYS, words)
    assert "Sign in" not in carer.words()
    carer.go("/waiting")
    carer.wait_for("[data-sign-in=erased]")
    assert not browser.script("return document.querySelector('#sign-in-pin')")
    carer.go("/me")
    carer.wait_for("[data-remove]")
    browser.click("[data-remove]")
    carer.wait_for("#the-word")
    assert words in carer.words()
    browser.type("#the-word", "DELETE")
    browser.click("[data-remove-now]")
    wait_until(browser, SAYS, "You are off this phone")
    browser.close()
