"""A manager adds a passkey with a real browser's own authenticator, and signs in with it alone and as a second step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.manager import Manager
from tests.support.site import Site

PASSWORD = "three quiet teapots"


@pytest.fixture
def page(site: Site, playwright: Any) -> Iterator[Any]:
    """A manager's page, signed in, in a browser that holds a virtual key which knows her finger."""
    manager = Manager(playwright, site)
    devtools = manager.page.context.new_cdp_session(manager.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    complaints: list[str] = []
    manager.page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield manager.page
    assert not [words for words in complaints if "Content Security" in words or "Permissions policy" in words]
    manager.close()


def heading(page: Any) -> str:
    return str(page.locator("h1").inner_text())


def go(page: Any, words: str, *, to: str) -> None:
    """Press the button with these words and wait for the page it leads to."""
    page.get_by_role("button", name=words, exact=True).click()
    page.locator("h1", has_text=to).wait_for()


def add(page: Any, site: Site, name: str) -> None:
    page.goto(f"{site.origin}/staff/security/passkey")
    page.get_by_label("Name for this passkey").fill(name)
    page.get_by_role("button", name="Add a passkey", exact=True).click()


def test_a_passkey_is_added_and_signs_in_alone_and_as_a_second_step(page: Any, site: Site) -> None:
    add(page, site, "Office computer")
    page.locator("h1", has_text="Your recovery codes").wait_for()
    assert page.locator("main li").count() == 10
    page.goto(f"{site.origin}/staff/security")
    assert "Office computer" in page.locator("main").inner_text()

    go(page, "Sign out", to="Sign in")
    go(page, "Sign in with a passkey", to="People")

    go(page, "Sign out", to="Sign in")
    page.locator("#name").fill("priya")
    page.locator("#password").fill(PASSWORD)
    go(page, "Sign in", to="One more step")
    page.goto(f"{site.origin}/staff/people")
    assert heading(page) == "Sign in", "half is nothing"
    page.goto(f"{site.origin}/staff/second-step")
    go(page, "Use your passkey", to="People")


def test_the_same_key_twice_and_a_changed_mind_are_told_in_words(page: Any, site: Site) -> None:
    add(page, site, "Office computer")
    page.locator("h1", has_text="Your recovery codes").wait_for()
    add(page, site, "Again")
    says = page.locator("[data-passkey-says]")
    says.filter(has_text="This passkey is here already.").wait_for()
    go(page, "Sign out", to="Sign in")
    # What a browser does when somebody presses Cancel.
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator("[data-passkey-says]").filter(has_text="Nothing was changed.").wait_for()


def test_a_phone_that_learns_does_not_load_it(site: Site, page: Any) -> None:
    shell = page.request.get(f"{site.origin}/sw.js").text()
    assert "/app-" in shell
    assert "passkey" not in shell
