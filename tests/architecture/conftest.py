"""The whole application, for the tests of this folder."""

from tests.support.website import empty_tables
from tests.support.website import sqlite_app as app

__all__ = ["app", "empty_tables"]
