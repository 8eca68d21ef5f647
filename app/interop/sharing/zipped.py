"""A catalogue and all its files in one ZIP, for a stick: for places with no network."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from app.content import queries as content
from app.interop.sharing.errors import NotReached
from app.interop.sharing.fetch import MANIFEST
from app.interop.sharing.offering import manifest, offered_text
from app.interop.sharing.wire import Manifest, Media, read

MOST_FILES = 50_000
# The first day a ZIP can name: the same catalogue gives the same bytes.
_DAY = (1980, 1, 1, 0, 0, 0)


def text_path(sha: str) -> str:
    """Return where the text of an edition lies, below the address of its server or in a ZIP."""
    return f"catalogue/texts/{sha}.md"


def media_path(media: Media) -> str:
    """Return where a picture or sound lies."""
    return f"m/{media.sha}.{media.name.rpartition('.')[2]}"


def write(session: Session, out: IO[bytes], *, origin: str, secret: bytes) -> Manifest:
    """Write everything that is offered, with the signed catalogue, and return that. Raises NotOffered."""
    signed = manifest(session, origin=origin, secret=secret)
    told = read(signed, key=None)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, signed)
        for name, body in _files(session, told):
            _add(archive, name, body)
    return told


def _files(session: Session, told: Manifest) -> Iterator[tuple[str, bytes]]:
    written: set[str] = set()
    for module in told.modules:
        for edition in module.editions:
            yield text_path(edition.sha), (offered_text(session, edition.sha) or "").encode()
            for media in edition.media:
                stored = content.media_by_sha(session, media.sha)
                if stored is not None and media.sha not in written:
                    written.add(media.sha)
                    yield media_path(media), stored.body


def _add(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    archive.writestr(entry, body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zipped:
    """A catalogue in a ZIP file. Nothing is unpacked to the disk; names in it are looked up and never followed."""

    path: Path

    @property
    def shown(self) -> str:
        """The file's name."""
        return self.path.name

    def fetch(self, path: str, most: int) -> bytes:
        """Return one file of it. Raises NotReached."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                if len(archive.infolist()) > MOST_FILES:
                    raise NotReached(f"{self.shown} holds more than {MOST_FILES:,} files, so it was not read.")
                with archive.open(path) as file:
                    body = file.read(most + 1)
        except KeyError:
            raise NotReached(f"{self.shown} does not hold {path}. Was it copied whole?") from None
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise NotReached(f"{self.shown} cannot be read as a catalogue. Copy it to the stick again.") from None
        if len(body) > most:
            raise NotReached(f"{path} in {self.shown} is larger than it may be ({most:,} bytes).")
        return body
