"""Setting up a provider, and who belongs to it in which roles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import identity
from app.identity import Person
from app.kernel import day_of, new_uuid7
from app.providers.errors import ProviderError
from app.providers.models import Membership, MembershipRole, Provider
from app.providers.queries import CALLED, find_member, provider_view
from app.providers.teams import leave_teams, registered_manager, return_to_teams
from app.providers.types import MemberView, ProviderView, Role

# A day without a time: noon, which is that day in England all year.
NOON = time(12)
LONGEST_REFERENCE = 40
LONGEST_EMAIL = 254
# Words with dots between them (RFC 5322, dot-atom) at the name of a host. Brackets, colons and quotes would make it a
# group, a comment or another address. Whether it is theirs, only a message to it can show.
EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)


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
    """Give a known person a place at a provider. Safe to repeat: a place they have gets these roles.

    Somebody who comes back has the e-mail address, the teams and, if nobody took it, the staff number they had.
    """
    found = find_member(session, provider_id, person_id)
    if found is None or found.ended is not None:
        row = Membership(person_id=person_id, provider_id=provider_id, started=now)
        if found is not None and found.ended is not None:
            row.email = found.email
            row.name = session.scalars(select(Membership.name).where(Membership.id == found.membership_id)).one()
            row.reference = _reference_if_free(session, provider_id, found.reference)
        session.add(row)
        session.flush()
        if found is not None and found.ended is not None:
            return_to_teams(session, provider_id, person_id, left=found.ended, now=now)
    change_roles(session, provider_id, person_id, roles)
    member = find_member(session, provider_id, person_id)
    if member is None:  # pragma: no cover - it was flushed three lines above
        raise ProviderError("We do not know this person.", code="person-unknown")
    return member


def change_roles(session: Session, provider_id: int, person_id: int, roles: Iterable[Role]) -> None:
    """Set the roles of a person's present place. They count from the next request on.

    Raises ProviderError, code "no-role" or "person-unknown"; "last-manager" where no manager would be left;
    "registered-manager" for whoever is named as such.
    """
    wanted = sorted({Role(role) for role in roles})
    if not wanted:
        raise ProviderError("Pick at least one role.", code="no-role", field="roles")
    row = _current_row(session, provider_id, person_id)
    if Role.MANAGER not in wanted and any(found.role == Role.MANAGER for found in row.roles):
        _check_may_stop_managing(session, row)
    row.roles = [found for found in row.roles if found.role in wanted]
    kept = {found.role for found in row.roles}
    row.roles.extend(MembershipRole(role=role.value) for role in wanted if role not in kept)
    session.flush()


def end_membership(session: Session, provider_id: int, person_id: int, *, now: datetime) -> None:
    """End a person's place, in its teams too. Their records stay, and what their phone still holds may still come.

    Safe to repeat.
    """
    member = find_member(session, provider_id, person_id)
    if member is None or member.ended is not None:
        return
    _current_row(session, provider_id, person_id).ended = now
    leave_teams(session, provider_id, person_id, now=now)
    session.flush()


def set_details(session: Session, provider_id: int, person_id: int, *, reference: str, email: str) -> MemberView:
    """Set the staff number and e-mail address of a person's present place; empty texts take them away.

    Raises ProviderError: code "person-unknown"; "reference-taken" or "reference-too-long"; "email-odd".
    """
    row = _current_row(session, provider_id, person_id)
    clean = clean_reference(reference)
    if clean and clean.casefold() != (row.reference or "").casefold():
        taken = _has_reference(session, provider_id, clean)
        if taken is not None:
            raise ProviderError(f"{taken} has this staff number.", code="reference-taken", field="reference")
    row.reference = clean or None
    # An address taken in under an older rule holds nothing else up.
    row.email = row.email if email == row.email else clean_email(email) or None
    session.flush()
    member = find_member(session, provider_id, person_id)
    if member is None:  # pragma: no cover - its row is in our hands
        raise ProviderError("We do not know this person.", code="person-unknown")
    return member


def set_started(session: Session, provider_id: int, person_id: int, day: date) -> bool:
    """Put right since which day a person has their present place; says whether that is another day.

    Raises ProviderError: code "person-unknown"; "started-odd" for a day before an earlier place of theirs here ended.
    A day that is still to come is the caller's to refuse: a place that has not begun opens nothing.
    """
    row = _current_row(session, provider_id, person_id)
    if day_of(row.started) == day:
        return False
    earlier = select(func.max(Membership.ended)).where(
        Membership.person_id == person_id, Membership.provider_id == provider_id, Membership.ended.is_not(None)
    )
    before = session.scalars(earlier).one()
    moment = datetime.combine(day, NOON, UTC)
    if before is not None and moment < before:
        raise ProviderError(
            "They were here before, until a later day than this. Pick a day after that.",
            code="started-odd",
            field="started",
        )
    row.started = moment
    session.flush()
    return True


def one_at_a_time(session: Session, provider_id: int) -> None:
    """Let whoever else changes who belongs to this provider wait until the commit."""
    session.scalars(select(Provider.id).where(Provider.id == provider_id).with_for_update()).one()


def clean_reference(reference: str) -> str:
    """Return a staff number without what is not seen. Raises ProviderError(code="reference-too-long")."""
    clean = " ".join("".join(c for c in reference if c.isprintable() or c.isspace()).split())
    if len(clean) > LONGEST_REFERENCE:
        raise ProviderError(f"Use at most {LONGEST_REFERENCE} letters.", code="reference-too-long", field="reference")
    return clean


def clean_email(email: str) -> str:
    """Return an e-mail address, or an empty text for none. Raises ProviderError(code="email-odd")."""
    clean = email.strip()
    if clean and (len(clean) > LONGEST_EMAIL or not EMAIL.fullmatch(clean)):
        raise ProviderError(
            "Type an e-mail address such as ngozi@example.org, or leave it empty.", code="email-odd", field="email"
        )
    return clean


def _has_reference(session: Session, provider_id: int, reference: str) -> str | None:
    query = (
        select(CALLED)
        .select_from(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.provider_id == provider_id,
            Membership.ended.is_(None),
            func.lower(Membership.reference) == func.lower(reference),
        )
    )
    return session.scalars(query.limit(1)).first()


def _reference_if_free(session: Session, provider_id: int, reference: str | None) -> str | None:
    return None if reference is None or _has_reference(session, provider_id, reference) else reference


def _check_may_stop_managing(session: Session, row: Membership) -> None:
    # Two managers who take the role from each other at once would leave nobody.
    one_at_a_time(session, row.provider_id)
    others = (
        select(MembershipRole.membership_id)
        .join(Membership, MembershipRole.membership_id == Membership.id)
        .where(
            Membership.provider_id == row.provider_id,
            Membership.ended.is_(None),
            Membership.id != row.id,
            MembershipRole.role == Role.MANAGER.value,
        )
    )
    if session.scalars(others.limit(1)).first() is None:
        raise ProviderError(
            "Somebody has to be manager here. Make another person manager first.", code="last-manager", field="roles"
        )
    named = registered_manager(session, row.provider_id)
    if named is not None and named.person_id == row.person_id:
        raise ProviderError(
            f"{named.name} is the registered manager here. Name somebody else first.",
            code="registered-manager",
            field="roles",
        )


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
