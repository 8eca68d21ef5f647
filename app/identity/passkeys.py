"""Passkeys (WebAuthn): kept by a person's phone, computer or security key, which asks for a finger, face or PIN itself.

So a passkey counts as both steps. User verification is asked for and checked every time. The library is read when the
first is asked for: most processes never need it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.identity.errors import PasskeyRefused, PersonUnknown
from app.identity.models import Passkey, Person, SpentChallenge
from app.identity.types import PasskeyView
from app.kernel import insert_if_new, new_uuid7

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialDescriptor

CHALLENGE_LASTS = timedelta(minutes=5)
T = TypeVar("T")
# ES256, EdDSA and RS256 (COSE), which between them every device has.
ALGORITHMS = (-7, -8, -257)
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
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    person = session.get(Person, person_id)
    if person is None:
        raise PersonUnknown("We do not know this person.")
    options, _ = _server(site).register_begin(
        PublicKeyCredentialUserEntity(
            id=person.uuid.bytes, name=person.sign_in_name or person.name, display_name=person.name
        ),
        credentials=_known(session, person_id),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=challenge,
    )
    return _as_json(options.public_key)


def options_to_sign_in(session: Session, person_id: int | None, site: PasskeySite, challenge: bytes) -> str:
    """Return what `navigator.credentials.get` is given, as JSON. Without a person any passkey may answer."""
    from fido2.webauthn import UserVerificationRequirement

    options, _ = _server(site).authenticate_begin(
        credentials=_known(session, person_id) if person_id is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=challenge,
    )
    return _as_json(options.public_key)


def add_passkey(
    session: Session, person_id: int, answer: str, *, site: PasskeySite, challenge: bytes, name: str, now: datetime
) -> PasskeyView:
    """Store the passkey a browser has just made. Raises PasskeyRefused, also for a challenge that was used. Flushes."""
    credential = _parsed(answer)
    _spend(session, challenge, now)
    made = _or_refused(lambda: _made(credential, site, challenge))
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
        public_key=made.public_key,
        sign_count=made.count,
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
    credential = _parsed(answer)
    _spend(session, challenge, now)
    raw_id = _or_refused(lambda: challenge_of(credential["rawId"]))
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
    known = _Key(credential_id=row.credential_id, public_key=row.public_key, count=row.sign_count)
    row.sign_count = _or_refused(lambda: _count_shown(credential, known, person.uuid.bytes, site, challenge))
    row.last_used_at = now
    session.flush()
    return view(row)


def view(row: Passkey) -> PasskeyView:
    """Return a passkey as other packages see it."""
    return PasskeyView(
        uuid=row.uuid, person_id=row.person_id, name=row.name, added_at=row.added_at, last_used_at=row.last_used_at
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """A passkey as its owner's device shows it: its id, its public key (COSE), and how often it was used."""

    credential_id: bytes
    public_key: bytes
    count: int


def _server(site: PasskeySite) -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import (
        AttestationConveyancePreference,
        PublicKeyCredentialParameters,
        PublicKeyCredentialRpEntity,
        PublicKeyCredentialType,
    )

    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=site.host, name=site.name),
        attestation=AttestationConveyancePreference.NONE,
        # The very origin: the library by itself takes every name under ours.
        verify_origin=lambda origin: origin == site.origin,
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=each) for each in ALGORITHMS
    ]
    return server


def _as_json(options: Mapping[str, Any]) -> str:
    return json.dumps({**options, "timeout": int(CHALLENGE_LASTS.total_seconds() * 1000)})


def _begun(challenge: bytes) -> dict[str, Any]:
    """Return what the library wants to know of how a ceremony began."""
    from fido2.webauthn import UserVerificationRequirement

    return {"challenge": challenge_as_text(challenge), "user_verification": UserVerificationRequirement.REQUIRED}


def _made(credential: dict[str, Any], site: PasskeySite, challenge: bytes) -> _Key:
    from fido2 import cbor

    shown = _server(site).register_complete(_begun(challenge), credential)
    key = shown.credential_data
    if key is None or not key.credential_id or key.public_key.get(3) not in ALGORITHMS:
        raise ValueError("no key we can use")
    return _Key(credential_id=key.credential_id, public_key=cbor.encode(key.public_key), count=shown.counter)


def _count_shown(credential: dict[str, Any], known: _Key, handle: bytes, site: PasskeySite, challenge: bytes) -> int:
    """Return how often a passkey says it was used, once it has shown that it is this one and its owner was there."""
    from fido2 import cbor
    from fido2.cose import CoseKey
    from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticationResponse

    answer = AuthenticationResponse.from_dict(credential)
    if answer.response.user_handle and answer.response.user_handle != handle:
        raise ValueError("somebody else's")
    key: Any = cbor.decode(known.public_key)
    whole = AttestedCredentialData.create(Aaguid.NONE, known.credential_id, CoseKey.parse(key))
    _server(site).authenticate_complete(_begun(challenge), [whole], answer)
    count: int = answer.response.authenticator_data.counter
    if (count or known.count) and count <= known.count:
        raise ValueError("a copy")
    return count


def _or_refused(read: Callable[[], T]) -> T:
    """Return what reading a stranger's answer gives. Whatever the library falls over there, is a refusal."""
    try:
        return read()
    except Exception as error:
        raise PasskeyRefused(PASSKEY_REFUSED) from error


def _known(session: Session, person_id: int) -> list[PublicKeyCredentialDescriptor]:
    from fido2.webauthn import PublicKeyCredentialDescriptor, PublicKeyCredentialType

    ids = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id).order_by(Passkey.id))
    return [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=each) for each in ids]


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
