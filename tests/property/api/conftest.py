"""The whole application, for the tests of this folder."""

from tests.support.website import bramble, empty_tables
from tests.support.website import sqlite_app as app

__all__ = ["app", "bramble", "empty_tables"]
