"""What a provider takes up of what is published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.catalogue.models import Adoption
from app.catalogue.queries import adopted_packs


def adopt(session: Session, provider_id: int, pack: str, *, now: datetime, by: int | None = None) -> bool:
    """Take up a pack for a provider's people. Says whether anything changed; safe to repeat."""
    return _decide(session, provider_id, pack, adopted=True, now=now, by=by)


def let_go(session: Session, provider_id: int, pack: str, *, now: datetime, by: int | None = None) -> bool:
    """Stop offering a pack to a provider's people; what they did in it stays. Says whether anything changed."""
    return _decide(session, provider_id, pack, adopted=False, now=now, by=by)


def forget_who_decided(session: Session, person_id: int) -> None:
    """Let what a person took up or let go for a provider stand as decided by nobody."""
    session.execute(update(Adoption).where(Adoption.by == person_id).values(by=None))


def _decide(session: Session, provider_id: int, pack: str, *, adopted: bool, now: datetime, by: int | None) -> bool:
    if (pack in adopted_packs(session, provider_id)) is adopted:
        return False
    session.add(Adoption(provider_id=provider_id, pack=pack, adopted=adopted, at=now, by=by))
    session.flush()
    return True
