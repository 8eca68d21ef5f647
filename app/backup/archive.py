"""The one file of a backup: a ZIP of `content` (the database, packed, perhaps encrypted) and `manifest.json`.

A backup that is not encrypted can be opened without us: unzip it, and `content` is a gzip of the SQLite file or of
pg_dump's custom format. The manifest is written last, as only then all of it is known, and under a key it is sealed.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import hmac
import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from app.backup.cipher import Decrypting, Encrypting, Sink, keys, new_salt
from app.backup.errors import Damaged, KeyMissing, KeyWrong, NewerVersion, NoSuchBackup, NotABackup
from app.backup.types import Log, Manifest, Sort, Survey

APP = "between-visits"
FORMAT = 1
CONTENT = "content"
MANIFEST = "manifest.json"
PIECE = 1024 * 1024
LARGEST_MANIFEST = 1024 * 1024
CUT_SHORT = "It is cut short or damaged. Use another backup."


class _Counted(io.RawIOBase):
    """Passes bytes on, and knows how many they were and their SHA-256."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.size = 0
        self.sha = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self._sink.write(data)
        self.size += len(data)
        self.sha.update(data)
        return len(data)


def pack(path: Path, content: IO[bytes], *, made_at: datetime, sort: Sort, survey: Survey, key: str | None) -> Manifest:
    """Write a backup of `content` to `path`, readable by its owner only, and see it onto the disk."""
    salt = new_salt() if key else None
    content_key, seal_key = keys(key, salt) if key and salt else (b"", b"")
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            with archive.open(zipfile.ZipInfo(CONTENT, made_at.timetuple()[:6]), "w", force_zip64=True) as entry:
                counted = _Counted(entry)
                encrypting = Encrypting(counted, content_key) if salt else None
                with gzip.GzipFile("", "wb", 6, encrypting or counted, mtime=0) as packed:
                    plain = _copy(content, packed)
                if encrypting:
                    encrypting.finish()
            manifest = Manifest(
                made_at=made_at.replace(microsecond=0),
                sort=sort,
                survey=survey,
                sha256=counted.sha.hexdigest(),
                stored=counted.size,
                plain=plain,
                salt=salt.hex() if salt else None,
            )
            document = as_document(manifest)
            document["seal"] = _seal(document, seal_key) if salt else None
            archive.writestr(
                zipfile.ZipInfo(MANIFEST, made_at.timetuple()[:6]), json.dumps(document, indent=1, sort_keys=True)
            )
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _copy(source: IO[bytes], target: Sink) -> int:
    size = 0
    while piece := source.read(PIECE):
        target.write(piece)
        size += len(piece)
    return size


def as_document(manifest: Manifest) -> dict[str, Any]:
    """Return what `manifest.json` says, without its seal."""
    return {
        "app": APP,
        "format": FORMAT,
        **asdict(manifest),
        "made_at": manifest.made_at.astimezone(UTC).isoformat(),
    }


def _seal(document: dict[str, Any], key: bytes) -> str:
    bare = {name: value for name, value in document.items() if name != "seal"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """Read a backup's manifest; needs no key. Raises NoSuchBackup, NotABackup, Damaged or NewerVersion."""
    with _opened(path) as (_, document):
        return _parse(document)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    try:
        file = path.open("rb")
    except PermissionError:
        raise NoSuchBackup(f"We may not read {path.name}. Give it to the account the server runs as.") from None
    except (FileNotFoundError, IsADirectoryError):
        raise NoSuchBackup(f"There is no backup called {path.name}. See: flask backup list") from None
    with file:
        if file.read(4) != b"PK\x03\x04":
            raise NotABackup(f"{path.name} is not a backup of Between Visits.")
        try:
            with zipfile.ZipFile(file) as archive:
                names = set(archive.namelist())
                if names != {CONTENT, MANIFEST}:
                    raise NotABackup(f"{path.name} is not a backup of Between Visits.")
                if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                    raise Damaged(CUT_SHORT)
                document = json.loads(archive.read(MANIFEST))
                if not isinstance(document, dict) or document.get("app") != APP:
                    raise NotABackup(f"{path.name} is not a backup of Between Visits.")
                yield archive, document
        except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, ValueError, NotImplementedError) as error:
            raise Damaged(CUT_SHORT) from error


def _parse(document: dict[str, Any]) -> Manifest:
    if document.get("format") != FORMAT:
        raise NewerVersion("A newer Between Visits made this backup. Update this server first.")
    try:
        survey = document["survey"]
        return Manifest(
            made_at=datetime.fromisoformat(document["made_at"]),
            sort=document["sort"],
            survey=Survey(**{**survey, "log": Log(**survey["log"])}),
            sha256=document["sha256"],
            stored=int(document["stored"]),
            plain=int(document["plain"]),
            salt=document["salt"],
        )
    except (KeyError, TypeError) as error:
        raise Damaged(CUT_SHORT) from error


def check_whole(path: Path) -> Manifest:
    """Read all of a backup and compare it with its SHA-256; needs no key. Raises as read_manifest does."""
    with _opened(path) as (archive, document):
        manifest = _parse(document)
        _check_whole(archive, manifest)
        return manifest


def _check_whole(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    sha = hashlib.sha256()
    with archive.open(CONTENT) as content:
        while piece := content.read(PIECE):
            sha.update(piece)
    if not hmac.compare_digest(sha.hexdigest(), manifest.sha256):
        raise Damaged(CUT_SHORT)


def unpack(path: Path, target: Path, *, key: str | None) -> Manifest:
    """Check a backup and write the database it holds to `target`, readable by its owner only.

    Raises as read_manifest does, KeyMissing, or KeyWrong: the file is known to be whole by then.
    """
    with _opened(path) as (archive, document):
        manifest = _parse(document)
        _check_whole(archive, manifest)
        content_key = _content_key(document, manifest, key)
        with (
            archive.open(CONTENT) as stored,
            open(target, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file,
        ):
            source: Any = io.BufferedReader(Decrypting(stored, content_key)) if content_key else stored
            with gzip.GzipFile(fileobj=source) as packed:
                # No more than was packed: a file made to burst must not fill the disk.
                shutil.copyfileobj(_Bounded(packed, manifest.plain), file, PIECE)
                if packed.read(1) or file.tell() != manifest.plain:
                    raise Damaged(CUT_SHORT)
            file.flush()
            os.fsync(file.fileno())
        return manifest


class _Bounded:
    """Reads no more than so many bytes."""

    def __init__(self, source: gzip.GzipFile, most: int) -> None:
        self._source = source
        self._left = most

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(min(size, self._left))
        self._left -= len(data)
        return data


def _content_key(document: dict[str, Any], manifest: Manifest, key: str | None) -> bytes | None:
    if manifest.salt is None:
        return None
    if not key:
        raise KeyMissing("It is encrypted. Set BV_BACKUP_KEY to the key it was made with.")
    content_key, seal_key = keys(key, bytes.fromhex(manifest.salt))
    if not hmac.compare_digest(_seal(document, seal_key), str(document.get("seal"))):
        raise KeyWrong("It was encrypted with another key. Set BV_BACKUP_KEY to the key it was made with.")
    return content_key
