"""Taking in what was published, and what a provider takes up of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.catalogue.models import Adoption, FrameworkRow, PackRow, TopicRow
from app.catalogue.queries import adopted_packs
from app.content.data import Framework, Pack


def take_packs(session: Session, packs: Iterable[Pack]) -> None:
    """Make packs and topics what their files say now. Safe to repeat; a pack that is gone keeps its rows."""
    for pack in packs:
        session.merge(
            PackRow(
                key=pack.key, title=pack.title, publisher=pack.publisher, licence=pack.licence, framework=pack.framework
            )
        )
        session.flush()
        session.execute(delete(TopicRow).where(TopicRow.pack == pack.key))
        session.add_all(
            TopicRow(pack=pack.key, key=topic.key, position=position, title=topic.title, standard=topic.standard)
            for position, topic in enumerate(pack.topics)
        )
    session.flush()


def take_frameworks(session: Session, frameworks: Iterable[Framework]) -> None:
    """Make frameworks what their files say now. Safe to repeat."""
    for framework in frameworks:
        standards = [
            {
                "number": standard.number,
                "title": standard.title,
                "criteria": [
                    {"code": criterion.code, "kind": criterion.kind}
                    for outcome in standard.outcomes
                    for criterion in outcome.criteria
                ],
            }
            for standard in framework.standards
        ]
        session.merge(FrameworkRow(key=framework.key, title=framework.title, standards=standards))
    session.flush()


def adopt(session: Session, provider_id: int, pack: str, *, now: datetime, by: int | None = None) -> bool:
    """Take up a pack for a provider's people. Says whether anything changed; safe to repeat."""
    return _decide(session, provider_id, pack, adopted=True, now=now, by=by)


def let_go(session: Session, provider_id: int, pack: str, *, now: datetime, by: int | None = None) -> bool:
    """Stop offering a pack to a provider's people; what they did in it stays. Says whether anything changed."""
    return _decide(session, provider_id, pack, adopted=False, now=now, by=by)


def _decide(session: Session, provider_id: int, pack: str, *, adopted: bool, now: datetime, by: int | None) -> bool:
    if (pack in adopted_packs(session, provider_id)) is adopted:
        return False
    session.add(Adoption(provider_id=provider_id, pack=pack, adopted=adopted, at=now, by=by))
    session.flush()
    return True
