"""A look before writing holds up nobody, and what is written after it is whole: straight or through the session."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.kernel import (
    LendingSession,
    Prepared,
    begin_write,
    insert_columns,
    look_before_writing,
    may_write,
    new_uuid7,
    table_of,
    write_if_free,
)
from app.providers.models import Provider
from tests.support.costs import costs
from tests.support.world import NOW

NUMBER = select(func.count().label("n")).select_from(table_of(Provider))
KNOWN = Prepared(NUMBER)


@pytest.fixture
def session(database: Engine) -> Iterator[LendingSession]:
    with LendingSession(database) as session:
        yield session


@pytest.fixture
def other(database: Engine) -> Iterator[Session]:
    """Somebody else, who does not wait for a lock."""
    with Session(database) as session:
        if database.dialect.name == "sqlite":
            session.execute(text("PRAGMA busy_timeout = 0"))
            session.rollback()
        yield session


def straight(session: Session) -> int:
    """How many providers there are, by a statement that is known beforehand."""
    return int(KNOWN.first(session).n)


def add_straight(session: Session, *names: str) -> None:
    shared = {"contact": "Priya", "added_at": NOW}
    insert_columns(session, table_of(Provider), shared, {"uuid": [new_uuid7() for _ in names], "name": list(names)})


def add_by_class(session: Session, name: str) -> None:
    session.add(Provider(uuid=new_uuid7(), name=name, contact="Priya", added_at=NOW))


def number(session: Session) -> int:
    found = session.scalar(NUMBER) or 0
    session.rollback()
    return found


def test_who_looked_sees_what_came_between_and_then_writes(session: LendingSession, other: Session) -> None:
    look_before_writing(session)
    assert straight(session) == 0
    assert not may_write(session)
    add_by_class(other, "Clover Care")
    other.commit()

    begin_write(session)

    assert may_write(session)
    assert straight(session) == 1
    add_straight(session, "Bramble Care", "Aster Care")
    session.commit()
    assert not may_write(session)
    assert number(other) == 3


def test_what_is_asked_of_the_session_itself_is_in_the_same_transaction(
    session: LendingSession, other: Session
) -> None:
    look_before_writing(session)
    begin_write(session)
    add_straight(session, "Bramble Care")
    assert session.scalar(NUMBER) == 1
    add_by_class(session, "Clover Care")
    session.flush()
    assert straight(session) == 2
    add_straight(session, "Aster Care")

    assert number(other) == 0
    session.commit()
    assert number(other) == 3


@pytest.mark.parametrize("by_class", [False, True])
@pytest.mark.parametrize("end", ["rollback", "close"])
def test_what_was_begun_after_a_look_can_be_undone(
    session: LendingSession, other: Session, end: str, by_class: bool
) -> None:
    look_before_writing(session)
    begin_write(session)
    add_straight(session, "Bramble Care")
    if by_class:
        add_by_class(session, "Clover Care")
        session.flush()

    getattr(session, end)()

    assert not may_write(session)
    assert number(session) == 0
    begin_write(other)
    add_by_class(other, "Aster Care")
    other.commit()


def test_after_a_look_sqlites_lock_is_taken_and_not_before(session: LendingSession, other: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no such lock")
    look_before_writing(session)
    straight(session)
    begin_write(other)
    other.commit()
    begin_write(session)
    with pytest.raises(OperationalError, match="locked"):
        begin_write(other)
    other.rollback()
    session.commit()
    begin_write(other)


def test_the_session_may_ask_while_it_looks_and_write_all_the_same(session: LendingSession, other: Session) -> None:
    look_before_writing(session)
    assert session.scalar(NUMBER) == 0
    add_by_class(other, "Clover Care")
    other.commit()

    begin_write(session)

    assert may_write(session)
    assert straight(session) == session.scalar(NUMBER) == 1
    add_straight(session, "Bramble Care")
    begin_write(session)
    assert number(other) == 2


def test_a_small_write_on_the_way_ends_the_look(session: LendingSession, other: Session) -> None:
    look_before_writing(session)
    straight(session)
    assert write_if_free(session, lambda: add_straight(session, "Bramble Care"))
    assert number(other) == 1
    begin_write(session)
    add_straight(session, "Clover Care")
    session.commit()
    assert number(other) == 2


def test_a_refused_row_leaves_nothing_behind_and_says_what_it_always_says(
    session: LendingSession, other: Session
) -> None:
    look_before_writing(session)
    begin_write(session)
    with pytest.raises(IntegrityError):
        add_straight(session, "Bramble Care", "Bramble Care")
    session.rollback()
    assert number(other) == 0


def test_who_listens_hears_of_each_statement_and_of_one_commit(session: LendingSession, database: Engine) -> None:
    with costs(database) as cost:
        look_before_writing(session)
        straight(session)
        begin_write(session)
        add_straight(session, "Bramble Care")
        session.commit()
    assert cost.commits == 1
    assert [each.split()[0] for each in cost.statements if each.startswith(("SELECT", "INSERT"))] == [
        "SELECT",
        "INSERT",
    ]
