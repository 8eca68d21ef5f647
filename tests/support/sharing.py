"""Two servers that share: a publisher with a pack of its own, and whoever follows it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.content import load, service
from app.content import queries as content
from app.interop import sharing
from app.interop.sharing import Changes, NotReached, SourceView, Taken
from app.interop.sharing.fetch import MANIFEST
from tests.support.content import example, picture
from tests.support.library import FRAMEWORK

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = b"a key for tests, and for nothing else at all"
ORIGIN = "https://thistle.example"
PACK = """\
key: {key}
title: Thistle's own
publisher: Thistle Training
licence: {licence}
topics:
  - {{key: doors, title: Doors and keys}}
"""


class Shelf:
    """A content folder with one pack, to change and to publish."""

    def __init__(self, root: Path, pack: str = "thistle", licence: str = "CC-BY-4.0") -> None:
        self.root, self.pack = root, pack
        self._write(f"packs/{pack}/pack.yml", PACK.format(key=pack, licence=licence))
        self._write("frameworks/care.yml", FRAMEWORK)
        self._write("glossary/en.yml", "sepsis: A body's dangerous answer to an infection.\n")

    def module(self, key: str, *changes: tuple[str, str], edition: int = 1, change: str = "minor") -> None:
        """Write a module: the example under another key, with words replaced; each has to be there."""
        text = example().replace("key: on-the-stairs", f"key: {key}", 1)
        text = text.replace("title: On the stairs", f"title: {key.replace('-', ' ').capitalize()}", 1)
        text = text.replace("edition: 1", f"edition: {edition}\nchange: {change}", 1)
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        folder = f"packs/{self.pack}/doors/{key}"
        self._write(f"{folder}/module.md", text)
        (self.root / folder / "stairs.svg").write_bytes(picture())

    def _write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


@dataclass
class Publisher:
    """A server that publishes from a shelf, and offers its pack."""

    session: Session
    shelf: Shelf
    name: str = "Thistle Training"

    def publish(self, *, now: datetime = NOW) -> None:
        report = service.publish(self.session, load(self.shelf.root), now=now)
        assert report.refused == ()
        self.session.commit()

    def offer(self, *, now: datetime = NOW) -> None:
        sharing.offer(self.session, self.shelf.pack, name=self.name, default_name="?", secret=SECRET, now=now)
        self.session.commit()

    def manifest(self) -> bytes:
        return sharing.manifest(self.session, origin=ORIGIN, secret=SECRET)


@dataclass
class Direct:
    """A publisher's catalogue without a network between. `lies` are sent instead; `broken` after so many fetches."""

    publisher: Publisher
    lies: dict[str, bytes] = field(default_factory=dict)
    broken_after: int | None = None
    asked: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return ORIGIN

    def fetch(self, path: str, most: int) -> bytes:
        if self.broken_after is not None and len(self.asked) >= self.broken_after:
            raise NotReached("gone")
        self.asked.append(path)
        body = self.lies.get(path, self._body(path))
        assert len(body) <= most
        return body

    def _body(self, path: str) -> bytes:
        if path == MANIFEST:
            return self.publisher.manifest()
        name = Path(path).stem
        if path.startswith("m/"):
            stored = content.media_by_sha(self.publisher.session, name)
            assert stored is not None
            return stored.body
        text = sharing.offered_text(self.publisher.session, name)
        assert text is not None
        return text.encode()


@dataclass
class Follower:
    """A server that follows a publisher."""

    session: Session
    place: Direct
    folder: Path
    source: SourceView | None = None

    def follow(self, *, now: datetime = NOW) -> SourceView:
        raw, manifest = sharing.fetch_manifest(self.place)
        self.source = sharing.follow(self.session, raw, address=ORIGIN, key=manifest.key, now=now)
        self.session.commit()
        return self.source

    def look(self, *, now: datetime = NOW) -> Changes:
        """Look, as the worker does each day: what is urgent is carried out."""
        assert self.source is not None
        raw = self.place.fetch(MANIFEST, 8_000_000)
        seen = sharing.seen(self.session, self.source.id, raw, now=now)
        sharing.urgent(self.session, self.source.id, seen, now=now)
        self.session.commit()
        return sharing.changes_of(self.session, self.source.id)[1]

    def take(self, *, now: datetime = NOW) -> Taken:
        assert self.source is not None
        self.look(now=now)
        manifest, changes = sharing.changes_of(self.session, self.source.id)
        gathered = sharing.gather(self.place, changes.coming, self.folder, clock=_seconds().__next__)
        rendered, documents = sharing.render(self.session, manifest, gathered, now=now)
        taken = sharing.store(self.session, self.source.id, manifest, rendered, documents, now=now)
        self.session.commit()
        return taken

    def editions(self, key: str) -> list[tuple[int, bool]]:
        """Numbers of a module's editions here, and whether each is withdrawn."""
        return [(each.number, each.withdrawn_at is not None) for each in content.editions_of(self.session, key)]


def _seconds() -> Iterator[float]:
    return map(float, itertools.count())
