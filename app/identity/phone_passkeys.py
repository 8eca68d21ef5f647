"""Passkeys of carers, on their own phones: a fingerprint or a face in place of the PIN.

A passkey of somebody without a password was let in by a PIN alone, and that bounds it. It gives a phone new tokens and
opens no staff page, it goes with the PIN it was added with, and with every phone that is ended: nobody can say which
phone it lives on. Somebody with a password adds theirs on the staff pages, and those work on the phone as well.

A phone has no cookie here, so what the server has to remember between its two calls travels as a sealed ticket.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity.errors import HasPassword, PasskeyRefused
from app.identity.models import Passkey, Person
from app.identity.passkeys import (
    CHALLENGE_LASTS,
    PASSKEY_REFUSED,
    PasskeySite,
    add_passkey,
    challenge_as_text,
    challenge_of,
    check_passkey,
    new_challenge,
    options_to_add,
    options_to_sign_in,
)
from app.identity.sealing import seal, unseal
from app.identity.service import forget_passkeys_of_pin
from app.identity.types import Bearer, PasskeyView

ON_STAFF_PAGES = "You sign in to the staff pages too, so your passkeys are kept there. Here, go on with your PIN."
NAME = "Phone"
# No person has this id: what nobody answers for is looked at as long as what somebody does.
NOBODY = 0


def offer_to_add_on_phone(
    session: Session, who: Bearer, site: PasskeySite, *, secret: bytes, now: datetime
) -> tuple[str, str]:
    """Return what `navigator.credentials.create` is given, as JSON, and the ticket to send back with its answer.

    Call it only once the PIN was shown. Raises HasPassword.
    """
    person = _person(session, who)
    challenge = new_challenge()
    ticket = _ticket(challenge, who.person_uuid, _adding(who, person), secret, now)
    return options_to_add(session, person.id, site, challenge), ticket


def add_on_phone(
    session: Session, who: Bearer, answer: str, ticket: str, *, site: PasskeySite, secret: bytes, now: datetime
) -> PasskeyView:
    """Store the passkey this phone has just made. Flushes; commit also when it raises.

    Raises PasskeyRefused, also when the PIN was changed or a phone was ended since the ticket was given; HasPassword.
    """
    person = _person(session, who)
    challenge = _challenge(ticket, who.person_uuid, _adding(who, person), secret, now)
    return add_passkey(session, person.id, answer, site=site, challenge=challenge, name=NAME, now=now)


def remove_on_phone(session: Session, who: Bearer) -> bool:
    """Take this person's passkeys away, on every phone. Says whether there were any. Raises HasPassword."""
    return forget_passkeys_of_pin(session, _person(session, who).id)


def offer_to_sign_in_on_phone(
    session: Session, person: UUID, dev: UUID, site: PasskeySite, *, secret: bytes, now: datetime
) -> tuple[str, str]:
    """Return what `navigator.credentials.get` is given, as JSON, and the ticket to send back with its answer.

    The same for everybody: nothing is looked up, so nobody learns who is here or who has a passkey.
    """
    challenge = new_challenge()
    return options_to_sign_in(session, None, site, challenge), _ticket(challenge, person, _signing_in(dev), secret, now)


def check_on_phone(
    session: Session,
    person: UUID,
    dev: UUID,
    answer: str,
    ticket: str,
    *,
    site: PasskeySite,
    secret: bytes,
    now: datetime,
) -> PasskeyView:
    """Return the passkey by which this person signs in on this phone. Flushes; commit also when it raises.

    Raises PasskeyRefused, in the same words for everybody.
    """
    challenge = _challenge(ticket, person, _signing_in(dev), secret, now)
    # Held as whoever ends a phone holds it: its passkeys go first, or the tokens it is about to get go with it.
    this = select(Person.id).where(Person.uuid == person).with_for_update()
    person_id = session.scalars(this).one_or_none() or NOBODY
    return check_passkey(session, answer, site=site, challenge=challenge, now=now, person_id=person_id)


def newest_passkey(session: Session, person_id: int) -> datetime | None:
    """Return when this person's newest passkey was added; None without one."""
    newest = select(Passkey.added_at).where(Passkey.person_id == person_id).order_by(Passkey.id.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def _person(session: Session, who: Bearer) -> Person:
    """Return the row as it is now, held until the transaction ends: a PIN set meanwhile counts, or waits."""
    this = select(Person).where(Person.id == who.person_id).with_for_update()
    row = session.scalars(this.execution_options(populate_existing=True)).one()
    if row.password_hash is not None:
        raise HasPassword(ON_STAFF_PAGES)
    return row


def _adding(who: Bearer, person: Person) -> str:
    # The generation grows with each new PIN, and with each phone that is ended.
    return f"add {who.dev} {person.sign_in_generation}"


def _signing_in(dev: UUID) -> str:
    return f"sign in {dev}"


def _ticket(challenge: bytes, owner: UUID, purpose: str, secret: bytes, now: datetime) -> str:
    return seal(f"{now.isoformat()} {challenge_as_text(challenge)}", f"passkey {purpose}", owner, secret=secret)


def _challenge(ticket: str, owner: UUID, purpose: str, secret: bytes, now: datetime) -> bytes:
    """Return what a ticket holds. Raises PasskeyRefused for one of another person, phone, purpose or time."""
    opened = unseal(ticket, f"passkey {purpose}", owner, secret=secret)
    if opened is not None:
        at, challenge = opened.split(" ")
        if datetime.fromisoformat(at) <= now <= datetime.fromisoformat(at) + CHALLENGE_LASTS:
            return challenge_of(challenge)
    raise PasskeyRefused(PASSKEY_REFUSED)
