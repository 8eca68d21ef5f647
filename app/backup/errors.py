"""What can go wrong with a backup, in words for the person who runs the server."""

from __future__ import annotations

from app.kernel import DomainError


class BackupError(DomainError):
    """The base of this package's trouble. Whatever it says, no backup and no database was lost."""

    code = "backup"


class Busy(BackupError):
    """Another command or worker is at work in the folder of backups."""

    code = "backup-busy"


class NoSuchBackup(BackupError):
    """There is no such file."""

    code = "backup-unknown"


class NotABackup(BackupError):
    """The file is something else."""

    code = "backup-foreign"


class Damaged(BackupError):
    """The file is cut short, or its content is not what was written."""

    code = "backup-damaged"


class KeyMissing(BackupError):
    """It is encrypted and no key is set."""

    code = "backup-key-missing"


class KeyWrong(BackupError):
    """It is whole, and was encrypted with another key."""

    code = "backup-key-wrong"


class NewerVersion(BackupError):
    """A newer Between Visits made it."""

    code = "backup-newer"


class NotFromHere(BackupError):
    """It is another server's."""

    code = "backup-another-server"


class AnotherSort(BackupError):
    """It was made from the other sort of database."""

    code = "backup-another-sort"


class NotVerified(BackupError):
    """What came back is not what went in, or could not be tried. The file stays."""

    code = "backup-not-verified"


class ServerRunning(BackupError):
    """Something still uses the database that is to be replaced."""

    code = "backup-server-running"


class ToolFailed(BackupError):
    """The database, or a program it came with, did not do what it was asked."""

    code = "backup-tool"
