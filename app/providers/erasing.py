"""Removing a person's place, and codes nobody will use any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.providers.models import Invite, Membership, MembershipRole, RegisteredManager, Team, TeamMember


def has_other_places(session: Session, provider_id: int, person_id: int) -> bool:
    """Say whether a person has, or ever had, a place at another provider of this server."""
    query = select(Membership.id).where(Membership.person_id == person_id, Membership.provider_id != provider_id)
    return session.scalars(query.limit(1)).first() is not None


def has_joined(session: Session, person_id: int, *, but: int) -> bool:
    """Say whether a code of this person was ever used, but for one (its internal id)."""
    query = select(Invite.id).where(Invite.person_id == person_id, Invite.used_at.is_not(None), Invite.id != but)
    return session.scalars(query.limit(1)).first() is not None


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove a person's places and codes; only at one provider when it is given. Codes they gave others stay good."""
    places = select(Membership.id).where(Membership.person_id == person_id)
    codes = delete(Invite).where(Invite.person_id == person_id)
    teams = delete(TeamMember).where(TeamMember.person_id == person_id)
    managed = delete(RegisteredManager).where(RegisteredManager.person_id == person_id)
    if provider_id is not None:
        places = places.where(Membership.provider_id == provider_id)
        codes = codes.where(Invite.provider_id == provider_id)
        teams = teams.where(TeamMember.team_id.in_(select(Team.id).where(Team.provider_id == provider_id)))
        managed = managed.where(RegisteredManager.provider_id == provider_id)
    else:
        session.execute(update(Invite).where(Invite.issued_by == person_id).values(issued_by=None))
    for theirs in (codes, teams, managed):
        session.execute(theirs.execution_options(synchronize_session=False))
    found = list(session.scalars(places))
    session.execute(delete(MembershipRole).where(MembershipRole.membership_id.in_(found)))
    session.execute(delete(Membership).where(Membership.id.in_(found)))
    session.expire_all()


def left_before(session: Session, moment: datetime) -> tuple[tuple[int, int], ...]:
    """Return (provider id, person id) of everybody whose last place at a provider ended before `moment`."""
    still_here = func.count().filter(Membership.ended.is_(None))
    query = (
        select(Membership.provider_id, Membership.person_id)
        .group_by(Membership.provider_id, Membership.person_id)
        .having(still_here == 0, func.max(Membership.ended) < moment)
        .order_by(Membership.provider_id, Membership.person_id)
    )
    return tuple((row.provider_id, row.person_id) for row in session.execute(query))


def count_old_invites(session: Session, before: datetime) -> int:
    """Say how many codes were used, taken back or ran out before `before`."""
    return session.scalars(select(func.count()).select_from(Invite).where(_over(before))).one()


def remove_old_invites(session: Session, before: datetime) -> None:
    """Remove the codes that were used, taken back or ran out before `before`."""
    session.execute(delete(Invite).where(_over(before)))


def _over(before: datetime) -> ColumnElement[bool]:
    return or_(Invite.used_at < before, Invite.revoked_at < before, Invite.expires_at < before)
