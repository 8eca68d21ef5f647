"""Profiles: which job needs which trainings, and who has which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import providers
from app.kernel import new_uuid7
from app.requirements import models as m
from app.requirements import queries
from app.requirements.errors import RequirementError
from app.requirements.trainings import LONGEST_TITLE, plain


def add_profile(
    session: Session,
    provider_id: int,
    title: str,
    category: str | None,
    trainings: Sequence[UUID],
    *,
    now: datetime,
    by: int | None = None,
    usual: str | None = None,
) -> UUID:
    """Add a profile; returns its uuid. Raises RequirementError with the field to mend."""
    title = _title(session, provider_id, title, None)
    wanted = _of_the_list(session, provider_id, trainings)
    row = m.Profile(uuid=new_uuid7(), provider_id=provider_id, usual=usual, added_at=now)
    session.add(row)
    session.flush()
    session.add(m.ProfileVersion(profile_id=row.id, since=now, by=by, title=title, category=category, trainings=wanted))
    session.flush()
    return row.uuid


def change_profile(
    session: Session,
    provider_id: int,
    uuid: UUID,
    title: str,
    category: str | None,
    trainings: Sequence[UUID],
    *,
    now: datetime,
    by: int | None = None,
) -> bool:
    """Say from now on what a profile needs. Says whether anything changed. Raises RequirementError."""
    row = profile_row(session, provider_id, uuid)
    title = _title(session, provider_id, title, row.uuid)
    wanted = _of_the_list(session, provider_id, trainings)
    query = select(m.ProfileVersion).where(m.ProfileVersion.profile_id == row.id)
    newest = session.scalars(query.order_by(m.ProfileVersion.since.desc(), m.ProfileVersion.id.desc())).first()
    if newest is not None and (newest.title, newest.category, newest.trainings) == (title, category, wanted):
        return False
    session.add(m.ProfileVersion(profile_id=row.id, since=now, by=by, title=title, category=category, trainings=wanted))
    session.flush()
    return True


def end_profile(session: Session, provider_id: int, uuid: UUID, *, now: datetime, by: int | None = None) -> None:
    """Take a profile away from now on, from everybody who has it."""
    row = profile_row(session, provider_id, uuid)
    row.ended_at = now
    places = update(m.ProfilePlace).where(m.ProfilePlace.profile_id == row.id, m.ProfilePlace.ended_at.is_(None))
    session.execute(places.values(ended_at=now, ended_by=by))
    session.flush()


def give(
    session: Session,
    provider_id: int,
    uuid: UUID,
    people: Collection[int],
    *,
    now: datetime,
    by: int | None = None,
) -> tuple[int, ...]:
    """Give people a profile; returns those (ids) who did not have it. Only people with a place here now count."""
    row = profile_row(session, provider_id, uuid)
    here = {member.person_id for member in providers.list_members(session, provider_id)}
    have = set(_holders(session, row.id))
    new = tuple(sorted((set(people) & here) - have))
    session.add_all(
        m.ProfilePlace(profile_id=row.id, person_id=person, provider_id=provider_id, since=now, by=by) for person in new
    )
    session.flush()
    return new


def take(
    session: Session,
    provider_id: int,
    uuid: UUID,
    people: Collection[int],
    *,
    now: datetime,
    by: int | None = None,
) -> tuple[int, ...]:
    """Take a profile from people; returns those (ids) who had it. That they had it stays known."""
    row = profile_row(session, provider_id, uuid)
    wanted = set(people)
    query = select(m.ProfilePlace).where(m.ProfilePlace.profile_id == row.id, m.ProfilePlace.ended_at.is_(None))
    found = [place for place in session.scalars(query) if place.person_id in wanted]
    for place in found:
        place.ended_at, place.ended_by = now, by
    session.flush()
    return tuple(sorted(place.person_id for place in found))


def profile_row(session: Session, provider_id: int, uuid: UUID) -> m.Profile:
    """Return one of the provider's present profiles. Raises RequirementError, code "unknown"."""
    row = session.scalars(
        select(m.Profile).where(
            m.Profile.provider_id == provider_id, m.Profile.uuid == uuid, m.Profile.ended_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise RequirementError("There is no such job now.", code="unknown", field="profile")
    return row


def _holders(session: Session, profile_id: int) -> Sequence[int]:
    query = select(m.ProfilePlace.person_id).where(
        m.ProfilePlace.profile_id == profile_id, m.ProfilePlace.ended_at.is_(None)
    )
    return session.scalars(query).all()


def _title(session: Session, provider_id: int, title: str, own: UUID | None) -> str:
    clean = plain(title, "title", LONGEST_TITLE, "Type what the job is called.")
    others = {each.title.casefold() for each in queries.profiles(session, provider_id) if each.uuid != own}
    if clean.casefold() in others:
        raise RequirementError("There is a job with this name. Pick another name.", code="title-taken", field="title")
    return clean


def _of_the_list(session: Session, provider_id: int, wanted: Sequence[UUID]) -> list[str]:
    """Return those of the wanted trainings that are on the provider's list, in the order of the list."""
    chosen = set(wanted)
    return [str(each.uuid) for each in queries.trainings(session, provider_id) if each.uuid in chosen]
