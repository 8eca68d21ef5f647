"""A carer adds a fingerprint in Me with a real browser's own authenticator, and signs in again with it alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.test_sign_in_again import SAYS, joined, revoke_tokens, type_pin
from tests.support.engines import wait_until
from tests.support.site import Site

FORGET = (
    "sessionStorage.clear(); localStorage.clear();"
    "return indexedDB.databases().then(all => Promise.all(all.map(({name}) => new Promise(done => {"
    "const gone = indexedDB.deleteDatabase(name); gone.onsuccess = gone.onblocked = done }))))"
)
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_fingerprint_is_added_with_the_pin_and_signs_in_in_its_place(
    site: Site, playwright: Any, tmp_path: Path
) -> None:
    carer = joined(site, playwright, tmp_path)
    browser, page = carer.engine, carer.engine.page
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(asked.url))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})

    carer.go("/me")
    carer.wait_for("[data-finger-row=add]")
    assert not [url for url in fetched if "/again-" in url], "nobody has asked for it"
    browser.click("[data-finger-row=add]")
    type_pin(carer, "finger", "111222")
    wait_until(browser, SAYS, "That PIN does not match. You have 4 more tries. Forgot it? Ask Priya for a new code.")
    type_pin(carer, "finger", "280417")
    carer.wait_for("[data-finger-row=remove]")
    wait_until(browser, SAYS, "Added ")
    assert browser.script("return document.activeElement.innerText") == "Fingerprint or face"

    revoke_tokens(site)
    browser.script("sessionStorage.clear()")
    carer.go("/waiting")
    carer.wait_for("[data-sign-in] [data-by-finger]")
    browser.click("[data-by-finger]")
    wait_until(browser, SAYS, "You are signed in.")

    # A new phone: the browser's sign-in came along, and what the app keeps did not.
    browser.script(FORGET)
    carer.go("/join/home-screen")
    carer.wait_for("[data-ask] [data-by-finger]")
    browser.click("[data-by-finger]")
    carer.lessons_come()
    carer.go("/me")
    carer.wait_for("[data-finger-row=remove]")
    browser.click("[data-finger-row=remove]")
    type_pin(carer, "finger", "280417")
    carer.wait_for("[data-finger-row=add]")

    # It has never seen her PIN. Once somebody joins her there, the server is asked for it, and then the phone knows it.
    carer.join(site.flask("person", "add", "Tom Price")["link"].rsplit("/", 1)[1], "739105")
    for wrong, says in (("111222", "You have 4 more tries."), ("111222", "That PIN does not match.")):
        carer.go("/me")
        carer.wait_for("[data-change-person]")
        browser.click("[data-change-person]")
        browser.page.locator("[data-person]", has_text="Ngozi").click()
        type_pin(carer, "who", wrong)
        wait_until(browser, SAYS, says)
        browser.type("#who-pin", "280417")
        browser.click("[data-who-now]")
        wait_until(browser, "location.pathname !== '/who'")
    assert not [words for words in complaints if "Content Security" in words or "Trusted" in words]
    browser.close()
