"""What a phone says of a message: it was read, or "Not this week". Worked out from the record log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.learning import Act, StudiedEdition
from app.messages.models import MessageMark

READ, PUT_OFF = "read", "put-off"
_KINDS = {"notice.read": READ, "nudge.put-off": PUT_OFF}
# Kind of record → whether it is about an edition.
ACT_KINDS = dict.fromkeys(_KINDS, False)


def understand(kind: str, data: Mapping[str, Any], edition: StudiedEdition | None) -> UUID | None:  # noqa: ARG001 - as every package takes them
    """Return the message a record names, whether or not it is there: it may be gone by now. None when it names none."""
    given = data.get("message")
    try:
        return UUID(given) if isinstance(given, str) and len(given) == 36 else None
    except ValueError:
        return None


def apply(session: Session, acts: Iterable[Act], editions: Mapping[str, StudiedEdition]) -> None:  # noqa: ARG001
    """Keep what these acts say. One that names another person's message counts for nothing: readers join by person."""
    rows = [
        {
            "record": act.record,
            "person_id": act.person_id,
            "provider_id": act.provider_id,
            "message": act.data,
            "kind": _KINDS[act.kind],
            "at": act.at,
        }
        for act in acts
    ]
    if rows:
        session.execute(insert(MessageMark), rows)


def forget_everything_worked_out(session: Session) -> None:
    """Empty the table that `apply` fills."""
    session.execute(delete(MessageMark))
