"""Which modules a provider uses have facts that are to be checked again."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import catalogue
from app.authoring.models import Draft
from app.authoring.types import CheckAgain

SOON = timedelta(days=60)


def check_again(session: Session, provider_id: int, today: date) -> tuple[CheckAgain, ...]:
    """Return the modules the provider offers whose day has gone by or comes within 60 days, the earliest first."""
    own = {
        row.key: row.uuid
        for row in session.execute(select(Draft.key, Draft.uuid).where(Draft.provider_id == provider_id))
    }
    rows = [
        CheckAgain(
            key=edition.key,
            title=edition.title,
            edition=edition.number,
            sha=edition.sha,
            day=edition.check_again,
            overdue=edition.check_again < today,
            own=edition.audience is not None,
            draft=own.get(edition.key),
        )
        for edition in (offer.edition for offer in catalogue.listing(session, provider_id).offers)
        if edition.check_again is not None and edition.check_again <= today + SOON
    ]
    return tuple(sorted(rows, key=lambda row: (row.day, row.title.casefold())))


def own_to_check(session: Session, provider_id: int, today: date) -> tuple[CheckAgain, ...]:
    """Return those of `check_again` that the provider wrote itself. One statement where it published none."""
    published = select(Draft.id).where(Draft.provider_id == provider_id, Draft.based_on.is_not(None)).limit(1)
    if session.scalar(published) is None:
        return ()
    return tuple(each for each in check_again(session, provider_id, today) if each.own)
