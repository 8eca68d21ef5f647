"""A manager at a desk, in a browser of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.engines import start_chromium
from tests.support.screens import DESK, Tab, press
from tests.support.site import Site

COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537.36"
FIRST, OWN = "kettle-window-lemon-42", "three quiet teapots"


@dataclass
class PersonPage:
    """What a person's page says."""

    page: Any

    def row(self, title: str) -> str:
        """The words of the row about one module."""
        return str(self.page.locator("li.bv-list__item", has_text=title).first.inner_text())


class Manager:
    """Signs in and looks people up."""

    def __init__(self, playwright: Any, site: Site, *, one_time_password: str = "kettle-window-lemon-42") -> None:
        self.site = site
        self.browser = start_chromium(playwright)
        self.page = self.browser.new_page(locale="en-GB")
        self.page.goto(f"{site.origin}/staff/sign-in")
        self._fill(("[autocomplete=username]", "priya"), ("[name=password]", one_time_password))
        # What an operator set is good for one sign-in; the manager's own takes its place.
        self._fill(("[name=password]", "three quiet teapots"), ("[name=again]", "three quiet teapots"))

    def _fill(self, *fields: tuple[str, str]) -> None:
        for selector, words in fields:
            self.page.locator(f"main {selector}").fill(words)
        press(self.page.locator("main form button.bv-button--main"))

    def person(self, name: str) -> PersonPage:
        """Open a person's page from the list."""
        self.page.goto(f"{self.site.origin}/staff/people")
        press(self.page.locator("main a", has_text=name).first)
        return PersonPage(self.page)

    def close(self) -> None:
        """End the browser."""
        self.browser.close()


def at_the_desk(site: Site, browser: Any, name: str) -> Tab:
    """The window of a member of staff who signs in for the first time."""
    tab = Tab(browser, site.origin, viewport=DESK, user_agent=COMPUTER, has_touch=False)
    page = tab.page
    page.goto(f"{site.origin}/staff/sign-in")
    page.locator("[name=name]").fill(name)
    for fields in ({"password": FIRST}, {"password": OWN, "again": OWN}):
        for field, value in fields.items():
            page.locator(f"[name={field}]").fill(value)
        press(page.locator("main form button.bv-button--main"))
    return tab
