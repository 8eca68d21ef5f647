"""A server on each sort of database, for the tests of this folder."""

from tests.support.backups import disk

__all__ = ["disk"]
