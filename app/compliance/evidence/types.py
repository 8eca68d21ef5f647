"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.compliance.tables import Table
from app.jobs import JobView


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A heading the pack is laid out by. `parts`: keys of the parts that belong there.

    `words`: of what is asked of people, what has one of these in its title; without any, all of it.
    """

    title: str
    parts: tuple[str, ...]
    words: tuple[str, ...] = ()

    def gone(self, known: Collection[str]) -> int:
        """Say how many of its parts packs do not have any more."""
        return sum(each not in known for each in self.parts)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"title": self.title, "parts": list(self.parts), "words": list(self.words)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Label:
        """Read what `as_json` wrote."""
        return cls(title=data["title"], parts=tuple(data["parts"]), words=tuple(data.get("words", ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a pack is about: what happened from `since` to `until`, and how things stood at the end of `as_at`.

    Days are those of England, all three included. `people`: uuids of some of the provider's people, None for all.
    """

    since: date
    until: date
    as_at: date
    people: tuple[UUID, ...] | None
    parts: tuple[str, ...]
    labels: tuple[Label, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "as_at": self.as_at.isoformat(),
            "people": None if self.people is None else [str(each) for each in self.people],
            "parts": list(self.parts),
            "labels": [each.as_json() for each in self.labels],
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Scope:
        """Read what `as_json` wrote."""
        return cls(
            since=date.fromisoformat(data["since"]),
            until=date.fromisoformat(data["until"]),
            as_at=date.fromisoformat(data["as_at"]),
            people=None if data["people"] is None else tuple(UUID(each) for each in data["people"]),
            parts=tuple(data["parts"]),
            labels=tuple(Label.of(each) for each in data["labels"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The making of one pack, which is all that differs between two packs of the same things.

    `by`: the name of who asked for it, or empty; `trail`: the audit trail's last number and hash at that moment.
    """

    at: datetime
    by: str
    server: str
    trail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One of the people a pack is about, as they stood. `roles` is None where that is not known any more."""

    person_id: int
    uuid: UUID
    name: str
    reference: str
    roles: str | None
    started: date
    ended: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOut:
    """Something a person was sent: when, by whom (empty: by the server itself), and how."""

    person: UUID
    at: datetime
    by: str
    kind: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFiles:
    """What was taught: an edition's own bytes, whose hash is its fingerprint, and a page to read."""

    name: str
    body: bytes
    page: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a pack. A table whose last column is `person_uuid` is also laid out person by person."""

    key: str
    title: str
    intro: str
    tables: tuple[Table, ...]
    editions: tuple[EditionFiles, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All a pack says, read at one moment."""

    provider: str
    scope: Scope
    staff: tuple[Staff, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The file and what names it. `no_pdf` says why there is no PDF in it, or is empty."""

    body: bytes
    sha: str
    manifest: str
    no_pdf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack on the server's list: its job, and the file when there is one.

    `size` in bytes; `removed_why`: "age", "erased" or "asked", with `removed_at`, when the file is gone.
    """

    job: JobView
    scope: Scope
    asked_by: str
    made_at: datetime | None = None
    size: int = 0
    sha: str = ""
    removed_at: datetime | None = None
    removed_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a pack since it was made.

    `known`: it was made here, so it was compared with what this server kept of it and not only with itself. The rest
    are names of files.
    """

    known: bool
    made_at: datetime | None
    files: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every file is as it was made, and none is missing or new."""
        return not (self.changed or self.missing or self.added)
