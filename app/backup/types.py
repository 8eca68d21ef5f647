"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

Sort = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The record log in three figures: count and XOR as phones work them out, and SHA-256 over ids and bodies."""

    n: int
    x: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a database holds: whose it is, its migration, rows per table, and its record log. Equal means the same."""

    server: str
    revision: str
    tables: dict[str, int]
    log: Log


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The page that lies in every backup, readable without the key. Sizes in bytes.

    `sha256` and `stored` are of the content as it lies in the file, `plain` its size before compression. `salt` is None
    when it is not encrypted.
    """

    made_at: datetime
    sort: Sort
    survey: Survey
    sha256: str
    stored: int
    plain: int
    salt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made and tried, how long each took in seconds, and which older ones made room for it."""

    path: Path
    manifest: Manifest
    copying: float
    trying: float
    deleted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file in the folder. `manifest` is None, and `trouble` says why, when it cannot be read."""

    path: Path
    verified: bool
    size: int
    manifest: Manifest | None
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back, and where the database before it is kept: a path, a database's name, or None for none."""

    manifest: Manifest
    kept: str | None
