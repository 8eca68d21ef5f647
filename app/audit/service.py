"""Writing the trail, and shortening it in the one way `verify` understands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.audit.actions import ACTIONS
from app.audit.chain import SHORTENED, START, Head, hash_of
from app.audit.errors import UnknownAction, UnknownDetail
from app.audit.models import AuditEntry, AuditHead
from app.audit.types import Actor

Details = Mapping[str, str | int | bool | None]

NO_DETAILS: Details = {}
# "audit", in ASCII: the key of the lock that PostgreSQL's writers of the chain wait for.
LOCK = 0x6175646974
# Keys, uuids, dates, hashes, lists of roles. Not words: no blanks and no capitals, so no name and no answer fits.
_KEY = re.compile(r"[a-z0-9][a-z0-9._:+,/-]{0,149}")


@dataclass(slots=True, kw_only=True)
class _Draft:
    number: int
    at: datetime
    action: str
    actor: str
    actor_person: UUID | None
    provider: UUID | None
    subject: UUID | None
    details: str
    removed_to: int | None
    before: str
    hash: str = ""


def note(
    session: Session,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    provider: UUID | None = None,
    subject: UUID | None = None,
    details: Details = NO_DETAILS,
) -> None:
    """Add an entry to the chain, in the transaction of the act itself. Flushes; the edge commits.

    `provider` and `subject` (the person it was done to) are uuids. Call it last, right before the commit: from then on
    no other writer can add an entry. On SQLite the session must hold the write lock (`begin_write`), as every request
    and command that writes does.

    Raises UnknownAction, and UnknownDetail for a detail that is not the action's or could be somebody's words.
    """
    words = ACTIONS.get(action)
    if words is None or action == SHORTENED:
        raise UnknownAction(f'"{action}" is not an action of the registry.')
    _check_details(action, words.details, details)
    _append(session, action, actor=actor, now=now, provider=provider, subject=subject, details=details)


def remove_before(session: Session, moment: datetime, *, actor: Actor, now: datetime) -> int:
    """Remove the entries older than `moment` and say so in a new entry. Returns how many went; flushes.

    Only an unbroken run from the start goes, so an entry dated late keeps all after it. The last one removed leaves its
    hash, so that the chain can still be followed.
    """
    _let_writers_wait(session)
    first_kept = session.scalars(select(func.min(AuditEntry.number)).where(AuditEntry.at >= moment)).one()
    old = AuditEntry.number < first_kept if first_kept is not None else AuditEntry.at < moment
    found = session.execute(
        select(AuditEntry.number, AuditEntry.hash).where(old).order_by(AuditEntry.number.desc()).limit(1)
    ).one_or_none()
    if found is None:
        return 0
    details: Details = {"up_to": found.number, "hash": found.hash}
    _append(session, SHORTENED, actor=actor, now=now, details=details, removed_to=found.number)
    gone = session.execute(delete(AuditEntry).where(AuditEntry.number <= found.number))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def _check_details(action: str, known: frozenset[str], details: Details) -> None:
    for key, value in details.items():
        if key not in known:
            raise UnknownDetail(f'"{action}" has no detail "{key}".', field=key)
        if isinstance(value, str) and not _KEY.fullmatch(value):
            raise UnknownDetail(f'The detail "{key}" has to be a key, not words.', field=key)


def _append(
    session: Session,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    provider: UUID | None = None,
    subject: UUID | None = None,
    details: Details = NO_DETAILS,
    removed_to: int | None = None,
) -> None:
    _let_writers_wait(session)
    head = head_of(session)
    draft = _Draft(
        number=head.number + 1,
        at=now.astimezone(UTC),
        action=action,
        actor=actor.kind.value,
        actor_person=actor.person,
        provider=provider,
        subject=subject,
        details=json.dumps(dict(details), ensure_ascii=True, sort_keys=True, separators=(",", ":")),
        removed_to=removed_to,
        before=head.hash,
    )
    draft.hash = hash_of(draft)
    session.execute(insert(AuditEntry), [{name: getattr(draft, name) for name in draft.__slots__}])
    if head.number:
        session.execute(update(AuditHead).where(AuditHead.id == 1).values(number=draft.number, hash=draft.hash))
    else:
        session.execute(insert(AuditHead).values(id=1, number=draft.number, hash=draft.hash))


def head_of(session: Session) -> Head:
    """Return the end of the chain as the server remembers it."""
    row = session.execute(select(AuditHead.number, AuditHead.hash)).one_or_none()
    return Head(number=row.number, hash=row.hash) if row else Head(number=0, hash=START)


def _let_writers_wait(session: Session) -> None:
    """Let one writer at a time add to the chain, until its commit. SQLite has one writer at a time anyway."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
