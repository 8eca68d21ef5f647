"""The whole application, for the tests of this folder."""

from tests.support.website import app, bramble, empty_tables

__all__ = ["app", "bramble", "empty_tables"]
