"""Questions asked of the record log, each starting from a person, and the server's name."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from app import identity
from app.sync.models import HeldRecord, PhoneDigest, Record, RecordVariant, Server
from app.sync.types import Digest

AT_ONCE = 500  # records a query
# Whether there is anything of a person: parts of one statement, asked with `provider`, `person` and `person_uuid`.
ANY_OF_ONE = {
    "held": exists().where(HeldRecord.person_id == bindparam("person"))
    | exists().where(RecordVariant.person_id == bindparam("person")),
}


def count_held(session: Session, person_id: int) -> int:
    """Return how many of a person's records wait for somebody to look at them."""
    held = select(func.count()).select_from(HeldRecord).where(HeldRecord.person_id == person_id).scalar_subquery()
    variants = (
        select(func.count()).select_from(RecordVariant).where(RecordVariant.person_id == person_id).scalar_subquery()
    )
    count: int = session.scalars(select(held + variants)).one()
    return count


def any_held(session: Session) -> bool:
    """Say whether anything of anybody waits to be judged."""
    return session.scalars(select(HeldRecord.uuid).limit(1)).first() is not None


def held_of(session: Session, person_id: int) -> tuple[UUID, ...]:
    """Return the records of a person that wait for somebody to look at them, by their uuids in order."""
    held = select(HeldRecord.uuid).where(HeldRecord.person_id == person_id)
    twice = select(RecordVariant.uuid).where(RecordVariant.person_id == person_id)
    return tuple(sorted(set(session.scalars(held)) | set(session.scalars(twice))))


def answers_of(session: Session, uuids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Return what was answered in these records, each question's tries by its id, where it was not removed since."""
    found: dict[UUID, Mapping[str, Any]] = {}
    wanted = list(uuids)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        kept = Record.uuid.in_(some), Record.thinned_at.is_(None), Record.erased_at.is_(None)
        for uuid, body in session.execute(select(Record.uuid, Record.body).where(*kept)):
            found[uuid] = json.loads(body)["data"]["answers"]
    return found


def digests_of(session: Session, person_id: int, devs: Collection[UUID]) -> dict[UUID, Digest]:
    """Return the figures of what is held for these phones, of those that are this person's and have sent something."""
    phone = identity.Device
    wanted = (
        select(phone.uuid, PhoneDigest.n, PhoneDigest.x)
        .join(PhoneDigest, PhoneDigest.device_id == phone.id)
        .where(phone.person_id == person_id, phone.uuid.in_(list(devs)))
    )
    return {uuid: Digest(n=n, x=x) for uuid, n, x in session.execute(wanted)}


def server_id(session: Session) -> UUID:
    """Return this server's name for itself. The first migration makes it, and it travels with a backup."""
    return session.scalars(select(Server.uuid)).one()
