"""Whether a pack is as it was made, and which of its files are not. Pure."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from app.compliance.evidence.errors import NotAPack
from app.compliance.evidence.pack import FORMAT, MANIFEST
from app.compliance.evidence.types import Verdict

# What a file may unpack to where nothing was kept to compare it with, and at most ever, in bytes.
LARGEST_UNKNOWN = 256 * 1024 * 1024
LARGEST = 1024 * 1024 * 1024
LARGEST_MANIFEST = 16 * 1024 * 1024
NO_PACK = "This is not an evidence pack. Choose the ZIP file as it was saved."
TOO_LARGE = (
    "This file unpacks to far more than a pack has in it, so it was not read. Choose the ZIP file as it was saved."
)
DAMAGED = "This file is damaged: it cannot be read to its end. Save it again from where you have it."


def verify(file: IO[bytes], kept: Callable[[UUID], str | None]) -> Verdict:
    """Compare a pack with the manifest that was kept of it, or with its own where none was.

    `kept`: a pack's manifest as the server kept it, by the pack's uuid. A manifest that was changed itself is among the
    changed files. Raises NotAPack.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _verdict(archive, kept)
    except NotAPack:
        raise
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as broken:
        damaged = not isinstance(broken, zipfile.BadZipFile) or "not a zip file" not in str(broken)
        raise NotAPack(DAMAGED if damaged else NO_PACK) from broken


def _verdict(archive: zipfile.ZipFile, kept: Callable[[UUID], str | None]) -> Verdict:
    inside = {entry.filename: entry for entry in archive.infolist()}
    if MANIFEST not in inside or inside[MANIFEST].file_size > LARGEST_MANIFEST:
        raise NotAPack(NO_PACK)
    if len(inside) != len(archive.infolist()):
        raise NotAPack(NO_PACK)
    own = archive.read(MANIFEST).decode("utf-8", "replace")
    remembered = kept(_uuid(own))
    manifest = _read(remembered or own)
    files = {each["name"]: each["sha256"] for each in manifest["files"]}
    # One whose size is another was changed: it need not be read.
    sizes = {each["name"]: each["bytes"] for each in manifest["files"]}
    same_size = {name for name in files if name in inside and inside[name].file_size == sizes[name]}
    if sum(sizes[name] for name in same_size) > (LARGEST_UNKNOWN if remembered is None else LARGEST):
        raise NotAPack(TOO_LARGE)
    changed = {name for name in files if name in inside and name not in same_size}
    changed |= {name for name in same_size if _hash(archive, name) != files[name]}
    if remembered is not None and remembered != own:
        changed.add(MANIFEST)
    return Verdict(
        known=remembered is not None,
        made_at=datetime.fromisoformat(manifest["made"]["at"]),
        files=len(files) + 1,
        changed=tuple(sorted(changed)),
        missing=tuple(sorted(files.keys() - inside.keys())),
        added=tuple(sorted(inside.keys() - files.keys() - {MANIFEST})),
    )


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    """Return the hash of a file inside, read a little at a time; of one that cannot be read to its end, none."""
    found = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while piece := file.read(1 << 20):
                found.update(piece)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, zlib.error):
        return ""
    return found.hexdigest()


def _uuid(manifest: str) -> UUID:
    try:
        return UUID(json.loads(manifest)["pack"])
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise NotAPack(NO_PACK) from wrong


def _read(manifest: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(manifest)
        named = all(isinstance(each["name"], str) and isinstance(each["sha256"], str) for each in read["files"])
        named = named and all(type(each["bytes"]) is int and each["bytes"] >= 0 for each in read["files"])
        datetime.fromisoformat(read["made"]["at"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise NotAPack(NO_PACK) from wrong
    if not named or read.get("format") != FORMAT:
        raise NotAPack(NO_PACK)
    return read
