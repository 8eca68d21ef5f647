"""Keeping a statement, and deciding on it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.kernel import new_uuid7
from app.recognised.errors import RecognitionError
from app.recognised.models import Recognition, RecognitionDecision
from app.recognised.types import Decision, Stands, Statement

LONGEST_REASON = 500
SHORTEST_REASON = 5
NOTHING = Stands()


def keep(
    session: Session, provider_id: int, person_id: int, statement: Statement, *, now: datetime, by: int | None
) -> UUID:
    """Keep a statement about one of the provider's people; the same one is kept once. Returns its uuid.

    It is in no list until something is decided on it.
    """
    sha = hashlib.sha256(statement.body.encode()).hexdigest()
    known = session.scalars(
        select(Recognition.uuid).where(
            Recognition.provider_id == provider_id, Recognition.person_id == person_id, Recognition.sha == sha
        )
    ).one_or_none()
    if known is not None:
        return known
    made = Recognition(
        uuid=new_uuid7(),
        provider_id=provider_id,
        person_id=person_id,
        issuer=statement.issuer,
        issuer_name=statement.issuer_name[:200],
        credential=statement.credential[:300],
        title=statement.title[:300],
        named=statement.named[:200],
        on=statement.on,
        expires=statement.expires,
        places=[list(each) for each in statement.places],
        key=statement.key,
        sha=sha,
        document=statement.body,
        at=now,
        by=by,
    )
    session.add(made)
    session.flush()
    return made.uuid


def decide(
    session: Session,
    provider_id: int,
    person_id: int,
    uuid: UUID,
    decision: Decision,
    reason: str,
    *,
    stands: Stands = NOTHING,
    now: datetime,
    by: int | None,
) -> bool:
    """Note what became of a statement; the latest counts. Says whether the provider's person has such a statement.

    Raises RecognitionError at the field "reason": none worth the name; code "your-own" when somebody would accept
    their own while another manager could.
    """
    row = session.scalars(
        select(Recognition).where(
            Recognition.provider_id == provider_id, Recognition.person_id == person_id, Recognition.uuid == uuid
        )
    ).one_or_none()
    if row is None:
        return False
    words = " ".join("".join(c for c in reason if c.isprintable() or c.isspace()).split())
    if decision is Decision.ACCEPTED and (own := providers.why_not_own(session, provider_id, person_id, by)):
        raise RecognitionError(own, code="your-own", field="reason")
    if len(words) < SHORTEST_REASON:
        raise RecognitionError("Say why. An inspector may ask.", code="reason-short", field="reason")
    if len(words) > LONGEST_REASON:
        raise RecognitionError(f"Use at most {LONGEST_REASON} letters.", code="reason-too-long", field="reason")
    session.add(
        RecognitionDecision(
            recognition_id=row.id,
            decision=decision.value,
            reason=words,
            modules=list(stands.modules),
            codes=list(stands.codes),
            practice=list(stands.practice),
            outside=stands.outside,
            at=now,
            by=by,
        )
    )
    session.flush()
    return True
