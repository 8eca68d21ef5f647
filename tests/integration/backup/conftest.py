"""A server on each sort of database, for the tests of this folder."""

from tests.support.backups import disk, migrated_file, postgres_of_disks, sqlite_disk

__all__ = ["disk", "migrated_file", "postgres_of_disks", "sqlite_disk"]
