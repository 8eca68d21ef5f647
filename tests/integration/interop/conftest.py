"""The whole application, for the tests of this folder."""

from tests.support.website import app, bramble, browser, empty_tables, priya

__all__ = ["app", "bramble", "browser", "empty_tables", "priya"]
