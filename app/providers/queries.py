"""Questions the screens ask about providers and who belongs to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.identity import Person, is_one_of, is_person
from app.kernel import Prepared
from app.providers.models import Membership, MembershipRole, Provider
from app.providers.types import MembershipView, MemberView, ProviderView, Role

ROLES = {role.value: role for role in Role}
# What a provider calls somebody who has this place.
CALLED = func.coalesce(Membership.name, Person.name).label("name")
# Asked at every request of a phone and of the staff: a row for each role at each place.
_PLACES = Prepared(
    select(
        Membership.id.label("membership_id"),
        Membership.started,
        Membership.ended,
        MembershipRole.role,
        Provider.id,
        Provider.uuid,
        Provider.name,
        Provider.contact,
    )
    .join(Provider, Membership.provider_id == Provider.id)
    .outerjoin(MembershipRole, MembershipRole.membership_id == Membership.id)
    .where(
        Membership.person_id == bindparam("person"),
        Membership.started <= bindparam("now"),
        or_(Membership.ended.is_(None), Membership.ended > bindparam("now")),
    )
    .order_by(Membership.started.desc(), Membership.id.desc())
)


def find_provider(session: Session, provider: int | UUID | str) -> ProviderView | None:
    """Return a provider by internal id, uuid or exact name."""
    column = {int: Provider.id, UUID: Provider.uuid, str: Provider.name}[type(provider)]
    row = session.scalars(select(Provider).where(column == provider)).one_or_none()
    return None if row is None else provider_view(row)


def list_providers(session: Session) -> tuple[ProviderView, ...]:
    """Return all providers by name."""
    return tuple(provider_view(row) for row in session.scalars(select(Provider).order_by(Provider.name)))


def list_members(
    session: Session, provider_id: int, *, with_ended: bool = False, people: Collection[int] | None = None
) -> tuple[MemberView, ...]:
    """Return a provider's people by name; those who left only when asked for. `people` are ids, all when None."""
    which = [Membership.provider_id == provider_id]
    if people is not None:
        which.append(Membership.person_id.in_(people))
    if not with_ended:
        which.append(Membership.ended.is_(None))
    rows = session.execute(_members().where(*which).order_by(CALLED, Person.id)).all()
    roles: dict[int, set[Role]] = defaultdict(set)
    query = select(MembershipRole.membership_id, MembershipRole.role).join(Membership).where(*which)
    for membership_id, role in session.execute(query):
        roles[membership_id].add(ROLES[role])
    return tuple(_member_view(row, roles[row.membership_id]) for row in rows)


def find_member(session: Session, provider_id: int, person: int | UUID) -> MemberView | None:
    """Return one of a provider's people by internal id or any uuid they had: their present place, else their last."""
    query = _members().where(Membership.provider_id == provider_id, is_person(person))
    newest_first = query.order_by(Membership.ended.is_not(None), Membership.started.desc(), Membership.id.desc())
    found = session.execute(newest_first.limit(1)).one_or_none()
    if found is None:
        return None
    roles = session.scalars(select(MembershipRole.role).where(MembershipRole.membership_id == found.membership_id))
    return _member_view(found, [ROLES[role] for role in roles])


def people_ids(session: Session, provider_id: int, people: Collection[UUID]) -> tuple[int, ...]:
    """Return the internal ids of a provider's people, here now or before, by their uuids. Others are left out."""
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.provider_id == provider_id, is_one_of(people))
        .distinct()
    )
    return tuple(session.scalars(query)) if people else ()


def memberships_of(session: Session, person_id: int, *, now: datetime) -> tuple[MembershipView, ...]:
    """Return the places a person has at `now`, the newest first."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in _PLACES.all(session, person=person_id, now=now):
        found[row.membership_id].append(row)
    return tuple(
        MembershipView(
            id=membership_id,
            person_id=person_id,
            provider=ProviderView(id=rows[0].id, uuid=rows[0].uuid, name=rows[0].name, contact=rows[0].contact),
            roles=frozenset(ROLES[row.role] for row in rows if row.role is not None),
            started=rows[0].started,
            ended=rows[0].ended,
        )
        for membership_id, rows in found.items()
    )


def provider_view(row: Provider) -> ProviderView:
    """Return what leaves this package of a provider's row."""
    return ProviderView(id=row.id, uuid=row.uuid, name=row.name, contact=row.contact)


def _members() -> Select[*tuple[Any, ...]]:
    """Select columns, not rows of the classes: pages ask for a thousand people."""
    return select(
        Membership.id.label("membership_id"),
        Membership.person_id,
        Person.uuid.label("person_uuid"),
        CALLED,
        Membership.provider_id,
        Membership.started,
        Membership.ended,
        Person.archived_at,
        Person.pin_hash.is_not(None).label("has_pin"),
        Membership.reference,
        Membership.email,
    ).join(Person, Membership.person_id == Person.id)


def _member_view(row: Row[*tuple[Any, ...]], roles: Iterable[Role]) -> MemberView:
    return MemberView(**row._mapping, roles=frozenset(roles))
