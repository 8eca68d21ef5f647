"""Phones and the tokens they hold. An append token only adds records; a read token only reads its person's state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.identity.errors import PersonArchived, PersonUnknown, TokenRefused
from app.identity.models import Device, Person, Token
from app.identity.secrets import new_token, token_hash
from app.identity.service import end_sign_ins, forget_passkeys_of_pin
from app.identity.types import Bearer, Enrolment, PhoneView, TokenKind
from app.kernel import Prepared, insert_if_new, new_uuid7, table_of

LIVES = {TokenKind.APPEND: timedelta(days=180), TokenKind.READ: timedelta(days=30)}
# A token in use is moved on at most once a day, so that reading does not become writing.
SLIDE_AFTER = timedelta(days=1)

# Every request of a phone asks these two. Made once, and of columns: building them and their objects each time took
# longer than the database.
_TOKENS, _DEVICES, _PERSONS = table_of(Token), table_of(Device), table_of(Person)
_PHONE = Prepared(select(_DEVICES).where(_DEVICES.c.uuid == bindparam("dev")))
_BEARER = Prepared(
    select(
        _TOKENS.c.id.label("token_id"),
        _TOKENS.c.kind,
        _TOKENS.c.expires_at,
        _TOKENS.c.revoked_at.label("token_revoked_at"),
        _DEVICES.c.id.label("device_id"),
        _DEVICES.c.uuid.label("dev"),
        _DEVICES.c.person_id,
        _DEVICES.c.provider_id,
        _DEVICES.c.revoked_at,
        _PERSONS.c.uuid.label("person_uuid"),
        _PERSONS.c.name.label("person_name"),
        _PERSONS.c.archived_at,
    )
    .join_from(_TOKENS, _DEVICES, _TOKENS.c.device_id == _DEVICES.c.id)
    .join(_PERSONS, _DEVICES.c.person_id == _PERSONS.c.id)
    .where(_TOKENS.c.hash == bindparam("hash"))
)

# A moment after `_BEARER` said who it is, it is enough to know that it still is so.
_STILL_GOOD = Prepared(
    select(_TOKENS.c.id)
    .join_from(_TOKENS, _DEVICES, _TOKENS.c.device_id == _DEVICES.c.id)
    .where(
        _TOKENS.c.hash == bindparam("hash"),
        _TOKENS.c.expires_at > bindparam("now"),
        _TOKENS.c.revoked_at.is_(None),
        _DEVICES.c.revoked_at.is_(None),
        _DEVICES.c.person_id == bindparam("person"),
    )
)


def enrol_phone(session: Session, person_id: int, *, provider_id: int | None, now: datetime) -> Enrolment:
    """Give a person's phone its id and its two tokens. Raises PersonUnknown or PersonArchived."""
    _one_at_a_time(session, person_id)
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
    the clash when it sends them. Which of the two is lost nobody could say, so ending either ends both.

    Raises TokenRefused when the phone was ended a moment ago.
    """
    _one_at_a_time(session, who.person_id)
    old = session.execute(select(Device.first_uuid, Device.revoked_at).where(Device.id == who.device_id)).one()
    if old.revoked_at is not None:
        raise TokenRefused("Sign in again to carry on sending.")
    row = _again(session, old.first_uuid or who.dev, who.person_id, who.provider_id, now)
    return Enrolment(device_id=row.id, dev=row.uuid, append=_issue(session, row.id, TokenKind.APPEND, now), read=None)


def renew_tokens(session: Session, person_id: int, dev: UUID, *, provider_id: int | None, now: datetime) -> Enrolment:
    """Give a phone new tokens after its person signed in on it again. An unknown phone is taken in as theirs.

    A phone that was ended is theirs again: they have it in their hands, and know the PIN. Its old tokens stay ended.
    A phone of another provider gets a new id for this one, as what was done under the old id stays where it was done.
    Raises TokenRefused when the phone is another person's: it then has to be enrolled anew.
    """
    _one_at_a_time(session, person_id)
    device = find_or_adopt_phone(session, person_id, dev, provider_id=provider_id, now=now)
    if device is None:
        raise TokenRefused("This phone cannot be used for this person. Ask for a new code.")
    session.execute(
        update(Device)
        .where(Device.id == device.id)
        .values(last_seen_at=now, revoked_at=None)
        .execution_options(synchronize_session="fetch")
    )
    here = session.get_one(Device, device.id)
    if here.provider_id != provider_id:
        here = _again(session, here.first_uuid or dev, person_id, provider_id, now)
    append = _issue(session, here.id, TokenKind.APPEND, now)
    read = _issue(session, here.id, TokenKind.READ, now)
    return Enrolment(device_id=here.id, dev=here.uuid, append=append, read=read)


def _again(session: Session, first: UUID, person_id: int, provider_id: int | None, now: datetime) -> Device:
    """Add a new id for the glass whose first one is `first`."""
    row = Device(
        uuid=new_uuid7(),
        first_uuid=first,
        person_id=person_id,
        provider_id=provider_id,
        added_at=now,
        last_seen_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find_or_adopt_phone(
    session: Session, person_id: int, dev: UUID, *, provider_id: int | None, now: datetime
) -> PhoneView | None:
    """Return the person's phone with this id, adding it when the server has never heard of it.

    A server restored from an old backup has forgotten phones whose records still wait; they must find a home.
    Returns None when the phone is another person's.
    """
    row = _PHONE.first(session, dev=dev)
    if row is None:
        session.execute(
            insert_if_new(session, Device).values(
                uuid=dev, person_id=person_id, provider_id=provider_id, added_at=now, last_seen_at=now
            )
        )
        row = _PHONE.first(session, dev=dev)
    return _view(row) if row.person_id == person_id else None


def bearer(session: Session, token: str, kind: TokenKind, *, now: datetime, move_on: bool = True) -> Bearer:
    """Say who a token speaks for, and move its end on, once a day. Flushes; the edge commits.

    Without `move_on` nothing is written, and `Bearer.should_move_on` says whether it is time: a request that only reads
    must not fail because somebody else writes.

    Raises TokenRefused when it is unknown, revoked, ended or of the other kind. An archived person's append token is
    good: what they did while employed is evidence. `Bearer.archived` says so.
    """
    found = _BEARER.first(session, hash=token_hash(token))
    if found is None or found.kind != kind or found.token_revoked_at or found.revoked_at or found.expires_at <= now:
        raise TokenRefused("Sign in again to carry on sending.")
    time_to_move = found.expires_at < now + LIVES[kind] - SLIDE_AFTER
    if time_to_move and move_on:
        session.execute(update(Token).where(Token.id == found.token_id).values(expires_at=now + LIVES[kind]))
        session.execute(update(Device).where(Device.id == found.device_id).values(last_seen_at=now))
    return Bearer(
        person_id=found.person_id,
        person_uuid=found.person_uuid,
        person_name=found.person_name,
        device_id=found.device_id,
        dev=found.dev,
        provider_id=found.provider_id,
        kind=kind,
        archived=found.archived_at is not None,
        should_move_on=time_to_move and not move_on,
    )


def still_bearer(session: Session, token: str, who: Bearer, *, now: datetime) -> bool:
    """Say whether a token still speaks for whom it did a moment ago: neither it nor its phone ended or is another's."""
    return _STILL_GOOD.first(session, hash=token_hash(token), now=now, person=who.person_id) is not None


def end_phone(session: Session, person_id: int, dev: UUID, *, now: datetime) -> bool:
    """End every token of a lost phone, whichever of its ids they were given to, and every browser's sign-in.

    The sign-in by which it was set up may still be open in its browser, and could set it up again; so could a passkey
    that a PIN let in. Says whether the person has such a phone. Safe to repeat.
    """
    _one_at_a_time(session, person_id)
    glass = session.scalars(select(_GLASS).where(Device.person_id == person_id, Device.uuid == dev)).one_or_none()
    if glass is None:
        return False
    _end(session, person_id, {glass}, now)
    return True


def end_phones(session: Session, person_id: int, *, now: datetime, provider_id: int | None = None) -> int:
    """End every phone of a person (only those used at one provider, when it is given), and every browser's sign-in.

    Returns how many phones were not ended before.
    """
    _one_at_a_time(session, person_id)
    phones = [each for each in phones_of(session, person_id) if provider_id in (None, each.provider_id)]
    _end(session, person_id, {phone.glass for phone in phones}, now)
    return len({phone.glass for phone in phones if phone.revoked_at is None})


def _end(session: Session, person_id: int, glasses: set[UUID], now: datetime) -> None:
    """End the tokens of these glasses. The rows stay: what they sent is evidence and names them."""
    ids = session.scalars(select(Device.id).where(Device.person_id == person_id, _GLASS.in_(glasses))).all()
    for table, mine in ((Device, Device.id.in_(ids)), (Token, Token.device_id.in_(ids))):
        session.execute(
            update(table)
            .where(mine, table.revoked_at.is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session="fetch")
        )
    # Nobody can say which of their phones a passkey lives on.
    forget_passkeys_of_pin(session, person_id)
    end_sign_ins(session, person_id)


# The id a phone had first: the same for all its rows.
_GLASS = func.coalesce(Device.first_uuid, Device.uuid)


def _one_at_a_time(session: Session, person_id: int) -> None:
    """Let one transaction at a time give or end this person's tokens, so that none slips past an ending.

    SQLite has one writer at a time anyway, and leaves FOR UPDATE out.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


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


def _view(row: Device | Row[Any]) -> PhoneView:
    return PhoneView(
        id=row.id,
        uuid=row.uuid,
        glass=row.first_uuid or row.uuid,
        person_id=row.person_id,
        provider_id=row.provider_id,
        added_at=row.added_at,
        last_seen_at=row.last_seen_at,
        revoked_at=row.revoked_at,
    )
