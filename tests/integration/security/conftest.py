"""The whole application, for the tests of this folder, and everything it can be asked."""

from tests.support.website import app, bramble, browser, empty_tables, priya

__all__ = ["app", "bramble", "browser", "empty_tables", "priya"]
