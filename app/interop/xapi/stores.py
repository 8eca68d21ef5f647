"""Learning record stores of a provider: naming one, stopping, going on, and how far each is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.identity.sealing import seal
from app.interop import posting
from app.interop.xapi.models import LONGEST_NAME, Forwarded, Store
from app.kernel import DomainError, day_of, new_uuid7

PURPOSE = "learning record stores"
EARLIEST = date(2000, 1, 1)


class StoreError(DomainError):
    """A store cannot be named so; `field` says where."""

    code = "store"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreView:
    """A store. `told`: how many statements it took; `waiting`: people of whom something may be new."""

    uuid: UUID
    name: str
    address: str
    from_day: date
    since: datetime
    ended_at: datetime | None
    told: int
    last_told_at: datetime | None
    trouble: str
    next_at: datetime | None
    stopped_at: datetime | None
    waiting: int


def add_store(
    session: Session,
    provider_id: int,
    *,
    name: str,
    address: str,
    user: str,
    password: str,
    from_day: date,
    anywhere: bool,
    key: bytes,
    now: datetime,
) -> UUID:
    """Forward statements to a store from now on, of what happened from a day on. Returns its uuid.

    Raises StoreError, and posting.BadAddress. `anywhere`: addresses of one's own network too; `key`: the server's
    secret key.
    """
    plain = " ".join(name.split())
    if not plain:
        raise StoreError("Type what the store is called.", field="name")
    if len(plain) > LONGEST_NAME:
        raise StoreError(f"Use at most {LONGEST_NAME} letters.", field="name")
    where = posting.checked(address, anywhere=anywhere).rstrip("/").removesuffix("/statements")
    if "?" in where:
        raise StoreError("Type the address without anything after a question mark.", field="address")
    for field, value in (("user", user), ("password", password)):
        if not value.strip() or len(value) > 500:
            raise StoreError("Type it as the store gives it.", field=field)
    if ":" in user:
        raise StoreError("A key has no colon in it.", field="user")
    if not EARLIEST <= from_day <= day_of(now):
        raise StoreError("Pick today or a day before.", field="from_day")
    uuid = new_uuid7()
    halves = json.dumps([user.strip(), password.strip()])
    session.add(
        Store(
            uuid=uuid,
            provider_id=provider_id,
            name=plain,
            address=where,
            sealed=seal(halves, PURPOSE, uuid, secret=key),
            from_day=from_day,
            since=now,
        )
    )
    session.flush()
    return uuid


def end_store(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> bool | None:
    """Forward nothing to a store any more. Says whether that changed anything; None: there is no such store."""
    row = _locked(session, provider_id, uuid)
    if row is None:
        return None
    if row.ended_at is not None:
        return False
    row.ended_at, row.claim = now, None
    session.flush()
    return True


def go_on(session: Session, provider_id: int, uuid: UUID) -> bool | None:
    """Try again at once, with all the tries to come. Says whether anything stood in the way; None: no such store."""
    row = _locked(session, provider_id, uuid)
    if row is None or row.ended_at is not None:
        return None
    changed = bool(row.trouble or row.stopped_at)
    row.tries, row.next_at, row.stopped_at, row.trouble = 0, None, None, ""
    session.flush()
    return changed


def stores(session: Session, provider_id: int) -> tuple[StoreView, ...]:
    """Return a provider's stores, those that were ended too, the newest first. Two statements."""
    query = select(Store).where(Store.provider_id == provider_id).order_by(Store.id.desc())
    due = (
        select(Forwarded.store_id, func.count().label("people"))
        .where(Forwarded.provider_id == provider_id, Forwarded.due)
        .group_by(Forwarded.store_id)
    )
    waiting = {row.store_id: row.people for row in session.execute(due)}
    return tuple(
        StoreView(
            uuid=row.uuid,
            name=row.name,
            address=row.address,
            from_day=row.from_day,
            since=row.since,
            ended_at=row.ended_at,
            told=row.told,
            last_told_at=row.last_told_at,
            trouble=row.trouble,
            next_at=row.next_at,
            stopped_at=row.stopped_at,
            waiting=waiting.get(row.id, 0),
        )
        for row in session.scalars(query)
    )


def _locked(session: Session, provider_id: int, uuid: UUID) -> Store | None:
    query = select(Store).where(Store.provider_id == provider_id, Store.uuid == uuid).with_for_update()
    return session.scalars(query).one_or_none()
