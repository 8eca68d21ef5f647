"""Taking in a list of people: those who are new are added together, those who are known are brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import identity
from app.providers import service
from app.providers import teams as team_service
from app.providers.matching import Fate, Planned, changes, plan
from app.providers.models import Membership, MembershipRole, TeamMember
from app.providers.names import set_name
from app.providers.queries import list_members
from app.providers.staff_list import Entry
from app.providers.types import MemberView, Role, TeamView


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of a list. `updated`: each with the names of what changed; `left`: rows that wait for an answer."""

    added: tuple[MemberView, ...]
    updated: tuple[tuple[MemberView, tuple[str, ...]], ...]
    teams: tuple[TeamView, ...]
    left: tuple[Planned, ...]


def plan_list(session: Session, provider_id: int, entries: Sequence[Entry], *, today: date) -> tuple[Planned, ...]:
    """Say what would happen to each row of a list, by what is known at this moment. Changes nothing."""
    teams = {
        person: [team.name for team in held] for person, held in team_service.teams_of(session, provider_id).items()
    }
    members = list_members(session, provider_id, with_ended=True)
    return plan(entries, members, teams, today=today)


def take_in(session: Session, provider_id: int, entries: Sequence[Entry], *, today: date, now: datetime) -> TakenIn:
    """Add and update whoever can be; a row that has to be mended, answered or agreed to first is left as it is.

    Safe to repeat: who was added is then known, and nothing of them is new. Two requests with one list come one after
    the other. Raises ProviderError for what changed meanwhile.
    """
    service.one_at_a_time(session, provider_id)
    planned = plan_list(session, provider_id, entries, today=today)
    fresh = [row for row in planned if row.fate is Fate.NEW]
    known = [(row, row.member) for row in planned if row.fate is Fate.UPDATE and row.member is not None]
    before = team_service.teams_of(session, provider_id)
    wanted = [name for row in [*fresh, *(row for row, _ in known)] for name in row.meaning.teams]
    ours, made = _teams(session, provider_id, wanted, now)
    updated = []
    for row, member in known:
        held = [team.name for team in before.get(member.person_id, ())]
        _update(session, provider_id, member, row, [ours[name.casefold()].uuid for name in row.meaning.teams], now)
        updated.append((member, changes(member, row.meaning, held)))
    ids = _add(session, provider_id, fresh, ours, now)
    after = {member.person_id: member for member in list_members(session, provider_id)}
    return TakenIn(
        added=tuple(after[person_id] for person_id in ids),
        updated=tuple((after[member.person_id], what) for member, what in updated),
        teams=made,
        left=tuple(row for row in planned if row.fate in (Fate.ASK, Fate.MEND, Fate.AGREE)),
    )


def _teams(
    session: Session, provider_id: int, names: Iterable[str], now: datetime
) -> tuple[Mapping[str, TeamView], tuple[TeamView, ...]]:
    ours = {team.name.casefold(): team for team in team_service.list_teams(session, provider_id)}
    made = []
    for name in names:
        if name.casefold() not in ours:
            ours[name.casefold()] = team_service.add_team(session, provider_id, name, now=now)
            made.append(ours[name.casefold()])
    return ours, tuple(made)


def _add(
    session: Session, provider_id: int, rows: Sequence[Planned], teams: Mapping[str, TeamView], now: datetime
) -> list[int]:
    people = identity.add_people(session, [row.meaning.name for row in rows], now=now)
    for person, row in zip(people, rows, strict=True):
        started = (
            now if row.meaning.started is None else datetime.combine(row.meaning.started, service.NOON, now.tzinfo)
        )
        place = Membership(
            person_id=person.id,
            provider_id=provider_id,
            started=min(started, now),
            reference=row.meaning.reference or None,
            email=row.meaning.email or None,
        )
        place.roles = [MembershipRole(role=role.value) for role in sorted(row.meaning.roles or {Role.LEARNER})]
        session.add(place)
        into = {teams[name.casefold()].id for name in row.meaning.teams}
        session.add_all(TeamMember(team_id=team, person_id=person.id, since=now) for team in sorted(into))
    session.flush()
    return [person.id for person in people]


def _update(
    session: Session, provider_id: int, member: MemberView, row: Planned, teams: Sequence[UUID], now: datetime
) -> None:
    meaning, person_id = row.meaning, member.person_id
    if member.ended is not None:
        service.add_membership(session, provider_id, person_id, member.roles | meaning.roles, now=now)
    elif meaning.roles - member.roles:
        service.change_roles(session, provider_id, person_id, member.roles | meaning.roles)
    set_name(session, provider_id, person_id, meaning.name)
    service.set_details(
        session,
        provider_id,
        person_id,
        reference=meaning.reference or member.reference or "",
        email=meaning.email or member.email or "",
    )
    if meaning.started is not None and member.ended is None:
        service.set_started(session, provider_id, person_id, meaning.started)
    if meaning.teams:
        team_service.set_teams(session, provider_id, person_id, teams, now=now)
