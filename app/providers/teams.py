"""Teams of a provider's people, and who its registered manager is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.providers.errors import ProviderError
from app.providers.models import RegisteredManager, Team, TeamMember
from app.providers.queries import find_member
from app.providers.types import MemberView, Role, TeamView

LONGEST_NAME = 60


def list_teams(session: Session, provider_id: int, *, put_away: bool = False) -> tuple[TeamView, ...]:
    """Return a provider's teams by name; with `put_away` those put away instead."""
    ended = Team.ended_at.is_not(None) if put_away else Team.ended_at.is_(None)
    rows = session.scalars(select(Team).where(Team.provider_id == provider_id, ended))
    return tuple(sorted(map(_view, rows), key=lambda team: (team.name.casefold(), team.id)))


def teams_of(session: Session, provider_id: int, *, at: datetime | None = None) -> Mapping[int, tuple[TeamView, ...]]:
    """Return the teams of each of a provider's people, by person id, in the order of their names.

    Somebody in none is not there. `at`: as it was at that moment, with the teams' names of today.
    """
    query = (
        select(TeamMember.person_id, Team)
        .join(Team, TeamMember.team_id == Team.id)
        .where(Team.provider_id == provider_id, _held(TeamMember, at))
    )
    found: dict[int, list[TeamView]] = defaultdict(list)
    for person_id, team in session.execute(query):
        found[person_id].append(_view(team))
    return {person: tuple(sorted(teams, key=lambda team: team.name.casefold())) for person, teams in found.items()}


def find_team(session: Session, provider_id: int, team: UUID) -> TeamView | None:
    """Return one of a provider's teams, put away or not."""
    row = session.scalars(select(Team).where(Team.provider_id == provider_id, Team.uuid == team)).one_or_none()
    return None if row is None else _view(row)


def add_team(session: Session, provider_id: int, name: str, *, now: datetime) -> TeamView:
    """Add a team. Raises ProviderError, code "name-empty", "name-too-long" or "name-taken"."""
    row = Team(uuid=new_uuid7(), provider_id=provider_id, name=_free_name(session, provider_id, name), added_at=now)
    session.add(row)
    session.flush()
    return _view(row)


def rename_team(session: Session, provider_id: int, team: UUID, name: str) -> TeamView:
    """Give a team another name. Raises ProviderError as `add_team`, or code "team-unknown"."""
    row = _row(session, provider_id, team)
    row.name = _free_name(session, provider_id, name, but=row.id)
    session.flush()
    return _view(row)


def put_team_away(session: Session, provider_id: int, team: UUID, *, now: datetime) -> TeamView:
    """End a team, and everybody's place in it. Who was in it stays known. Safe to repeat."""
    row = _row(session, provider_id, team)
    if row.ended_at is None:
        row.ended_at = now
        _end(session, TeamMember.team_id == row.id, now)
    session.flush()
    return _view(row)


def bring_team_back(session: Session, provider_id: int, team: UUID, *, now: datetime) -> TeamView:
    """Take a team up again, with those who were in it when it was put away and have a place here now. Safe to repeat.

    Raises ProviderError, code "name-taken" when another team has its name by now.
    """
    row = _row(session, provider_id, team)
    if row.ended_at is not None:
        _free_name(session, provider_id, row.name, but=row.id)
        were_in = select(TeamMember.person_id).where(TeamMember.team_id == row.id, TeamMember.ended_at == row.ended_at)
        row.ended_at = None
        for person_id in session.scalars(were_in).all():
            member = find_member(session, provider_id, person_id)
            if member is not None and member.ended is None:
                session.add(TeamMember(team_id=row.id, person_id=person_id, since=now))
    session.flush()
    return _view(row)


def set_teams(session: Session, provider_id: int, person_id: int, teams: Collection[UUID], *, now: datetime) -> bool:
    """Put a person into exactly these teams; says whether anything changed.

    Raises ProviderError, code "person-unknown" without a place here now, "team-unknown" for a team that is not current.
    """
    member = find_member(session, provider_id, person_id)
    if member is None or member.ended is not None:
        raise ProviderError("This person has no place here now.", code="person-unknown")
    known = {team.uuid: team.id for team in list_teams(session, provider_id)}
    if not known.keys() >= set(teams):
        raise ProviderError("That team is not there any more. Pick another.", code="team-unknown", field="teams")
    wanted = {known[team] for team in teams}
    present = set(
        session.scalars(
            select(TeamMember.team_id).where(
                TeamMember.person_id == person_id,
                TeamMember.team_id.in_(list(known.values())),
                TeamMember.ended_at.is_(None),
            )
        )
    )
    gone = list(present - wanted)
    _end(session, (TeamMember.person_id == person_id) & TeamMember.team_id.in_(gone), now)
    session.add_all(TeamMember(team_id=team, person_id=person_id, since=now) for team in sorted(wanted - present))
    session.flush()
    return wanted != present


def registered_manager(session: Session, provider_id: int, *, at: datetime | None = None) -> MemberView | None:
    """Return who is a provider's registered manager, or was `at` that moment; None when nobody was named."""
    held = _held(RegisteredManager, at)
    query = select(RegisteredManager.person_id).where(RegisteredManager.provider_id == provider_id, held)
    person_id = session.scalars(query).one_or_none()
    return None if person_id is None else find_member(session, provider_id, person_id)


def set_registered_manager(session: Session, provider_id: int, person_id: int | None, *, now: datetime) -> bool:
    """Name a provider's registered manager, or nobody; says whether that is a change.

    Raises ProviderError, code "not-a-manager": the registered manager has to be able to sign off.
    """
    if person_id is not None:
        member = find_member(session, provider_id, person_id)
        if member is None or member.ended is not None or Role.MANAGER not in member.roles:
            raise ProviderError("Pick somebody who is a manager here.", code="not-a-manager", field="manager")
    current = (RegisteredManager.provider_id == provider_id) & RegisteredManager.ended_at.is_(None)
    row = session.scalars(select(RegisteredManager).where(current)).one_or_none()
    if (row.person_id if row else None) == person_id:
        return False
    if row is not None:
        row.ended_at = now
        session.flush()
    if person_id is not None:
        session.add(RegisteredManager(provider_id=provider_id, person_id=person_id, since=now))
    session.flush()
    return True


def leave_teams(session: Session, provider_id: int, person_id: int, *, now: datetime) -> None:
    """End a person's place in every team of a provider, and as its registered manager. Safe to repeat."""
    here = select(Team.id).where(Team.provider_id == provider_id)
    _end(session, (TeamMember.person_id == person_id) & TeamMember.team_id.in_(here), now)
    session.execute(
        update(RegisteredManager)
        .where(
            RegisteredManager.person_id == person_id,
            RegisteredManager.provider_id == provider_id,
            RegisteredManager.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )


def return_to_teams(session: Session, provider_id: int, person_id: int, *, left: datetime, now: datetime) -> None:
    """Put somebody who came back into the teams they were in when they `left`, as far as these are still there."""
    query = (
        select(TeamMember.team_id)
        .join(Team, TeamMember.team_id == Team.id)
        .where(
            Team.provider_id == provider_id,
            Team.ended_at.is_(None),
            TeamMember.person_id == person_id,
            TeamMember.ended_at == left,
        )
        .order_by(TeamMember.team_id)
    )
    teams = session.scalars(query).all()
    session.add_all(TeamMember(team_id=team, person_id=person_id, since=now) for team in teams)
    session.flush()


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    session.execute(
        update(TeamMember)
        .where(which, TeamMember.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )


def _held(row: type[TeamMember | RegisteredManager], at: datetime | None) -> ColumnElement[bool]:
    return row.ended_at.is_(None) if at is None else (row.since <= at) & or_(row.ended_at.is_(None), row.ended_at > at)


def _row(session: Session, provider_id: int, team: UUID) -> Team:
    row = session.scalars(select(Team).where(Team.provider_id == provider_id, Team.uuid == team)).one_or_none()
    if row is None:
        raise ProviderError("We do not know this team.", code="team-unknown")
    return row


def _free_name(session: Session, provider_id: int, name: str, *, but: int | None = None) -> str:
    clean = " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())
    if not clean:
        raise ProviderError("Type a name for the team.", code="name-empty", field="name")
    if len(clean) > LONGEST_NAME:
        raise ProviderError(f"Use at most {LONGEST_NAME} letters.", code="name-too-long", field="name")
    taken = {team.name.casefold() for team in list_teams(session, provider_id) if team.id != but}
    if clean.casefold() in taken:
        raise ProviderError("There is a team with this name. Pick another.", code="name-taken", field="name")
    return clean


def _view(row: Team) -> TeamView:
    return TeamView(id=row.id, uuid=row.uuid, name=row.name)
