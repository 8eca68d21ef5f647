"""The whole application, for the tests of this folder."""

from tests.support.website import app, empty_tables

__all__ = ["app", "empty_tables"]
