"""Seeing where a provider's people stand, and keeping it, so that others can be told what is different.

Seeing takes long and locks nothing; keeping is short, and keeps nothing where somebody else kept what they saw
meanwhile. So what is told never goes back to what was before, and nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import assessment, catalogue, compliance, providers, requirements
from app.compliance import Mark
from app.interop.feed.models import FeedLook, FeedStanding
from app.kernel import day_of
from app.providers import MemberView, ProviderView
from app.requirements import Cell
from app.sync.news import ProviderNews

# Should ever something change that no news tells of, it is seen after this time.
AT_LEAST_EVERY = timedelta(minutes=30)
# The least there is between two moments of a database.
_TICK = timedelta(microseconds=1)
Cells = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where one person stands: what the feed can tell of them, and their trainings by uuid."""

    about: dict[str, Any]
    cells: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen at a moment, by person id; `before`: the look that was the last one then."""

    provider: ProviderView
    at: datetime
    mark: str
    before: datetime | None
    people: Mapping[int, Stands]
    uuids: Mapping[int, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A training of a person that stands otherwise than at the look before. `was`, `now`: None where not needed."""

    person_id: int
    person: UUID
    about: Mapping[str, Any]
    training: UUID
    was: Mapping[str, Any] | None
    now: Mapping[str, Any] | None


def see(session: Session, provider: ProviderView, *, now: datetime) -> Seen | None:
    """Return where people stand now, or None when nothing can be different from the last look. Reads only."""
    news = ProviderNews(session, provider)
    mark = _text(news.mark())
    look = session.scalars(select(FeedLook).where(FeedLook.provider_id == provider.id)).one_or_none()
    same = look is not None and look.mark == mark and look.day == day_of(now)
    if look is not None and same and timedelta(0) <= now - look.looked_at < AT_LEAST_EVERY:
        return None
    chains = catalogue.listing(session, provider.id).chains()
    found = compliance.matrix(session, provider.id, chains=chains, now=now, news=news)
    jobs = requirements.profiles_of(session, provider.id)
    teams = providers.teams_of(session, provider.id)
    signed = assessment.sign_offs_of(session, provider.id, None)
    titles = {each.uuid: each.title for each in found.trainings}
    people = {
        row.member.person_id: Stands(
            about={
                **_about(row.member),
                "jobs": [each.title for each in jobs.get(row.member.person_id, ())],
                "teams": [each.name for each in teams.get(row.member.person_id, ())],
                "sign_offs": _sign_offs(signed.get(row.member.person_id, ())),
            },
            cells={
                str(each.training): {"title": titles[each.training], **_cell(each)}
                for each in row.cells
                if each is not None
            },
        )
        for row in found.rows
    }
    return Seen(
        provider=provider,
        at=now,
        mark=mark,
        before=look.looked_at if look else None,
        people=people,
        uuids={row.member.person_id: row.member.person_uuid for row in found.rows},
    )


def keep(session: Session, seen: Seen) -> tuple[Moved, ...]:
    """Keep what was seen, and return the trainings that stand otherwise than before. Call it in a write transaction.

    Of people who were not there at the last look, and at the very first look, nothing has moved. Nothing is kept when
    another look came between.
    """
    provider = seen.provider
    providers.one_at_a_time(session, provider.id)
    look = session.scalars(select(FeedLook).where(FeedLook.provider_id == provider.id)).one_or_none()
    if (look.looked_at if look else None) != seen.before:
        return ()
    at = seen.at if look is None else max(seen.at, look.looked_at + _TICK)
    if look is None:
        session.add(FeedLook(provider_id=provider.id, looked_at=at, day=day_of(seen.at), mark=seen.mark))
    else:
        look.looked_at, look.day, look.mark = at, day_of(seen.at), seen.mark
    query = select(FeedStanding).where(FeedStanding.provider_id == provider.id)
    known = {row.person_id: row for row in session.scalars(query)}
    moved: list[Moved] = []
    for person_id, stands in seen.people.items():
        row = known.get(person_id)
        if row is None:
            session.add(_row(provider.id, person_id, stands, at))
        elif not row.here or row.about != stands.about or row.cells != stands.cells:
            if row.here:
                moved += _moved(person_id, seen.uuids[person_id], row.cells, stands)
            row.here, row.about, row.cells, row.changed_at = True, stands.about, stands.cells, at
    for person_id, row in known.items():
        if person_id not in seen.people and row.here:
            row.here, row.about, row.cells, row.changed_at = False, {}, {}, at
    session.flush()
    return tuple(moved)


def _moved(person_id: int, person: UUID, before: Mapping[str, Any], stands: Stands) -> list[Moved]:
    return [
        Moved(
            person_id=person_id,
            person=person,
            about=stands.about,
            training=UUID(key),
            was=before.get(key),
            now=stands.cells.get(key),
        )
        for key in {**before, **stands.cells}
        if _status(before.get(key)) != _status(stands.cells.get(key))
    ]


def _status(cell: Mapping[str, Any] | None) -> str | None:
    return None if cell is None else cell["status"]


def _row(provider_id: int, person_id: int, stands: Stands, at: datetime) -> FeedStanding:
    return FeedStanding(
        provider_id=provider_id, person_id=person_id, here=True, about=stands.about, cells=stands.cells, changed_at=at
    )


def _about(member: MemberView) -> dict[str, Any]:
    return {
        "name": member.name,
        "reference": member.reference,
        "roles": sorted(role.value for role in member.roles),
        "started": day_of(member.started).isoformat(),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "status": cell.status.value,
        "due": _day(cell.due),
        "valid_until": _day(cell.valid_until),
        "booked": _day(cell.booked),
    }


def _sign_offs(views: tuple[assessment.SignOffView, ...]) -> dict[str, Any]:
    holding = [each for each in views if each.withdrawn_at is None]
    whole = [day_of(each.at).isoformat() for each in holding if each.standard is None]
    return {
        "certificate": whole[0] if whole else None,
        "standards": {str(each.standard): day_of(each.at).isoformat() for each in holding if each.standard is not None},
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(mark: Mark) -> str:
    return f"{mark.entry}:{mark.record}:{len(mark.recent)}"
