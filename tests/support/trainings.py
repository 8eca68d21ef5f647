"""Trainings and the people who need them, put straight into the tables: quick, and as long ago as a test wants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.providers import MemberView
from app.requirements import Elsewhere, models

LONG_AGO = timedelta(days=400)


def add_training(
    session: Session,
    provider_id: int,
    title: str,
    *modules: str,
    since: datetime,
    elsewhere: Elsewhere = Elsewhere.NO,
    refresh_months: int | None = 12,
    first_due_days: int = 84,
    window_days: int = 90,
) -> UUID:
    """A line of the provider's list, there since a moment. Flushed."""
    row = models.Training(uuid=new_uuid7(), provider_id=provider_id, added_at=since)
    session.add(row)
    session.flush()
    session.add(
        models.TrainingVersion(
            training_id=row.id,
            since=since,
            title=title,
            basis="mandatory",
            driver="",
            source="",
            modules=list(modules),
            practice=[],
            elsewhere=elsewhere.value,
            refresh_months=refresh_months,
            window_days=window_days,
            grace_days=0,
            first_due_days=first_due_days,
        )
    )
    session.flush()
    return row.uuid


def add_profile(
    session: Session,
    provider_id: int,
    title: str,
    trainings: Iterable[UUID],
    people: Iterable[MemberView],
    *,
    since: datetime,
) -> UUID:
    """A profile that needs these trainings, and who has it, since a moment. Flushed."""
    row = models.Profile(uuid=new_uuid7(), provider_id=provider_id, added_at=since)
    session.add(row)
    session.flush()
    needed = [str(each) for each in trainings]
    session.add(models.ProfileVersion(profile_id=row.id, since=since, title=title, trainings=needed))
    give(session, provider_id, row.id, people, since=since)
    return row.uuid


def give(session: Session, provider_id: int, profile_id: int, people: Iterable[MemberView], *, since: datetime) -> None:
    """Give people a profile from a moment on. Flushed."""
    session.add_all(
        models.ProfilePlace(profile_id=profile_id, person_id=each.person_id, provider_id=provider_id, since=since)
        for each in people
    )
    session.flush()
