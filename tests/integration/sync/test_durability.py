"""What was acknowledged is on the disk, and two writers wait for each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import sync
from app.kernel import begin_write, prepare_engine
from app.sync import PhoneDigest, Record
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
