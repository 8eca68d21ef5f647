"""A database as it is after years: so many records of people of several providers, and what is worked out from them.

One provider has 1,000 people and 80 trainings. Everybody has as many records, up to 476 each (a year and a month of
lessons read and quizzes passed); beyond that there are more people, at other providers of 500. The records are in the
order of time, as a log is, and their ids too. One carer has all of 476 whatever the size, so that asking for their
record is the same question everywhere.

Rows go straight into the tables, in the shape that the rules of `app` give for one of each sort.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.orm import Session

from app import identity, learning, providers
from app.content import queries as content
from app.identity import Device, Person
from app.kernel import Base, begin_write, new_uuid7, prepare_engine, table_of, utc_now
from app.learning import StudiedEdition
from app.learning.models import AttemptResult, Completed, LessonRead
from app.learning.projection import project
from app.providers import Membership, MemberView, Role
from app.providers.models import MembershipRole
from app.sync import PhoneDigest, Record
from app.sync.judging import judge
from app.sync.reading import read_record
from app.sync.types import ReadRecord
from tests.support.release import right_answers
from tests.support.site import Site
from tests.support.trainings import add_profile, add_training

PEOPLE, TRAININGS, EACH, OTHERS = 1_000, 80, 476, 500
# How many of the trainings each of the five jobs needs.
JOBS = (30, 30, 35, 40, 80)
SINCE = timedelta(days=400)
PASSWORD = "three plain words for a bench"
# Whose record is asked for: they have all of it in every size.
CARER = "Carer 0004"
AT_ONCE = 20_000
# What one record has of its own, in the place of which the next one's comes.
ID, DEV, SEQ, AT, ATTEMPT = (
    "00000000-0000-7000-8000-0000000000a1",
    "00000000-0000-7000-8000-0000000000b2",
    987_654_321,
    "2001-02-03T04:05:06.000Z",
    "00000000-0000-4000-8000-0000000000c3",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A record that many are like: its body with gaps, its columns, and the rows that the rules make of it."""

    body: str
    columns: dict[str, Any]
    rows: dict[type[Base], dict[str, Any]]


@dataclass(slots=True)
class Phone:
    """Somebody's phone, and what it has sent so far."""

    person_id: int
    provider_id: int
    device_id: int
    dev: str
    seq: int = 0
    mixed: int = 0


def seed(records: int, folder: Path) -> Site:
    """Return a site in `folder` with so many records in its SQLite file; one that is there already is used again.

    Raises ValueError for fewer than 10,000: each of the 1,000 people has some.
    """
    if records < 10_000:
        raise ValueError("Say 10000 or more.")
    site, done = (
        Site(folder, settings={"BV_WORKERS": "1", "BV_THREADS": "4"}, forked=False),
        folder / f"{records}.seeded",
    )
    if done.exists():
        return site
    # What was broken off half way is begun anew.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    site.prepare()
    engine = create_engine(f"sqlite:///{folder / 'between-visits.sqlite'}")
    prepare_engine(engine)
    event.listen(engine, "connect", _in_a_hurry)
    now = utc_now()
    with Session(engine) as session:
        begin_write(session)
        phones, carer = _world(session, max(PEOPLE, records // EACH), now)
        sorts = _sorts(session, now)
        session.commit()
    _fill(engine, records, phones, carer, sorts, now)
    engine.dispose()
    done.touch()
    return site


def _in_a_hurry(connection: Any, _record: object) -> None:
    """Wait for no disk and keep much in memory. Only for this engine: nothing of it stays in the file."""
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -1500000")


def _world(session: Session, people: int, now: datetime) -> tuple[list[Phone], int]:
    """Make the providers with their people and a phone for each; return the phones, and which is the carer's."""
    since = now - SINCE
    place = providers.add_provider(session, "Bramble Home Care", contact="Priya", now=since)
    manager = providers.add_person(
        session, place.id, "Priya Nair", (Role.MANAGER, Role.TRAINER), now=since, sign_in_name="priya"
    )
    identity.set_password(session, manager.person_id, PASSWORD)
    ours = [
        providers.add_person(session, place.id, f"Carer {number:04}", (Role.LEARNER,), now=since)
        for number in range(PEOPLE)
    ]
    _needed(session, place.id, ours, since)
    where = [(member.person_id, place.id) for member in ours]
    for first in range(PEOPLE, people, OTHERS):
        other = providers.add_provider(session, f"Provider {first}", contact="Their manager", now=since)
        where += _many(session, other.id, range(first, min(people, first + OTHERS)), since)
    devs = [new_uuid7() for _ in where]
    rows = [
        {"uuid": dev, "person_id": person, "provider_id": provider, "added_at": since}
        for dev, (person, provider) in zip(devs, where, strict=True)
    ]
    session.execute(insert(Device), rows)
    ids = {row.uuid: row.id for row in session.execute(select(Device.uuid, Device.id))}
    phones = [
        Phone(person_id=person, provider_id=provider, device_id=ids[dev], dev=str(dev))
        for dev, (person, provider) in zip(devs, where, strict=True)
    ]
    return phones, next(n for n, member in enumerate(ours) if member.name == CARER)


def _needed(session: Session, provider_id: int, people: Sequence[MemberView], since: datetime) -> None:
    luck = random.Random(7)
    trainings = [
        add_training(session, provider_id, each.title, each.key, since=since, first_due_days=luck.choice((84, 400)))
        for each in content.all_editions(session)[:TRAININGS]
    ]
    for number, needed in enumerate(JOBS):
        mine = people[number :: len(JOBS)]
        add_profile(session, provider_id, f"Job {number + 1}", trainings[:needed], mine, since=since)


def _many(session: Session, provider_id: int, numbers: range, since: datetime) -> list[tuple[int, int]]:
    """Add people of another provider in a few statements; return person and provider of each."""
    people = {new_uuid7(): number for number in numbers}
    rows = [{"uuid": uuid, "name": f"Carer {number:04}", "added_at": since} for uuid, number in people.items()]
    session.execute(insert(Person), rows)
    query = select(Person.id).where(Person.uuid.in_(people))
    ids = list(session.scalars(query))
    session.execute(
        insert(Membership), [{"person_id": one, "provider_id": provider_id, "started": since} for one in ids]
    )
    places = session.scalars(select(Membership.id).where(Membership.provider_id == provider_id))
    session.execute(insert(MembershipRole), [{"membership_id": each, "role": Role.LEARNER.value} for each in places])
    return [(one, provider_id) for one in ids]


def _sorts(session: Session, now: datetime) -> list[Sort]:
    """Return a passed quiz and three lessons read of each of the 80 modules."""
    shas = {each.sha for each in content.all_editions(session)[:TRAININGS]}
    found = []
    for sha, edition in sorted(learning.studied_editions(session, shas).items()):
        stored = content.edition_by_sha(session, sha)
        assert stored is not None
        about: dict[str, Any] = {"module": edition.module, "edition_no": edition.number}
        answers = {question: [right] for question, right in right_answers(json.loads(stored.body)).items()}
        passed = {**about, "attempt": ATTEMPT, "seed": 7, "started": AT, "seconds": 200, "answers": answers}
        found.append(_sort("quiz.answered", passed, edition, now))
        lessons = sorted(edition.lessons)
        for turn in range(3):
            read = {**about, "lesson": lessons[turn % len(lessons)], "part": 1, "seconds": 40 + turn}
            found.append(_sort("lesson.read", read, edition, now))
    return found


def _sort(kind: str, data: dict[str, Any], edition: StudiedEdition, now: datetime) -> Sort:
    value = {
        **{"id": ID, "v": 1, "kind": kind, "dev": DEV, "seq": SEQ, "at": AT, "mono": SEQ, "off": 0},
        **{"edition": edition.sha, "app": "seeded", "lang": "en", "data": data},
    }
    record = read_record(value, UUID(DEV), now=now)
    assert isinstance(record, ReadRecord), record
    act = judge(
        uuid=UUID(record.id),
        person_id=0,
        provider_id=0,
        received_at=now,
        at=record.at,
        v=record.v,
        kind=record.kind,
        sha=record.edition,
        body=record.value,
        editions={edition.sha: edition},
    )
    assert isinstance(act, learning.Act), act
    made = project([(act, edition)], {})
    assert made[Completed] if kind == "quiz.answered" else made[LessonRead], (kind, edition.module)
    columns = {"v": record.v, "kind": record.kind, "edition": record.edition, "handed_in_by": None}
    return Sort(body=record.body, columns=columns, rows={table: each[0] for table, each in made.items() if each})


def _fill(
    engine: Engine, records: int, phones: Sequence[Phone], carer: int, sorts: Sequence[Sort], now: datetime
) -> None:
    """Put the records and their rows into the tables, indexes last."""
    filled = [table_of(each) for each in (Record, LessonRead, AttemptResult, Completed)]
    indexes = [index for table in filled for index in table.indexes]
    with engine.connect() as connection:
        for index in indexes:
            index.drop(connection)
        for rows in _rows(records, phones, carer, sorts, now):
            for table in filled:
                if rows[table.name]:
                    connection.execute(insert(table), rows[table.name])
            connection.commit()
        for index in indexes:
            index.create(connection)
        _digests(connection, phones)
        connection.commit()


def _digests(connection: Connection, phones: Sequence[Phone]) -> None:
    rows = [
        {"device_id": one.device_id, "n": one.seq, "x": f"{one.mixed:016x}", "last_seq": one.seq}
        for one in phones
        if one.seq
    ]
    connection.execute(insert(table_of(PhoneDigest)), rows)


def _rows(
    records: int, phones: Sequence[Phone], carer: int, sorts: Sequence[Sort], now: datetime
) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """Give the rows of so many records by table, some thousand at a time, in the order of time."""
    luck = random.Random(11)
    names = {table: table_of(table).name for table in (Record, LessonRead, AttemptResult, Completed)}
    # One record in so many is the carer's, until they have all of theirs.
    every = max(1, records // EACH)
    begin, step = (now - SINCE).timestamp(), SINCE.total_seconds() * 0.99 / records
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in names.values()}
    told = time.monotonic()
    for number in range(records):
        seconds = begin + number * step
        phone = phones[carer] if number % every == 0 else phones[luck.randrange(len(phones))]
        sort = sorts[luck.randrange(len(sorts))]
        for table, row in _one(sort, phone, seconds, luck).items():
            rows[names[table]].append(row)
        if len(rows["records"]) == AT_ONCE:
            yield rows
            rows = {name: [] for name in names.values()}
            if time.monotonic() - told > 30:
                told = time.monotonic()
                print(f"  {number:,} of {records:,} records", flush=True)
    yield rows


def _one(sort: Sort, phone: Phone, seconds: float, luck: random.Random) -> dict[type[Base], dict[str, Any]]:
    """Return the rows of one record: the log's, and those worked out from it."""
    at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)
    tail = (7 << 76) | (luck.getrandbits(12) << 64) | (2 << 62) | luck.getrandbits(62)
    uuid = UUID(int=(int(seconds * 1000) << 80) | tail)
    text, moment = str(uuid), at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    attempt = f"{text[:14]}4{text[15:]}"
    phone.seq += 1
    phone.mixed ^= int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    body = sort.body.replace(ID, text).replace(DEV, phone.dev).replace(str(SEQ), str(phone.seq)).replace(AT, moment)
    body = body.replace(ATTEMPT, attempt)
    whose = {"person_id": phone.person_id, "provider_id": phone.provider_id}
    own = {**whose, "record": uuid, "at": at}
    made: dict[type[Base], dict[str, Any]] = {table: {**row, **own} for table, row in sort.rows.items()}
    if result := made.get(AttemptResult):
        result |= {"received_at": at, "attempt": attempt}
    log = {"device_id": phone.device_id, "seq": phone.seq, "received_at": at, "at": at, "uuid": uuid}
    made[Record] = {**sort.columns, **whose, **log, "body": body, "sha": hashlib.sha256(body.encode()).hexdigest()}
    return made
