"""The whole application, for the pages of the desk."""

from tests.support.website import app, bramble, browser, empty_tables, priya

__all__ = ["app", "bramble", "browser", "empty_tables", "priya"]
