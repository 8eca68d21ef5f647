"""What a provider asks of its people, as it was at a moment. Each question starts from the provider."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import exists, or_, select, true
from sqlalchemy.orm import Session, undefer

from app import files, providers
from app.kernel import day_of, end_of
from app.requirements import models as m
from app.requirements.rules import started_in_profile
from app.requirements.types import (
    Basis,
    Elsewhere,
    ExceptionView,
    FileView,
    OutsideState,
    OutsideView,
    Period,
    ProfileView,
    TrainingView,
)

FOR_EVER = datetime.max.replace(tzinfo=UTC)


def trainings(session: Session, provider_id: int, *, moment: datetime | None = None) -> tuple[TrainingView, ...]:
    """Return the provider's list by title, as it is or as it was at a moment. One statement."""
    query = (
        select(m.Training, m.TrainingVersion)
        .join(m.TrainingVersion, m.TrainingVersion.training_id == m.Training.id)
        .where(m.Training.provider_id == provider_id)
        .order_by(m.TrainingVersion.since, m.TrainingVersion.id)
    )
    if moment is None:
        query = query.where(m.Training.ended_at.is_(None))
    else:
        query = query.where(
            m.TrainingVersion.since <= moment, or_(m.Training.ended_at.is_(None), m.Training.ended_at > moment)
        )
    versions: dict[int, tuple[m.Training, list[m.TrainingVersion]]] = {}
    for training, version in session.execute(query):
        versions.setdefault(training.id, (training, []))[1].append(version)
    found = [_training(training, rows) for training, rows in versions.values()]
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.id)))


def profiles(session: Session, provider_id: int, *, moment: datetime | None = None) -> tuple[ProfileView, ...]:
    """Return the provider's profiles by title, as they are or as they were at a moment. One statement."""
    histories = profile_histories(session, provider_id, moment or FOR_EVER)
    found = [view for view, _ in histories.values()]
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.id)))


# A profile as it was, and since when which trainings (by uuid, as texts) were in it.
History = tuple[ProfileView, tuple[tuple[datetime, frozenset[str]], ...]]


def profile_histories(session: Session, provider_id: int, moment: datetime) -> dict[int, History]:
    """Return the profiles there were at a moment, by id. One statement."""
    query = (
        select(m.Profile, m.ProfileVersion)
        .join(m.ProfileVersion, m.ProfileVersion.profile_id == m.Profile.id)
        .where(
            m.Profile.provider_id == provider_id,
            m.ProfileVersion.since <= moment,
            or_(m.Profile.ended_at.is_(None), m.Profile.ended_at > moment),
        )
        .order_by(m.ProfileVersion.since, m.ProfileVersion.id)
    )
    versions: dict[int, tuple[m.Profile, list[m.ProfileVersion]]] = {}
    for profile, version in session.execute(query):
        versions.setdefault(profile.id, (profile, []))[1].append(version)
    return {
        key: (
            ProfileView(
                id=profile.id,
                uuid=profile.uuid,
                title=rows[-1].title,
                category=rows[-1].category,
                trainings=tuple(UUID(each) for each in rows[-1].trainings),
            ),
            tuple((row.since, frozenset(row.trainings)) for row in rows),
        )
        for key, (profile, rows) in versions.items()
    }


def profiles_of(
    session: Session, provider_id: int, as_at: date | None = None, *, moment: datetime | None = None
) -> Mapping[int, tuple[ProfileView, ...]]:
    """Return who has which profiles, by person id: now, at the end of a day, or at a moment. Two statements."""
    if as_at is not None:
        moment = end_of(as_at)
    known = {each.id: each for each in profiles(session, provider_id, moment=moment)}
    found: dict[int, list[ProfileView]] = defaultdict(list)
    for place in _places(session, provider_id, moment or FOR_EVER):
        if place.profile_id in known:
            found[place.person_id].append(known[place.profile_id])
    return {
        person: tuple(sorted(theirs, key=lambda each: (each.title.casefold(), each.id)))
        for person, theirs in found.items()
    }


def needed_since(
    session: Session, provider_id: int, moment: datetime, *, people: Collection[int] | None = None
) -> dict[tuple[int, UUID], datetime]:
    """Return since when whom needs what, by (person id, training uuid): the earliest of their profiles. Two statements.

    It starts when the profile was given or when the training came to the profile, whichever was later. `people`: only
    of these, of everybody when None.
    """
    histories = profile_histories(session, provider_id, moment)
    since: dict[int, dict[UUID, datetime]] = {}
    for key, (view, versions) in histories.items():
        begun = ((each, started_in_profile(versions, str(each))) for each in view.trainings)
        since[key] = {each: start for each, start in begun if start is not None}
    found: dict[tuple[int, UUID], datetime] = {}
    for place in _places(session, provider_id, moment, people):
        for training, begun_at in since.get(place.profile_id, {}).items():
            key_ = (place.person_id, training)
            start = max(begun_at, place.since)
            found[key_] = min(start, found.get(key_, start))
    return found


def how_many_need(session: Session, provider_id: int, now: datetime) -> dict[UUID, int]:
    """Return of how many people each training is needed now, exceptions left out. A fixed number of statements."""
    excepted = {
        (each.person_id, each.training)
        for each in exceptions(session, provider_id, moment=now)
        if each.until is None or each.until >= day_of(now)
    }
    here = {member.person_id for member in providers.list_members(session, provider_id)}
    found: dict[UUID, int] = defaultdict(int)
    for person, training in needed_since(session, provider_id, now):
        if person in here and (person, training) not in excepted:
            found[training] += 1
    return dict(found)


def exceptions(
    session: Session, provider_id: int, *, moment: datetime | None = None, people: Collection[int] | None = None
) -> tuple[ExceptionView, ...]:
    """Return the exceptions a provider had made by a moment, oldest first, also those that are over. One statement."""
    at = moment or FOR_EVER
    query = (
        select(m.TrainingException, m.Training.uuid.label("training"))
        .join(m.Training, m.Training.id == m.TrainingException.training_id)
        .where(
            m.TrainingException.provider_id == provider_id,
            m.TrainingException.since <= at,
            true() if people is None else m.TrainingException.person_id.in_(people),
        )
        .order_by(m.TrainingException.since, m.TrainingException.id)
    )
    return tuple(
        ExceptionView(
            uuid=row.uuid,
            person_id=row.person_id,
            training=training,
            reason=row.reason,
            since=row.since,
            until=_last_day(row, at),
            by=row.by,
        )
        for row, training in session.execute(query)
    )


def _last_day(row: m.TrainingException, at: datetime) -> date | None:
    """Return the last whole day of an exception: the day before somebody ended it, or its own end."""
    if row.ended_at is None or row.ended_at > at:
        return row.until
    ended = date.fromordinal(day_of(row.ended_at).toordinal() - 1)
    return ended if row.until is None else min(ended, row.until)


def outside(
    session: Session,
    provider_id: int,
    *,
    moment: datetime | None = None,
    people: Collection[int] | None = None,
    undecided: bool = False,
) -> tuple[OutsideView, ...]:
    """Return what these people had or have booked elsewhere, the newest first. Two statements, no file is read.

    `undecided`: only what nobody accepted, refused or called off.
    """
    at = moment or FOR_EVER
    said = (
        exists()
        .where(m.OutsideDecision.outside_id == m.OutsideTraining.id, m.OutsideDecision.at <= at)
        .correlate(m.OutsideTraining)
    )
    mine = (
        m.OutsideTraining.provider_id == provider_id,
        m.OutsideTraining.at <= at,
        true() if people is None else m.OutsideTraining.person_id.in_(people),
        ~said if undecided else true(),
    )
    decided = (
        select(m.OutsideDecision)
        .join(m.OutsideTraining, m.OutsideTraining.id == m.OutsideDecision.outside_id)
        .where(*mine, m.OutsideDecision.at <= at)
        .order_by(m.OutsideDecision.at, m.OutsideDecision.id)
    )
    decisions = {row.outside_id: row for row in session.scalars(decided)}
    query = (
        select(m.OutsideTraining, m.Training.uuid.label("training"))
        .outerjoin(m.Training, m.Training.id == m.OutsideTraining.training_id)
        .where(*mine)
        .order_by(m.OutsideTraining.at.desc(), m.OutsideTraining.id.desc())
    )
    return tuple(_outside(row, training, decisions.get(row.id)) for row, training in session.execute(query))


def outside_file(session: Session, provider_id: int, person_id: int, uuid: UUID) -> tuple[FileView, bytes] | None:
    """Return a certificate's file of one of the provider's people, or None. Raises FilesAway, FileLost."""
    query = (
        select(m.OutsideTraining, m.OutsideFile)
        .join(m.OutsideFile, m.OutsideFile.outside_id == m.OutsideTraining.id)
        .where(
            m.OutsideTraining.provider_id == provider_id,
            m.OutsideTraining.person_id == person_id,
            m.OutsideTraining.uuid == uuid,
        )
        .options(undefer(m.OutsideFile.body))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    file, body = _file(found[0]), files.read(session, found[1])
    return None if file is None or body is None else (file, body)


def titles_of(session: Session, provider_id: int) -> dict[str, str]:
    """Return what trainings, profiles and trainings from elsewhere are or were last called, by uuid as text."""
    found: dict[str, str] = {}
    for uuid, title in session.execute(
        select(m.Training.uuid, m.TrainingVersion.title)
        .join(m.TrainingVersion, m.TrainingVersion.training_id == m.Training.id)
        .where(m.Training.provider_id == provider_id)
        .order_by(m.TrainingVersion.id)
    ):
        found[str(uuid)] = title
    for uuid, title in session.execute(
        select(m.Profile.uuid, m.ProfileVersion.title)
        .join(m.ProfileVersion, m.ProfileVersion.profile_id == m.Profile.id)
        .where(m.Profile.provider_id == provider_id)
        .order_by(m.ProfileVersion.id)
    ):
        found[str(uuid)] = title
    for uuid, title in session.execute(
        select(m.OutsideTraining.uuid, m.OutsideTraining.title).where(m.OutsideTraining.provider_id == provider_id)
    ):
        found[str(uuid)] = title
    return found


def _places(
    session: Session, provider_id: int, moment: datetime, people: Collection[int] | None = None
) -> list[m.ProfilePlace]:
    query = select(m.ProfilePlace).where(
        m.ProfilePlace.provider_id == provider_id,
        true() if people is None else m.ProfilePlace.person_id.in_(people),
        m.ProfilePlace.since <= moment,
        or_(m.ProfilePlace.ended_at.is_(None), m.ProfilePlace.ended_at > moment),
    )
    return list(session.scalars(query))


def _training(training: m.Training, versions: list[m.TrainingVersion]) -> TrainingView:
    now = versions[-1]
    return TrainingView(
        id=training.id,
        uuid=training.uuid,
        title=now.title,
        basis=Basis(now.basis),
        driver=now.driver,
        modules=tuple(now.modules),
        practice=tuple(now.practice),
        elsewhere=Elsewhere(now.elsewhere),
        refresh_months=now.refresh_months,
        window_days=now.window_days,
        grace_days=now.grace_days,
        first_due_days=now.first_due_days,
        source=now.source,
        usual=training.usual,
        periods=tuple(
            Period(since=day_of(row.since), refresh_months=row.refresh_months, first_due_days=row.first_due_days)
            for row in versions
        ),
    )


def _file(row: m.OutsideTraining) -> FileView | None:
    if row.file_name is None or row.file_type is None or row.file_size is None or row.file_sha is None:
        return None
    return FileView(name=row.file_name, type=row.file_type, size=row.file_size, sha=row.file_sha)


def _outside(row: m.OutsideTraining, training: UUID | None, decision: m.OutsideDecision | None) -> OutsideView:
    undecided = OutsideState.OFFERED if row.booked_for is None else OutsideState.BOOKED
    return OutsideView(
        uuid=row.uuid,
        person_id=row.person_id,
        training=training,
        title=row.title,
        taught_by=row.taught_by,
        taken_on=row.taken_on,
        valid_until=row.valid_until,
        booked_for=row.booked_for,
        file=_file(row),
        at=row.at,
        by=row.by,
        state=undecided if decision is None else OutsideState(decision.decision),
        reason="" if decision is None else decision.reason,
        decided_by=None if decision is None else decision.by,
        decided_at=None if decision is None else decision.at,
    )
