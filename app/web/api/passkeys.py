"""A carer's fingerprint or face in place of the PIN: adding it and taking it away with the PIN, signing in with it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app

from app import audit, identity, providers
from app.extensions import db
from app.identity import Bearer, PasskeyRefused, TokenRefused
from app.kernel import begin_write, utc_now
from app.providers import ProviderView
from app.web.access import (
    PASSKEYS_PER_ADDRESS,
    address,
    allows_anyone,
    allows_bearer,
    current_bearer,
    passkey_site,
)
from app.web.api.devices import WhichPlace, signed_in
from app.web.api.payloads import (
    NewPasskey,
    PasskeyAdded,
    PasskeyAsked,
    PasskeyChallenge,
    PasskeyRemoved,
    PasskeySignIn,
    PinShown,
)
from app.web.api.pins import refuse_erased, show_pin
from app.web.api.place import reader
from app.web.api.reading import read
from app.web.api.replies import reply, server_id


@allows_bearer("read")
def offer_new() -> Response:
    """Say what this phone is to make, once the PIN was typed: a phone found unlocked must not make itself a key."""
    sent, (who, _) = read(PinShown), reader()
    show_pin(who.person_uuid, sent.pin, placed=True, at=who.dev)
    session = db.session()
    # The PIN was right, whatever comes now.
    session.commit()
    options, ticket = identity.offer_to_add_on_phone(session, who, passkey_site(), secret=_secret(), now=utc_now())
    return _challenge(options, ticket, identity.newest_passkey(session, who.person_id))


@allows_bearer("read")
def add() -> Response:
    """Keep the passkey this phone made. The ticket shows that the PIN was typed on it just before."""
    sent, (who, place) = read(NewPasskey), reader()
    session, now = db.session(), utc_now()
    identity.take_try(session, f"passkey-address:{address()}", now=now, tries=PASSKEYS_PER_ADDRESS)
    answer = _answer(sent.credential)
    try:
        made = identity.add_on_phone(session, who, answer, sent.ticket, site=passkey_site(), secret=_secret(), now=now)
    except PasskeyRefused:
        # The challenge is used up, and the try is counted.
        session.commit()
        raise
    _note("passkey.added", who, place.provider)
    session.commit()
    return reply(PasskeyAdded(server=server_id(), passkey=made.added_at), 201)


@allows_bearer("read")
def remove() -> Response:
    """Take this person's passkeys away, on whichever phone they live, once the PIN was typed."""
    sent, who = read(PinShown), current_bearer()
    show_pin(who.person_uuid, sent.pin, placed=False, at=who.dev)
    session = db.session()
    if identity.remove_on_phone(session, who):
        place = None if who.provider_id is None else providers.find_provider(session, who.provider_id)
        _note("passkey.removed", who, place)
    session.commit()
    return reply(PasskeyRemoved(server=server_id(), person=str(who.person_uuid)))


@allows_anyone
def offer_sign_in() -> Response:
    """Say what a passkey has to answer on this phone. The same for everybody: nothing is looked up."""
    sent = read(PasskeyAsked)
    options, ticket = identity.offer_to_sign_in_on_phone(
        db.session(), UUID(sent.person), UUID(sent.dev), passkey_site(), secret=_secret(), now=utc_now()
    )
    return _challenge(options, ticket)


@allows_anyone
def sign_in() -> Response:
    """Give a phone new tokens for its person's passkey, as `devices.sign_in` does for the PIN."""
    sent = read(PasskeySignIn)
    session, now, who, dev = db.session(), utc_now(), UUID(sent.person), UUID(sent.dev)
    begin_write(session)
    identity.take_try(session, f"passkey-address:{address()}", now=now, tries=PASSKEYS_PER_ADDRESS)
    session.commit()
    person = identity.find_person(session, who)
    refuse_erased(person, who)
    begin_write(session)
    try:
        passkey = identity.check_on_phone(
            session, who, dev, _answer(sent.credential), sent.ticket, site=passkey_site(), secret=_secret(), now=now
        )
        places = providers.memberships_of(session, passkey.person_id, now=now)
        if person is None or not places:
            raise PasskeyRefused(identity.PASSKEY_REFUSED)
        return signed_in(person, places, sent, "passkey.used", passkey=passkey.added_at)
    except (PasskeyRefused, WhichPlace, TokenRefused):
        # The challenge is used up, whatever it did not open.
        session.commit()
        raise


def _challenge(options: str, ticket: str, passkey: datetime | None = None) -> Response:
    made: dict[str, Any] = json.loads(options)
    return reply(PasskeyChallenge(server=server_id(), ticket=ticket, options=made, passkey=passkey))


def _answer(credential: dict[str, Any]) -> str:
    """Return a browser's answer as text again. A number nothing can hold (`sync.parse_json`) becomes null."""
    return json.dumps(credential, default=lambda _unfit: None)


def _secret() -> bytes:
    """Return the secret that tickets are sealed under."""
    key: str = current_app.config["SECRET_KEY"]
    return key.encode()


def _note(action: str, who: Bearer, place: ProviderView | None) -> None:
    audit.note(
        db.session(),
        action,
        actor=audit.by_person(who.person_uuid),
        now=utc_now(),
        provider=place.uuid if place else None,
        details={"phone": str(who.dev)},
    )
