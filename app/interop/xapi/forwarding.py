"""Forwarding statements to stores: person by person, each statement once, whenever it turns up.

What a store has is kept for each person, by the ids of the statements. So it makes no odds in which order things come:
a phone that was offline for a month, an observation that counts later, a result that was put right. When something may
be new of somebody, all their statements are made, and those that the store has not are given to it. They are the same,
with the same ids, as in the file; what was given just before a worker was killed is given again, and changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, or_, select, true, update
from sqlalchemy.orm import Session

from app import credentials, providers
from app.identity.sealing import unseal
from app.interop import posting
from app.interop.posting import Answer
from app.interop.sharing.errors import SharingError
from app.interop.webhooks.rules import wait_after
from app.interop.xapi import sending
from app.interop.xapi.activities import Place
from app.interop.xapi.gather import statements
from app.interop.xapi.making import Statement
from app.interop.xapi.models import LONGEST_WORDS, Forwarded, Store
from app.interop.xapi.sending import Trouble
from app.interop.xapi.stores import PURPOSE
from app.kernel import begin_write, day_of, new_uuid7

# Longer than one batch can take, also when it is given statement by statement.
SILENT = timedelta(minutes=40)
# Should ever something come that no news tells of, it is found a day later.
AT_LEAST_EVERY = timedelta(days=1)
# Of these all new statements are in memory together.
PEOPLE_AT_ONCE = 5
_ID = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A store, and the claim under which this worker forwards to it."""

    id: int
    uuid: UUID
    provider_id: int
    claim: UUID
    address: str
    sealed: str
    from_day: date


def waiting_stores(session: Session, *, now: datetime) -> tuple[tuple[int, int], ...]:
    """Return the stores that may be given something now, each with its provider's id. One statement."""
    query = select(Store.id, Store.provider_id).where(_ready(now)).order_by(Store.id)
    return tuple((row.id, row.provider_id) for row in session.execute(query))


def claim(session: Session, store_id: int, *, now: datetime) -> Held | None:
    """Take a store, or None when another worker has it or nothing may be given. In a write transaction."""
    query = select(Store).where(Store.id == store_id, _ready(now)).with_for_update(skip_locked=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    row.claim, row.claimed_at = new_uuid7(), now
    session.flush()
    return Held(
        id=row.id,
        uuid=row.uuid,
        provider_id=row.provider_id,
        claim=row.claim,
        address=row.address,
        sealed=row.sealed,
        from_day=row.from_day,
    )


def mark_due(session: Session, held: Held, people: Collection[int] | None) -> None:
    """Note of whom something may be new, by id; None: of everybody who is or was here. In a write transaction."""
    known = set(session.scalars(select(Forwarded.person_id).where(Forwarded.store_id == held.id)))
    here = providers.list_members(session, held.provider_id, with_ended=True, people=people)
    new = sorted({each.person_id for each in here} - known)
    if new:
        fields = {"store_id": held.id, "provider_id": held.provider_id, "told": b"", "due": True}
        session.execute(insert(Forwarded), [{**fields, "person_id": person_id} for person_id in new])
    among = true() if people is None else Forwarded.person_id.in_(people)
    session.execute(update(Forwarded).where(Forwarded.store_id == held.id, among).values(due=True))


def issued_since(session: Session, provider_id: int, moment: datetime) -> frozenset[int]:
    """Return the ids of people whom a credential was issued to since a moment, which no news tells of."""
    found = credentials.credentials_of(session, provider_id, None)
    return frozenset(each.person_id for each in found if each.issued_at >= moment)


def forward(
    session: Session,
    held: Held,
    place: Place,
    *,
    anywhere: bool,
    key: bytes,
    clock: Callable[[], datetime],
    until: datetime,
) -> int:
    """Give a store what it has not, until everybody was looked at, the time `until` has come, or something stops it.

    Commits after every batch. Returns how many statements it took.
    """
    secret = unseal(held.sealed, PURPOSE, held.uuid, secret=key)
    if secret is None:
        words = "Its key and secret cannot be opened, as the server's secret key was changed. Stop it, and add it anew."
        _end(session, held, Trouble(words=words, for_good=True), clock())
        return 0
    headers = sending.headers(*json.loads(secret))

    def post(batch: Sequence[Statement]) -> Answer:
        return posting.post(f"{held.address}/statements", sending.body_of(batch), headers, anywhere=anywhere)

    taken, trouble = 0, None
    while trouble is None and clock() < until:
        people = _next_people(session, held, clock())
        if not people:
            break
        new = _new_of(session, held, place, people)
        # Nothing of the database is held while the store answers.
        session.rollback()
        for person_id in people:
            for batch in sending.batches(new.get(person_id, [])):
                try:
                    given = sending.give(batch, post)
                except SharingError as error:
                    given = sending.Given(trouble=Trouble(words=str(error), for_good=False))
                taken += len(given.ids)
                if not _keep(session, held, person_id, given.ids, clock()):
                    return taken
                trouble = given.trouble
                if trouble is not None:
                    break
            if trouble is not None:
                break
            _looked_at(session, held, person_id, clock())
    _end(session, held, trouble, clock())
    return taken


def _next_people(session: Session, held: Held, now: datetime) -> tuple[int, ...]:
    stale = or_(Forwarded.due, Forwarded.looked_at.is_(None), Forwarded.looked_at < now - AT_LEAST_EVERY)
    query = select(Forwarded.person_id).where(Forwarded.store_id == held.id, stale).order_by(Forwarded.id)
    return tuple(session.scalars(query.limit(PEOPLE_AT_ONCE)))


def _new_of(session: Session, held: Held, place: Place, people: Collection[int]) -> dict[int, list[Statement]]:
    """Return the statements of these people that the store has not, by person, in their order."""
    rows = session.execute(
        select(Forwarded.person_id, Forwarded.told).where(
            Forwarded.store_id == held.id, Forwarded.person_id.in_(people)
        )
    )
    told = {row.person_id: {row.told[at : at + _ID] for at in range(0, len(row.told), _ID)} for row in rows}
    members = providers.list_members(session, held.provider_id, with_ended=True, people=people)
    ids = {str(each.person_uuid): each.person_id for each in members}
    found: dict[int, list[Statement]] = defaultdict(list)
    for each in statements(session, held.provider_id, place, people=people):
        person_id = ids[each["actor"]["account"]["name"]]
        at = datetime.fromisoformat(each["timestamp"]).astimezone(UTC)
        if _mark(each["id"]) not in told[person_id] and day_of(at) >= held.from_day:
            found[person_id].append(each)
    return found


def _keep(session: Session, held: Held, person_id: int, ids: Collection[str], now: datetime) -> bool:
    """Keep that the store has these. False: it is not this worker's any more."""
    begin_write(session)
    store = session.scalars(select(Store).where(Store.id == held.id).with_for_update()).one()
    if store.claim != held.claim:
        session.rollback()
        return False
    row = session.scalars(
        select(Forwarded).where(Forwarded.store_id == held.id, Forwarded.person_id == person_id)
    ).one_or_none()
    if row is not None and ids:
        row.told = row.told + b"".join(map(_mark, ids))
    store.told += len(ids)
    store.claimed_at = now
    if ids:
        store.last_told_at = now
    session.commit()
    return True


def _looked_at(session: Session, held: Held, person_id: int, now: datetime) -> None:
    begin_write(session)
    mine = update(Forwarded).where(Forwarded.store_id == held.id, Forwarded.person_id == person_id)
    session.execute(mine.values(due=False, looked_at=now))
    session.commit()


def _end(session: Session, held: Held, trouble: Trouble | None, now: datetime) -> None:
    begin_write(session)
    row = session.scalars(select(Store).where(Store.id == held.id).with_for_update()).one()
    if row.claim == held.claim:
        row.claim = row.claimed_at = None
        row.trouble = "" if trouble is None else trouble.words[:LONGEST_WORDS]
        row.tries = 0 if trouble is None else row.tries + 1
        wait = None if trouble is None or trouble.for_good else wait_after(row.tries)
        row.next_at = None if wait is None else now + wait
        if trouble is not None and wait is None:
            row.stopped_at = now
    session.commit()


def _mark(statement_id: str) -> bytes:
    return UUID(statement_id).bytes[-_ID:]


def _ready(now: datetime) -> ColumnElement[bool]:
    return and_(
        Store.ended_at.is_(None),
        Store.stopped_at.is_(None),
        or_(Store.next_at.is_(None), Store.next_at <= now),
        or_(Store.claim.is_(None), Store.claimed_at < now - SILENT),
    )
