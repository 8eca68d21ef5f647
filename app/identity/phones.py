"""Phones and the tokens they hold. An append token only adds records; a read token only reads its person's state."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.identity.errors import PersonArchived, PersonUnknown, TokenRefused
from app.identity.models import Device, Person, Token
from app.identity.secrets import new_token, token_hash
from app.identity.types import Bearer, Enrolment, PhoneView, TokenKind
from app.kernel import insert_if_new, new_uuid7

LIVES = {TokenKind.APPEND: timedelta(days=180), TokenKind.READ: timedelta(days=30)}
# A token in use is moved on at most once a day, so that reading does not become writing.
SLIDE_AFTER = timedelta(days=1)


def enrol_phone(session: Session, person_id: int, *, provider_id: int | None, now: datetime) -> Enrolment:
    """Give a person's phone its id and its two tokens. Raises PersonUnknown or PersonArchived."""
    person = session.get(Person, person_id)
    if person is None:
        raise PersonUnknown("We do not know this person. Ask for a new code.")
    if person.archived_at is not None:
        raise PersonArchived("Your place has ended. Ask your manager.")
    row = Device(uuid=new_uuid7(), person_id=person_id, provider_id=provider_id, added_at=now, last_seen_at=now)
    session.add(row)
    session.flush()
    append = _issue(session, row.id, TokenKind.APPEND, now)
    read = _issue(session, row.id, TokenKind.READ, now)
    return Enrolment(device_id=row.id, dev=row.uuid, append=append, read=read)


def rotate_phone(session: Session, who: Bearer, *, now: datetime) -> Enrolment:
    """Give a phone that shares its id with another (cloned or restored) a new id and append token.

    The old tokens stay good: the other phone may hold records nobody else has, and learns of
    the clash when it sends them.
    """
    row = Device(uuid=new_uuid7(), person_id=who.person_id, provider_id=who.provider_id, added_at=now, last_seen_at=now)
    session.add(row)
    session.flush()
    return Enrolment(device_id=row.id, dev=row.uuid, append=_issue(session, row.id, TokenKind.APPEND, now), read=None)


def renew_tokens(session: Session, person_id: int, dev: UUID, *, provider_id: int | None, now: datetime) -> Enrolment:
    """Give a phone new tokens after its person signed in on it again. An unknown phone is taken in as theirs.

    Raises TokenRefused when the phone is another person's or was revoked: it then has to be enrolled anew.
    """
    device = find_or_adopt_phone(session, person_id, dev, provider_id=provider_id, now=now)
    if device is None or device.revoked_at is not None:
        raise TokenRefused("This phone cannot be used for this person. Ask for a new code.")
    session.execute(update(Device).where(Device.id == device.id).values(provider_id=provider_id, last_seen_at=now))
    append = _issue(session, device.id, TokenKind.APPEND, now)
    read = _issue(session, device.id, TokenKind.READ, now)
    return Enrolment(device_id=device.id, dev=dev, append=append, read=read)


def find_or_adopt_phone(
    session: Session, person_id: int, dev: UUID, *, provider_id: int | None, now: datetime
) -> PhoneView | None:
    """Return the person's phone with this id, adding it when the server has never heard of it.

    A server restored from an old backup has forgotten phones whose records still wait; they must find a home.
    Returns None when the phone is another person's.
    """
    this_phone = select(Device).where(Device.uuid == dev)
    row = session.scalars(this_phone).one_or_none()
    if row is None:
        session.execute(
            insert_if_new(session, Device).values(
                uuid=dev, person_id=person_id, provider_id=provider_id, added_at=now, last_seen_at=now
            )
        )
        row = session.scalars(this_phone).one()
    return _view(row) if row.person_id == person_id else None


def bearer(session: Session, token: str, kind: TokenKind, *, now: datetime) -> Bearer:
    """Say who a token speaks for, and move its end on. Flushes; the edge commits.

    Raises TokenRefused when it is unknown, revoked, ended or of the other kind. An archived person's append token is
    good: what they did while employed is evidence. `Bearer.archived` says so.
    """
    found = session.execute(
        select(Token, Device, Person)
        .join(Device, Token.device_id == Device.id)
        .join(Person, Device.person_id == Person.id)
        .where(Token.hash == token_hash(token))
    ).one_or_none()
    if found is None:
        raise TokenRefused("Sign in again to carry on sending.")
    row, device, person = found
    if row.kind != kind or row.revoked_at is not None or device.revoked_at is not None or row.expires_at <= now:
        raise TokenRefused("Sign in again to carry on sending.")
    if row.expires_at < now + LIVES[kind] - SLIDE_AFTER:
        row.expires_at = now + LIVES[kind]
        device.last_seen_at = now
        session.flush()
    return Bearer(
        person_id=person.id,
        person_uuid=person.uuid,
        person_name=person.name,
        device_id=device.id,
        dev=device.uuid,
        provider_id=device.provider_id,
        kind=kind,
        archived=person.archived_at is not None,
    )


def revoke_phone(session: Session, person_id: int, dev: UUID, *, now: datetime) -> bool:
    """End a lost phone's tokens. Says whether the person has such a phone. Safe to repeat."""
    row = session.scalars(select(Device).where(Device.person_id == person_id, Device.uuid == dev)).one_or_none()
    if row is None:
        return False
    row.revoked_at = row.revoked_at or now
    session.flush()
    return True


def phones_of(session: Session, person_id: int) -> tuple[PhoneView, ...]:
    """Return a person's phones, the one seen last first."""
    rows = session.scalars(
        select(Device).where(Device.person_id == person_id).order_by(Device.last_seen_at.desc(), Device.id.desc())
    )
    return tuple(_view(row) for row in rows)


def _issue(session: Session, device_id: int, kind: TokenKind, now: datetime) -> str:
    token = new_token()
    session.add(
        Token(device_id=device_id, kind=kind, hash=token_hash(token), issued_at=now, expires_at=now + LIVES[kind])
    )
    session.flush()
    return token


def _view(row: Device) -> PhoneView:
    return PhoneView(
        id=row.id,
        uuid=row.uuid,
        person_id=row.person_id,
        provider_id=row.provider_id,
        added_at=row.added_at,
        last_seen_at=row.last_seen_at,
        revoked_at=row.revoked_at,
    )
