"""How far a suggestion is on its way to its publisher, and what came back. Who sends it is the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.interop.suggesting.models import LONGEST_WORDS, Suggestion
from app.interop.suggesting.outgoing import STATES, row_of
from app.interop.suggesting.types import Answer

TRY_AGAIN = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=7)
LOOK_EVERY = timedelta(hours=24)
# Each may take a minute: the others' turn comes with the next look.
A_LOOK = 20


def to_send(session: Session, *, now: datetime) -> tuple[tuple[int, UUID, str, str | None], ...]:
    """Return what is due to be sent: provider, uuid, address (empty for this server), and who wants to be named."""
    query = (
        select(Suggestion)
        .where(Suggestion.asked_at.is_not(None), Suggestion.sent_at.is_(None))
        .where(Suggestion.tried_at.is_(None) | (Suggestion.tried_at <= now - TRY_AGAIN))
    )
    rows = session.scalars(query.order_by(Suggestion.id).limit(A_LOOK))
    return tuple((row.provider_id, row.uuid, row.address or "", row.person) for row in rows)


def sent(session: Session, provider_id: int, uuid: UUID, receipt: str, *, now: datetime) -> None:
    """Note that the publisher has it. Raises NoSuggestion."""
    row = row_of(session, provider_id, uuid, lock=True)
    row.sent_at, row.receipt, row.looked_at, row.person, row.trouble = now, receipt, now, None, ""
    row.asked_at = row.asked_at or now
    session.flush()


def not_sent(session: Session, provider_id: int, uuid: UUID, words: str, *, refused: bool, now: datetime) -> None:
    """Note why it was not sent. What was refused, or tried for a week, is to be looked at again by who wrote it."""
    row = row_of(session, provider_id, uuid, lock=True)
    row.tried_at, row.trouble = now, words[:LONGEST_WORDS]
    if refused or (row.asked_at is not None and now - row.asked_at > GIVE_UP_AFTER):
        row.asked_at = row.person = None
    session.flush()


def to_look(session: Session, *, now: datetime) -> tuple[tuple[int, UUID, str, str], ...]:
    """Return whose answer is due to be asked for: provider, uuid, address and receipt. Of this server's none is."""
    query = select(Suggestion).where(
        Suggestion.receipt.is_not(None),
        Suggestion.answer == "",
        Suggestion.address.is_not(None),
        Suggestion.address != "",
        Suggestion.looked_at <= now - LOOK_EVERY,
    )
    rows = session.scalars(query.order_by(Suggestion.looked_at).limit(A_LOOK))
    return tuple((row.provider_id, row.uuid, row.address or "", row.receipt or "") for row in rows)


def answered(session: Session, provider_id: int, uuid: UUID, answer: Answer, *, now: datetime) -> None:
    """Note what the publisher says now. Raises NoSuggestion."""
    row = row_of(session, provider_id, uuid, lock=True)
    row.looked_at, row.trouble = now, ""
    if answer.state in STATES:
        row.answer, row.answer_edition, row.answered_at = answer.state, answer.edition, now
        row.answer_words = answer.words[:LONGEST_WORDS]
    session.flush()


def not_looked(session: Session, provider_id: int, uuid: UUID, words: str, *, now: datetime) -> None:
    """Note that the answer could not be asked for, and why. Raises NoSuggestion."""
    row = row_of(session, provider_id, uuid, lock=True)
    row.looked_at, row.trouble = now, words[:LONGEST_WORDS]
    session.flush()
