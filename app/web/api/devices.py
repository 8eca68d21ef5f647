"""Enrolling a phone, giving it another id, and signing in on it again."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from app import identity, privacy, providers
from app.extensions import csrf, db
from app.kernel import DomainError, begin_write, utc_now
from app.providers import Role
from app.web.access import (
    address,
    allows,
    allows_anyone,
    allows_bearer,
    current_bearer,
    current_membership,
    current_person,
)
from app.web.api.payloads import Enrolled, PersonRef, ProviderRef, Rotated, SignedIn, SignIn
from app.web.api.reading import read
from app.web.api.replies import reply, server_id
from app.web.noting import note_own, note_refused


class PinWrong(DomainError):
    """The PIN does not match, or there is nobody to match it with."""

    code = "pin-wrong"


class Erased(DomainError):
    """The person was erased from this server: nobody can sign in as them, and no try at a PIN will help."""

    code = "erased"


@allows(*Role)
def enrol() -> Response:
    """Give the signed-in person's phone its id and tokens. The one call that takes a cookie, and so a CSRF token."""
    csrf.protect()
    person, place = current_person(), current_membership()
    enrolment = identity.enrol_phone(db.session(), person.id, provider_id=place.provider.id, now=utc_now())
    note_own("phone.added")
    db.session.commit()
    return reply(
        Enrolled(
            server=server_id(),
            dev=str(enrolment.dev),
            append=enrolment.append,
            read=enrolment.read or "",
            person=PersonRef(id=str(person.uuid), name=person.name),
            provider=ProviderRef(id=str(place.provider.uuid), name=place.provider.name),
        ),
        201,
    )


@allows_bearer("append")
def rotate() -> Response:
    """Give a phone that was told `rotate` a new id and append token."""
    enrolment = identity.rotate_phone(db.session(), current_bearer(), now=utc_now())
    db.session.commit()
    return reply(Rotated(server=server_id(), dev=str(enrolment.dev), append=enrolment.append), 201)


@allows_anyone
def sign_in() -> Response:
    """Give a phone new tokens for its person's PIN. Tries are counted per person, and more widely per address."""
    sent = read(SignIn)
    session, now = db.session(), utc_now()
    identity.take_try(session, f"pin-from:{address()}", now=now, tries=50)
    left = identity.take_try(session, f"pin:{sent.person}", now=now)
    # The try is counted before the slow check, and the database is free for others meanwhile.
    session.commit()
    person = identity.find_person(session, UUID(sent.person))
    if person is None and privacy.was_erased(session, UUID(sent.person)):
        raise Erased(
            "Your record here was erased. What is on this phone stays yours. To learn again, ask for a new code."
        )
    good = identity.check_pin(session, person.id if person else None, sent.pin)
    places = providers.memberships_of(session, person.id, now=now) if person else ()
    if not good and person is not None and left == 0:
        begin_write(session)
        note_refused(person, now=now)
        session.commit()
    if not good or person is None or not places:
        raise PinWrong(_words(left), field="pin")
    begin_write(session)
    identity.clear_tries(session, f"pin:{sent.person}")
    dev = UUID(sent.dev)
    # Somebody with two places has a phone for each: it stays where it was enrolled while they work there.
    enrolled_at = {phone.provider_id for phone in identity.phones_of(session, person.id) if phone.uuid == dev}
    place = next((place for place in places if place.provider.id in enrolled_at), places[0])
    tokens = identity.renew_tokens(session, person.id, dev, provider_id=place.provider.id, now=now)
    session.commit()
    return reply(SignedIn(server=server_id(), append=tokens.append, read=tokens.read or ""))


def _words(left: int) -> str:
    """Return the same words for everybody, known or not. A phone puts in whom its person asks (page/sign-in.ts)."""
    tries = {0: "Wait 15 minutes, then try again.", 1: "You have 1 more try."}.get(left, f"You have {left} more tries.")
    return f"That PIN does not match. {tries} Forgot it? Ask your manager for a new code."
