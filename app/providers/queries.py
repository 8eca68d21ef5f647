"""Questions the screens ask about providers and who belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.identity import Person
from app.providers.models import Membership, Provider
from app.providers.types import MembershipView, MemberView, ProviderView, Role


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
    query = _members().where(Membership.provider_id == provider_id).order_by(Person.name, Person.id)
    if people is not None:
        query = query.where(Membership.person_id.in_(people))
    if not with_ended:
        query = query.where(Membership.ended.is_(None))
    return tuple(_member_view(membership, person) for membership, person in session.execute(query))


def find_member(session: Session, provider_id: int, person: int | UUID) -> MemberView | None:
    """Return one of a provider's people by internal id or uuid: their present place, else the one that ended last."""
    where = Person.uuid == person if isinstance(person, UUID) else Person.id == person
    query = _members().where(Membership.provider_id == provider_id, where)
    newest_first = query.order_by(Membership.ended.is_not(None), Membership.started.desc(), Membership.id.desc())
    found = session.execute(newest_first.limit(1)).one_or_none()
    return None if found is None else _member_view(*found)


def people_ids(session: Session, provider_id: int, people: Collection[UUID]) -> tuple[int, ...]:
    """Return the internal ids of a provider's people, here now or before, by their uuids. Others are left out."""
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.provider_id == provider_id, Person.uuid.in_(people))
        .distinct()
    )
    return tuple(session.scalars(query)) if people else ()


def memberships_of(session: Session, person_id: int, *, now: datetime) -> tuple[MembershipView, ...]:
    """Return the places a person has at `now`, the newest first."""
    query = (
        select(Membership, Provider)
        .join(Provider, Membership.provider_id == Provider.id)
        .where(
            Membership.person_id == person_id,
            Membership.started <= now,
            or_(Membership.ended.is_(None), Membership.ended > now),
        )
        .order_by(Membership.started.desc(), Membership.id.desc())
    )
    return tuple(
        MembershipView(
            id=membership.id,
            person_id=person_id,
            provider=provider_view(provider),
            roles=frozenset(Role(row.role) for row in membership.roles),
            started=membership.started,
            ended=membership.ended,
        )
        for membership, provider in session.execute(query)
    )


def provider_view(row: Provider) -> ProviderView:
    """Return what leaves this package of a provider's row."""
    return ProviderView(id=row.id, uuid=row.uuid, name=row.name, contact=row.contact)


def _members() -> Select[Membership, Person]:
    return select(Membership, Person).join(Person, Membership.person_id == Person.id)


def _member_view(membership: Membership, person: Person) -> MemberView:
    return MemberView(
        membership_id=membership.id,
        person_id=person.id,
        person_uuid=person.uuid,
        name=person.name,
        provider_id=membership.provider_id,
        roles=frozenset(Role(row.role) for row in membership.roles),
        started=membership.started,
        ended=membership.ended,
        archived_at=person.archived_at,
        has_pin=person.pin_hash is not None,
        reference=membership.reference,
        email=membership.email,
    )
