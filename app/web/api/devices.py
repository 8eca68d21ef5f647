"""Enrolling a phone, giving it another id, and signing in on it again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, request

from app import audit, identity, providers
from app.extensions import csrf, db
from app.identity import Enrolment, PersonView
from app.kernel import DomainError, utc_now
from app.providers import ProviderView, Role
from app.web.access import (
    allows,
    allows_anyone,
    allows_bearer,
    current_bearer,
    current_membership,
    current_person,
)
from app.web.api.payloads import Ended, Enrolled, PasskeySignIn, PersonRef, ProviderRef, Rotated, SignedIn, SignIn
from app.web.api.pins import Places, show_pin
from app.web.api.reading import nonce, read
from app.web.api.replies import reply, server_id
from app.web.noting import note_own


class WhichPlace(DomainError):
    """A phone nobody knows, of somebody with several places or of a place they have not: only a code says which."""

    code = "which-place"


@allows(*Role)
def enrol() -> Response:
    """Give the signed-in person's phone its id and tokens. The one call that takes a cookie, and so a CSRF token."""
    csrf.protect()
    return reply(new_phone(current_person(), current_membership().provider), 201)


def new_phone(person: PersonView, place: ProviderView) -> Enrolled:
    """Enrol one more phone of the signed-in person at this place, note it, and commit."""
    enrolment = identity.enrol_phone(db.session(), person.id, provider_id=place.id, now=utc_now())
    passkey = identity.newest_passkey(db.session(), person.id)
    note_own("phone.added")
    db.session.commit()
    return enrolled(enrolment, person, place, passkey)


def enrolled(enrolment: Enrolment, person: PersonView, place: ProviderView, passkey: datetime | None) -> Enrolled:
    """Return what a phone that was just enrolled is told, wherever that happened."""
    return Enrolled(
        server=server_id(),
        dev=str(enrolment.dev),
        append=enrolment.append,
        read=enrolment.read or "",
        person=PersonRef(id=str(person.uuid), name=person.name),
        provider=ProviderRef(id=str(place.uuid), name=place.name),
        passkey=passkey,
    )


@allows_bearer("append")
def rotate() -> Response:
    """Give a phone that was told `rotate` a new id and append token.

    `n` comes back as it was sent. Phones of release 0.1 send none: their clone's answer could pass for their own.
    """
    sent = nonce() if "n" in request.args else None
    enrolment = identity.rotate_phone(db.session(), current_bearer(), now=utc_now())
    db.session.commit()
    return reply(Rotated(server=server_id(), dev=str(enrolment.dev), append=enrolment.append, n=sent), 201)


@allows_bearer("append")
def end() -> Response:
    """End a phone its person took themselves off: its tokens, and the browser sign-ins that could set it up again."""
    who, session, now = current_bearer(), db.session(), utc_now()
    identity.end_phone(session, who.person_id, who.dev, now=now)
    place = None if who.provider_id is None else providers.find_provider(session, who.provider_id)
    audit.note(
        session,
        "phone.removed",
        actor=audit.by_person(who.person_uuid),
        now=now,
        provider=place.uuid if place else None,
        subject=who.person_uuid,
        details={"phone": str(who.dev)},
    )
    session.commit()
    return reply(Ended(server=server_id(), dev=str(who.dev)))


@allows_anyone
def sign_in() -> Response:
    """Give a phone new tokens for its person's PIN."""
    sent = read(SignIn)
    person, places = show_pin(UUID(sent.person), sent.pin, placed=True, at=UUID(sent.dev))
    passkey = identity.newest_passkey(db.session(), person.id)
    return signed_in(person, places, sent, "phone.signed-in", passkey=passkey)


def signed_in(
    person: PersonView, places: Places, sent: SignIn | PasskeySignIn, action: str, *, passkey: datetime | None
) -> Response:
    """Give the phone `sent.dev` new tokens of somebody who has just shown who they are, note `action`, and commit.

    Raises WhichPlace, or TokenRefused when the phone is another person's.
    """
    dev = UUID(sent.dev)
    session, now = db.session(), utc_now()
    # Somebody with two places has a phone for each: it stays where it was enrolled while they work there.
    enrolled_at = {phone.provider_id for phone in identity.phones_of(session, person.id) if phone.uuid == dev}
    fitting = [place for place in places if place.provider.id in enrolled_at] or places
    # Forgotten here, with the place it was of or by a server put back: what waits on it is for no other place.
    strayed = not enrolled_at and sent.provider not in (None, str(fitting[0].provider.uuid))
    if strayed or len(fitting) > 1:
        # The PIN may have been set with a code of any of them, which opens nothing at the others.
        raise WhichPlace("Only a code says for which place this is. Ask your manager for a new one, and type it here.")
    place = fitting[0].provider
    tokens = identity.renew_tokens(session, person.id, dev, provider_id=place.id, now=now)
    who = audit.by_person(person.uuid)
    audit.note(session, action, actor=who, now=now, provider=place.uuid, details={"phone": str(dev)})
    session.commit()
    whose = str(person.uuid)
    return reply(
        SignedIn(
            server=server_id(),
            person=whose,
            dev=str(tokens.dev),
            append=tokens.append,
            read=tokens.read or "",
            passkey=passkey,
        )
    )
