"""Setting up a provider, and who belongs to it in which roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import identity
from app.kernel import new_uuid7
from app.providers.errors import ProviderError
from app.providers.models import Membership, MembershipRole, Provider
from app.providers.queries import find_member, provider_view
from app.providers.types import MemberView, ProviderView, Role


def add_provider(session: Session, name: str, *, contact: str, now: datetime) -> ProviderView:
    """Add a care organisation. `contact` is the first name its people are told to ask.

    Raises ProviderError, code "name-empty" or "name-taken".
    """
    name, contact = _clean(name, "name", 120), _clean(contact, "contact", 60)
    _check_name_is_free(session, name)
    row = Provider(uuid=new_uuid7(), name=name, contact=contact, added_at=now)
    session.add(row)
    session.flush()
    return provider_view(row)


def add_person(
    session: Session,
    provider_id: int,
    name: str,
    roles: Iterable[Role],
    *,
    now: datetime,
    sign_in_name: str | None = None,
) -> MemberView:
    """Add a person and their place at the provider. They cannot sign in until they accept an invite or get a password.

    Raises identity.IdentityError for the name, ProviderError(code="no-role") without a role.
    """
    person = identity.add_person(session, name, now=now, sign_in_name=sign_in_name)
    return add_membership(session, provider_id, person.id, roles, now=now)


def add_membership(
    session: Session, provider_id: int, person_id: int, roles: Iterable[Role], *, now: datetime
) -> MemberView:
    """Give a known person a place at a provider. Safe to repeat: a place they have gets these roles."""
    found = find_member(session, provider_id, person_id)
    if found is None or found.ended is not None:
        session.add(Membership(person_id=person_id, provider_id=provider_id, started=now))
        session.flush()
    change_roles(session, provider_id, person_id, roles)
    member = find_member(session, provider_id, person_id)
    if member is None:  # pragma: no cover - it was flushed three lines above
        raise ProviderError("We do not know this person.", code="person-unknown")
    return member


def change_roles(session: Session, provider_id: int, person_id: int, roles: Iterable[Role]) -> None:
    """Set the roles of a person's present place. Raises ProviderError, code "no-role" or "person-unknown"."""
    wanted = sorted({Role(role) for role in roles})
    if not wanted:
        raise ProviderError("Pick at least one role.", code="no-role", field="roles")
    row = _current_row(session, provider_id, person_id)
    row.roles = [found for found in row.roles if found.role in wanted]
    kept = {found.role for found in row.roles}
    row.roles.extend(MembershipRole(role=role.value) for role in wanted if role not in kept)
    session.flush()


def end_membership(session: Session, provider_id: int, person_id: int, *, now: datetime) -> None:
    """End a person's place. Their records stay, and what their phone still holds may still come. Safe to repeat."""
    member = find_member(session, provider_id, person_id)
    if member is None or member.ended is not None:
        return
    _current_row(session, provider_id, person_id).ended = now
    session.flush()


def _current_row(session: Session, provider_id: int, person_id: int) -> Membership:
    row = session.scalars(
        select(Membership).where(
            Membership.person_id == person_id, Membership.provider_id == provider_id, Membership.ended.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise ProviderError("This person has no place here now.", code="person-unknown")
    return row


def _check_name_is_free(session: Session, name: str) -> None:
    if session.scalars(select(Provider.id).where(Provider.name == name)).first() is not None:
        raise ProviderError("There is a provider with this name. Pick another.", code="name-taken", field="name")


def _clean(text: str, field: str, longest: int) -> str:
    clean = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    if not clean:
        raise ProviderError("Type a name.", code="name-empty", field=field)
    if len(clean) > longest:
        raise ProviderError(f"Use at most {longest} letters.", code="name-too-long", field=field)
    return clean
