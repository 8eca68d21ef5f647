"""What was acknowledged is on the disk, and two writers wait for each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import sync
from app.kernel import begin_write, prepare_engine
from app.learning import Completed
from app.sync import HeldRecord, PhoneDigest, Record
from tests.support.editions import edition
from tests.support.publishing import add_edition, canonical
from tests.support.world import NOW, one_phone


def test_sqlite_writes_ahead_and_waits_for_the_disk(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")
    prepare_engine(engine)
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_writer_has_the_lock_from_its_first_statement(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")
    prepare_engine(engine)
    with Session(engine) as first, Session(engine) as second:
        begin_write(first)
        second.execute(text("PRAGMA busy_timeout = 1"))
        with pytest.raises(OperationalError, match="locked"):
            begin_write(second)
    engine.dispose()


def test_an_answer_that_comes_while_its_edition_is_published_is_judged(database: Engine, session: Session) -> None:
    phone = one_phone(session)
    body = edition("just-published")
    answered = phone.answered(sha256(canonical(body)).hexdigest(), {"first-thing": ["b"]})
    begin_write(session)
    sync.accept(session, phone.batch(answered), phone.sender, now=NOW)

    def publish_now() -> None:
        with Session(database) as own:
            begin_write(own)
            add_edition(own, body)
            sync.judge_held(own)
            own.commit()

    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish_now)
        sleep(0.5)  # until it waits for this batch
        session.commit()
        publishing.result()

    assert session.scalars(select(func.count()).select_from(HeldRecord)).one() == 0
    assert session.scalars(select(Completed.module)).one() == "just-published"


def test_two_workers_with_the_same_records_store_them_once(database: Engine, session: Session) -> None:
    phone = one_phone(session)
    records = [phone.record() for _ in range(50)]
    together = Barrier(4)

    def send(_number: int) -> list[str]:
        with Session(database) as own:
            together.wait()
            begin_write(own)
            reply = sync.accept(own, phone.batch(*records), phone.sender, now=NOW)
            own.commit()
            return [str(each.r) for each in reply.receipts]

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(send, range(4)))

    assert sorted(word for reply in replies for word in set(reply)) == ["duplicate"] * 3 + ["stored"]
    assert session.scalars(select(func.count()).select_from(Record)).one() == 50
    assert session.scalars(select(PhoneDigest.n)).one() == 50
