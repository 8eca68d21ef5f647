"""Passkeys (WebAuthn): kept by a person's phone, computer or security key, which asks for a finger, face or PIN itself.

So a passkey counts as both steps. User verification is asked for and checked every time. The library is read when the
first is asked for: it brings 14 MB that most processes never need.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.identity.errors import PasskeyRefused, PersonUnknown
from app.identity.models import Passkey, Person, SpentChallenge
from app.identity.types import PasskeyView
from app.kernel import insert_if_new, new_uuid7

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

CHALLENGE_LASTS = timedelta(minutes=5)
# Longer than anything may be answered: passkeys in five minutes, an OpenID provider in ten.
SPENT_KEPT = timedelta(minutes=20)
# Nobody needs more, and a sign-in looks through them.
MOST_PASSKEYS = 10
# What a browser sends is a kilobyte or two; with a certificate chain, some more.
LARGEST_ANSWER = 20_000
NAME_LONGEST = 60
PASSKEY_REFUSED = "That passkey did not work here. Try again, or use another way."


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeySite:
    """Whose passkeys these are: the settings' own name and origin, never what a request claims."""

    name: str
    host: str
    origin: str


def new_challenge() -> bytes:
    """Return 64 random bytes for one ceremony. The browser's sign-in carries them; `spend` lets them be used once."""
    return secrets.token_bytes(64)


def challenge_as_text(challenge: bytes) -> str:
    """Return a challenge as a browser's sign-in or a ticket carries it: base64url without its ending."""
    return base64.urlsafe_b64encode(challenge).decode().rstrip("=")


def challenge_of(text: str) -> bytes:
    """Return the challenge a text carries."""
    return base64.urlsafe_b64decode(f"{text}===")


def options_to_add(session: Session, person_id: int, site: PasskeySite, challenge: bytes) -> str:
    """Return what `navigator.credentials.create` is given, as JSON. Raises PersonUnknown."""
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    person = session.get(Person, person_id)
    if person is None:
        raise PersonUnknown("We do not know this person.")
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=person.uuid.bytes,
            user_name=person.sign_in_name or person.name,
            user_display_name=person.name,
            challenge=challenge,
            timeout=int(CHALLENGE_LASTS.total_seconds() * 1000),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_known(session, person_id),
        )
    )


def options_to_sign_in(session: Session, person_id: int | None, site: PasskeySite, challenge: bytes) -> str:
    """Return what `navigator.credentials.get` is given, as JSON. Without a person any passkey may answer."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            timeout=int(CHALLENGE_LASTS.total_seconds() * 1000),
            allow_credentials=_known(session, person_id) if person_id is not None else None,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def add_passkey(
    session: Session, person_id: int, answer: str, *, site: PasskeySite, challenge: bytes, name: str, now: datetime
) -> PasskeyView:
    """Store the passkey a browser has just made. Raises PasskeyRefused, also for a challenge that was used. Flushes."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    credential = _parsed(answer)
    _spend(session, challenge, now)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused(PASSKEY_REFUSED) from error
    clean = " ".join("".join(c for c in name if c.isprintable()).split())[:NAME_LONGEST] or "Passkey"
    known = session.scalars(select(Passkey).where(Passkey.person_id == person_id)).all()
    if len(known) >= MOST_PASSKEYS:
        raise PasskeyRefused(f"You have {MOST_PASSKEYS} passkeys. Take one away first.")
    if session.scalars(select(Passkey.id).where(Passkey.credential_id == made.credential_id)).first() is not None:
        raise PasskeyRefused("This passkey is here already.")
    row = Passkey(
        uuid=new_uuid7(),
        person_id=person_id,
        name=clean,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return view(row)


def check_passkey(
    session: Session, answer: str, *, site: PasskeySite, challenge: bytes, now: datetime, person_id: int | None = None
) -> PasskeyView:
    """Return the passkey that answered. Raises PasskeyRefused. Flushes; commit also when it raises.

    With `person_id` it has to be theirs. Without, it stands for a name and password and a second step, so it has to be
    somebody's who has a password: a carer's was let in by a PIN. The sign count has to grow, if the passkey counts at
    all: one that falls back was copied.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    credential = _parsed(answer)
    _spend(session, challenge, now)
    try:
        raw_id = webauthn.base64url_to_bytes(credential["rawId"])
        found = session.execute(
            select(Passkey, Person)
            .join(Person, Person.id == Passkey.person_id)
            .where(Passkey.credential_id == raw_id, Person.archived_at.is_(None))
            .with_for_update(of=Passkey)
        ).one_or_none()
        if found is None or (person_id is not None and found.Passkey.person_id != person_id):
            raise PasskeyRefused(PASSKEY_REFUSED)
        row, person = found
        if person_id is None and person.password_hash is None:
            raise PasskeyRefused(PASSKEY_REFUSED)
        handle = credential["response"].get("userHandle")
        if handle and webauthn.base64url_to_bytes(handle) != person.uuid.bytes:
            raise PasskeyRefused(PASSKEY_REFUSED)
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PasskeyRefused(PASSKEY_REFUSED) from error
    row.sign_count = verified.new_sign_count
    row.last_used_at = now
    session.flush()
    return view(row)


def view(row: Passkey) -> PasskeyView:
    """Return a passkey as other packages see it."""
    return PasskeyView(
        uuid=row.uuid, person_id=row.person_id, name=row.name, added_at=row.added_at, last_used_at=row.last_used_at
    )


def _known(session: Session, person_id: int) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    ids = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id).order_by(Passkey.id))
    return [PublicKeyCredentialDescriptor(id=each) for each in ids]


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LARGEST_ANSWER:
        raise PasskeyRefused(PASSKEY_REFUSED)
    try:
        credential = json.loads(answer)
    except ValueError as error:
        raise PasskeyRefused(PASSKEY_REFUSED) from error
    if not isinstance(credential, dict):
        raise PasskeyRefused(PASSKEY_REFUSED)
    return credential


def _spend(session: Session, challenge: bytes, now: datetime) -> None:
    if not spend(session, challenge, now=now):
        raise PasskeyRefused(PASSKEY_REFUSED)


def spend(session: Session, challenge: bytes, *, now: datetime) -> bool:
    """Use a challenge up, in every process; says whether it was not used before. Flushes.

    The cookie that carries it could be played again; this row cannot.
    """
    session.execute(delete(SpentChallenge).where(SpentChallenge.at < now - SPENT_KEPT))
    hashed = hashlib.sha256(challenge).hexdigest()
    new = session.scalars(
        insert_if_new(session, SpentChallenge).values(hash=hashed, at=now).returning(SpentChallenge.hash)
    ).all()
    return bool(new)
