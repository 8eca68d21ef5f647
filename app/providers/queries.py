"""Questions the screens ask about providers and who belongs to them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.identity import Person
from app.providers.models import Membership, Provider
from app.providers.types import MemberView, ProviderView, Role


def find_provider(session: Session, provider: int | UUID | str) -> ProviderView | None:
    """Return a provider by internal id, uuid or exact name."""
    column = {int: Provider.id, UUID: Provider.uuid, str: Provider.name}[type(provider)]
    row = session.scalars(select(Provider).where(column == provider)).one_or_none()
    return None if row is None else provider_view(row)


def list_providers(session: Session) -> tuple[ProviderView, ...]:
    """Return all providers by name."""
    return tuple(provider_view(row) for row in session.scalars(select(Provider).order_by(Provider.name)))


def list_members(session: Session, provider_id: int, *, with_ended: bool = False) -> tuple[MemberView, ...]:
    """Return a provider's people by name; those who left only when asked for."""
    query = _members().where(Membership.provider_id == provider_id).order_by(Person.name, Person.id)
    if not with_ended:
        query = query.where(Membership.ended.is_(None))
    return tuple(_member_view(membership, person) for membership, person in session.execute(query))


def memberships_of(session: Session, person_id: int) -> tuple[MemberView, ...]:
    """Return every place a person has or had, the newest first."""
    query = (
        _members().where(Membership.person_id == person_id).order_by(Membership.started.desc(), Membership.id.desc())
    )
    return tuple(_member_view(membership, person) for membership, person in session.execute(query))


def current_membership(session: Session, person_id: int, provider_id: int | None = None) -> MemberView | None:
    """Return a person's present place: at `provider_id` when given, else the one begun last."""
    for membership in memberships_of(session, person_id):
        if membership.ended is None and provider_id in (None, membership.provider_id):
            return membership
    return None


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
    )
