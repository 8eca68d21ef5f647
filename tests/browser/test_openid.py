"""A manager signs in with a real OpenID provider in Chromium, adds her account, and takes it away again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.engines import start_chromium
from tests.support.manager import FIRST, OWN, at_the_desk
from tests.support.openid import BACK, CLIENT, NAME, SECRET, RealProvider
from tests.support.screens import SMALL, Looker, Tab, press
from tests.support.site import Site

PRIYA = "priya@bramble.example"


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Iterator[tuple[Site, RealProvider]]:
    """A running server of its own, and the provider it names."""
    folder = tmp_path / "instance"
    shutil.copytree(prepared, folder)
    site = Site(folder)
    accounts = {"priya": {"email": PRIYA, "email_verified": True}}
    with RealProvider(accounts, redirect=site.origin + urlsplit(BACK).path) as provider:
        site.settings = {
            "BV_WORKERS": "1",
            "BV_OIDC_ISSUER": provider.issuer,
            "BV_OIDC_CLIENT_ID": CLIENT,
            "BV_OIDC_CLIENT_SECRET": SECRET,
            "BV_OIDC_NAME": NAME,
        }
        password = folder / "first"
        password.write_text(FIRST)
        site.flask("person", "set-password", "Priya Nair", "--sign-in", PRIYA, "--password-file", str(password))
        site.start()
        yield site, provider
        site.stop()


@pytest.fixture
def tab(office: tuple[Site, RealProvider], playwright: Any) -> Iterator[Tab]:
    """Her browser, signed in, its window made as small as a phone."""
    browser = start_chromium(playwright)
    tab = at_the_desk(office[0], browser, PRIYA)
    tab.page.set_viewport_size(SMALL)
    yield tab
    browser.close()


def there_and_back(tab: Tab, words: str) -> None:
    """Press the link to the provider, and sign in there if it does not know this browser yet."""
    page = tab.page
    press(page.get_by_role("link", name=words, exact=True))
    if not page.url.startswith(tab.origin):
        page.locator("[name=login]").fill("priya")
        page.locator("[name=password]").fill("any")
        page.locator("[type=submit]").click()
        page.locator("[type=submit]", has_text="Continue").click()
        page.wait_for_url(f"{tab.origin}/**")
    # It was the provider that was asked, and its pages are not ours.
    tab.trouble.clear()


def press_button(page: Any, words: str) -> None:
    press(page.locator("main").get_by_role("button", name=words))


def test_a_manager_signs_in_with_her_account_at_work(office: tuple[Site, RealProvider], tab: Tab) -> None:
    site, _provider = office
    page = tab.page
    folder = os.environ.get("PICTURES")
    looker = Looker(Path(folder) if folder else None)

    # At a first sign-in the e-mail address says whom to ask; she types her password once.
    page.context.clear_cookies()
    page.goto(f"{site.origin}/staff/sign-in?next=/staff/security")
    looker.look(tab, "sign-in")
    there_and_back(tab, f"Sign in with {NAME}")
    page.locator("h1", has_text="Is it you?").wait_for()
    looker.look(tab, "first")
    page.locator("[name=password]").fill("something else")
    press_button(page, "It is me")
    looker.look(tab, "first-wrong")
    page.locator("[name=password]").fill(OWN)
    press_button(page, "It is me")
    page.locator("h1", has_text="Security").wait_for()
    page.locator("h3", has_text=PRIYA).wait_for()
    looker.look(tab, "security", desk=True)

    # She takes it away, and adds it again under Security.
    press_button(page, "Take it away")
    page.locator(".bv-alert--done").wait_for()
    press(page.get_by_role("link", name=f"Sign in with {NAME} too"))
    looker.look(tab, "add")
    there_and_back(tab, f"Go to {NAME}")
    page.get_by_role("button", name="Add this account").wait_for()
    looker.look(tab, "add-which")
    press_button(page, "Add this account")
    page.locator("h3", has_text=PRIYA).wait_for()

    # From now on it is enough.
    page.context.clear_cookies()
    page.goto(f"{site.origin}/staff/sign-in")
    there_and_back(tab, f"Sign in with {NAME}")
    page.locator("h1", has_text="People").wait_for()
    assert looker.wrong == []
