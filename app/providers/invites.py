"""Invites: a code from a manager that lets one person in, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import identity
from app.identity import Person
from app.providers.codes import clean_code, code_hmac, new_code
from app.providers.errors import InviteRefused, ProviderError
from app.providers.models import Invite, Provider
from app.providers.names import called
from app.providers.queries import find_member
from app.providers.types import InviteProblem, InviteTrouble, InviteView

LIFE = timedelta(days=14)
# Ten wrong codes in a quarter of an hour from one address: a whole sheet of misread codes, but no guessing.
WRONG_CODES = 10


def issue_invite(
    session: Session,
    provider_id: int,
    person_id: int,
    *,
    secret: bytes,
    now: datetime,
    issued_by: int | None = None,
    life: timedelta = LIFE,
) -> str:
    """Return a new code for a person of this provider; codes given before stop working. Shown once, never stored.

    `secret` is the server's secret key. Raises ProviderError(code="person-unknown") when they have no place here.
    """
    member = find_member(session, provider_id, person_id)
    if member is None or member.ended is not None:
        raise ProviderError("This person has no place here now.", code="person-unknown")
    revoke_invites(session, provider_id, person_id, now=now)
    code = new_code()
    session.add(
        Invite(
            code_hmac=code_hmac(code, secret),
            person_id=person_id,
            provider_id=provider_id,
            issued_by=issued_by,
            issued_at=now,
            expires_at=now + life,
        )
    )
    session.flush()
    return code


def look_up_invite(
    session: Session, typed: str, *, secret: bytes, address: str, now: datetime
) -> InviteView | InviteTrouble:
    """Say whose code this is, or why it does not work.

    `address` is where the try came from; wrong codes are counted for it, so commit whatever comes back.
    """
    key = f"invite:{address}"
    try:
        identity.throttle(session, key, now=now, tries=WRONG_CODES)
    except identity.Throttled as error:
        return InviteTrouble(problem=InviteProblem.THROTTLED, message=str(error), retry_after=error.retry_after)
    found = _find(session, typed, secret=secret, now=now)
    if isinstance(found, InviteTrouble) and found.problem is InviteProblem.WRONG:
        try:
            identity.take_try(session, key, now=now, tries=WRONG_CODES)
        except identity.Throttled as error:
            return InviteTrouble(problem=InviteProblem.THROTTLED, message=str(error), retry_after=error.retry_after)
    return found


def accept_invite(session: Session, typed: str, *, secret: bytes, now: datetime) -> InviteView:
    """Use a code up: of two people who send it at the same moment, one gets in. Set the PIN in the same transaction.

    Raises InviteRefused, whose `trouble` says why.
    """
    found = _find(session, typed, secret=secret, now=now)
    if isinstance(found, InviteTrouble):
        raise InviteRefused(found)
    taken = session.scalars(
        update(Invite)
        .where(Invite.id == found.id, Invite.used_at.is_(None))
        .values(used_at=now)
        .returning(Invite.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        raise InviteRefused(_used(found.contact))
    return found


def people_with_codes(session: Session, provider_id: int, *, now: datetime) -> frozenset[int]:
    """Return who has a code here that still works, by person id."""
    query = select(Invite.person_id).where(
        Invite.provider_id == provider_id,
        Invite.used_at.is_(None),
        Invite.revoked_at.is_(None),
        Invite.expires_at > now,
    )
    return frozenset(session.scalars(query))


def revoke_invites(session: Session, provider_id: int, person_id: int, *, now: datetime) -> None:
    """Stop every unused code of this person at this provider. Safe to repeat."""
    session.execute(
        update(Invite)
        .where(
            Invite.person_id == person_id,
            Invite.provider_id == provider_id,
            Invite.used_at.is_(None),
            Invite.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def _find(session: Session, typed: str, *, secret: bytes, now: datetime) -> InviteView | InviteTrouble:
    code = clean_code(typed)
    found = None
    if code is not None:
        found = session.execute(
            select(Invite, Person, Provider, called(Invite.provider_id))
            .join(Person, Invite.person_id == Person.id)
            .join(Provider, Invite.provider_id == Provider.id)
            .where(Invite.code_hmac == code_hmac(code, secret))
            .execution_options(populate_existing=True)
        ).one_or_none()
    if found is None:
        return InviteTrouble(
            problem=InviteProblem.WRONG, message="That code does not match. Look at it again, or ask for a new one."
        )
    invite, person, provider, name = found
    if invite.used_at is not None:
        return _used(provider.contact)
    if invite.expires_at <= now or invite.revoked_at is not None or person.archived_at is not None:
        return InviteTrouble(
            problem=InviteProblem.EXPIRED,
            message=f"This code has run out. Ask {provider.contact} for a new one. It takes a minute.",
        )
    return InviteView(
        id=invite.id,
        person_id=person.id,
        person_uuid=person.uuid,
        person_name=name,
        provider_id=provider.id,
        provider_name=provider.name,
        contact=provider.contact,
        expires_at=invite.expires_at,
    )


def _used(contact: str) -> InviteTrouble:
    return InviteTrouble(
        problem=InviteProblem.USED,
        message=f"This code has been used. Ask {contact} for a new one. It takes a minute.",
    )
