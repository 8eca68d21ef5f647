"""The whole application, for the tests of this folder."""

from tests.support.website import app, browser, empty_tables

__all__ = ["app", "browser", "empty_tables"]
