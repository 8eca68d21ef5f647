"""A look before writing holds up nobody, and what is written after it is whole."""

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kernel import begin_write, look_before_writing, may_write
from app.providers.models import Provider
from tests.support.world import add_provider

NUMBER = select(func.count()).select_from(Provider)


def test_who_looked_sees_what_came_between_and_then_writes(database: Engine) -> None:
    with Session(database) as looking, Session(database) as other:
        look_before_writing(looking)
        before = looking.scalar(NUMBER)
        begin_write(other)
        add_provider(other)
        other.commit()

        begin_write(looking)

        assert may_write(looking)
        assert looking.scalar(NUMBER) == (before or 0) + 1
        add_provider(looking, "Another")
        looking.commit()
        assert other.scalar(NUMBER) == (before or 0) + 2


def test_what_was_begun_after_a_look_can_be_undone(database: Engine) -> None:
    with Session(database) as session:
        look_before_writing(session)
        before = session.scalar(NUMBER)
        begin_write(session)
        add_provider(session)

        session.rollback()

        assert session.scalar(NUMBER) == before
        assert not may_write(session)


def test_after_a_look_sqlites_lock_is_taken_and_not_before(database: Engine) -> None:
    if database.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no such lock")
    with Session(database) as session, database.connect() as other:
        other.execute(text("PRAGMA busy_timeout = 0"))
        other.rollback()
        look_before_writing(session)
        session.scalar(NUMBER)
        with other.execution_options(write=True).begin():
            pass
        begin_write(session)
        with pytest.raises(OperationalError, match="locked"), other.begin():
            pass
        session.rollback()
