"""The packages that make something of records, and which of them makes something of which kind.

Each offers `ACT_KINDS` (kind → whether it cannot be judged without its edition), `understand(kind, data, edition)`,
`apply(session, acts, editions)` and `forget_everything_worked_out(session)`. To add one, add it to `PARTS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app import assessment, learning, messages, supervision
from app.learning import Act, StudiedEdition


class Part(Protocol):
    """What this package needs of one that makes something of records."""

    @property
    def ACT_KINDS(self) -> Mapping[str, bool]:  # noqa: N802 - it is a module's constant
        """Kind of record → whether it is about an edition, and cannot be judged without it."""

    def understand(self, kind: str, data: Mapping[str, Any], edition: StudiedEdition | None) -> object | None:
        """Return a record's data as this package reads it, or None: it has not its kind's shape, or names what its
        edition does not have. No text in it holds what a database cannot (`learning.storable`).
        """

    def apply(self, session: Session, acts: Iterable[Act], editions: Mapping[str, StudiedEdition]) -> None:
        """Add what these acts mean to the tables worked out from the log. Each act comes once."""

    def forget_everything_worked_out(self, session: Session) -> None:
        """Empty the tables that `apply` fills."""


PARTS: tuple[Part, ...] = (learning, assessment, supervision, messages)


def part_of(kind: str | None) -> Part | None:
    """Return who makes something of records of this kind, or None: this server does not know it."""
    # Looked up each time: what a part knows is its own to say, and tests let servers know more or less.
    for part in PARTS:
        if kind in part.ACT_KINDS:
            return part
    return None


def apply(session: Session, acts: Sequence[Act], editions: Mapping[str, StudiedEdition]) -> None:
    """Give each act to the package it is for. Each act is applied once: the log says which are new."""
    for part in PARTS:
        theirs = [act for act in acts if act.kind in part.ACT_KINDS]
        if theirs:
            part.apply(session, theirs, editions)


def forget_everything_worked_out(session: Session) -> None:
    """Empty every table that is worked out from the log."""
    for part in PARTS:
        part.forget_everything_worked_out(session)
