"""Backups: one file each, made while the server runs, tried before it counts, and put back without losing anything.

Owns the backup file's format, the folder they lie in, and how a database of either sort is copied out and put back.
Does not know what the records mean.
"""

from app.backup.errors import (
    AnotherSort,
    BackupError,
    Busy,
    Damaged,
    KeyMissing,
    KeyWrong,
    NewerVersion,
    NoSuchBackup,
    NotABackup,
    NotFromHere,
    NotVerified,
    ServerRunning,
    ToolFailed,
)
from app.backup.folder import newest_verified
from app.backup.moving import move_in
from app.backup.service import Place, create, create_due, listing, restore, verify
from app.backup.types import Listed, Log, Made, Manifest, Restored, Survey

__all__ = [
    "AnotherSort",
    "BackupError",
    "Busy",
    "Damaged",
    "KeyMissing",
    "KeyWrong",
    "Listed",
    "Log",
    "Made",
    "Manifest",
    "NewerVersion",
    "NoSuchBackup",
    "NotABackup",
    "NotFromHere",
    "NotVerified",
    "Place",
    "Restored",
    "ServerRunning",
    "Survey",
    "ToolFailed",
    "create",
    "create_due",
    "listing",
    "move_in",
    "newest_verified",
    "restore",
    "verify",
]
