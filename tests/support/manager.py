"""A manager at a desk, in a browser of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.site import Site


@dataclass
class PersonPage:
    """What a person's page says."""

    page: Any

    def row(self, title: str) -> str:
        """The words of the row about one module."""
        return str(self.page.locator("tr, li", has_text=title).first.inner_text())


class Manager:
    """Signs in and looks people up."""

    def __init__(self, playwright: Any, site: Site, *, password: str = "kettle-window-lemon-42") -> None:
        self.site = site
        self.browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        self.page = self.browser.new_page(locale="en-GB")
        self.page.goto(f"{site.origin}/staff/sign-in")
        self.page.locator("[name=sign_in_name], [name=sign_in], [name=name]").first.fill("priya")
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main button").first.click()

    def person(self, name: str) -> PersonPage:
        """Open a person's page from the list."""
        self.page.goto(f"{self.site.origin}/staff/people")
        self.page.locator("main a", has_text=name).first.click()
        return PersonPage(self.page)

    def close(self) -> None:
        """End the browser."""
        self.browser.close()
