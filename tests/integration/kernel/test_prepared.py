"""What is asked straight of the driver is what SQLAlchemy would have given."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, bindparam, func, select, table, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.identity.models import Device
from app.kernel import Prepared, insert_rows, table_of
from tests.support.statements import statements
from tests.support.world import add_person, add_provider

DEVICES = table_of(Device)
NOON = datetime(2026, 6, 15, 12, 0, 0, 5, tzinfo=UTC)


def uuid(number: int) -> UUID:
    return UUID(int=(0x01890000_0000_7000_8000 << 48) | number)


@pytest.fixture
def person(session: Session) -> int:
    """A person with seven phones, of which every other was ended."""
    provider = add_provider(session)
    person_id = add_person(session, provider, "Ngozi").person_id
    rows = [
        {
            "uuid": uuid(number),
            "first_uuid": uuid(number - 1) if number % 3 else None,
            "person_id": person_id,
            "provider_id": provider.id,
            "added_at": NOON,
            "last_seen_at": NOON + timedelta(days=number),
            "revoked_at": NOON if number % 2 else None,
        }
        for number in range(7)
    ]
    insert_rows(session, DEVICES, rows)
    return person_id


@pytest.mark.parametrize("number", range(6))
def test_rows_are_those_sqlalchemy_gives_for_lists_of_every_length(session: Session, person: int, number: int) -> None:
    query = (
        select(DEVICES, (DEVICES.c.person_id + 1).label("next"))
        .where(DEVICES.c.uuid.in_(bindparam("uuids", expanding=True)), DEVICES.c.person_id == bindparam("person"))
        .order_by(DEVICES.c.id)
    )
    given: dict[str, Any] = {"uuids": [uuid(each * 2) for each in range(number)], "person": person}
    by_sqlalchemy = session.execute(query, given).all()

    asked = Prepared(query)
    rows = asked.all(session, **given)

    assert len(rows) == min(number, 4)
    assert [tuple(row) for row in rows] == [tuple(row) for row in by_sqlalchemy]
    assert [row.last_seen_at for row in rows] == [row.last_seen_at for row in by_sqlalchemy]
    assert asked.first(session, **given) == (rows[0] if rows else None)


def test_what_a_statement_says_itself_is_sent_too(session: Session, person: int) -> None:
    query = select(DEVICES.c.first_uuid, func.count().label("times")).group_by(DEVICES.c.first_uuid)
    more_than_once = query.having(func.count() > 1).where(DEVICES.c.person_id == bindparam("person"))

    rows = Prepared(more_than_once).all(session, person=person)

    assert [(row.first_uuid, row.times) for row in rows] == [(None, 3)]


def test_an_update_is_done_and_each_is_one_statement_that_who_listens_hears(
    database: Engine, session: Session, person: int
) -> None:
    later = NOON + timedelta(days=30)
    change = Prepared(
        update(DEVICES).where(DEVICES.c.uuid == bindparam("dev")).values(last_seen_at=bindparam("moment"))
    )
    look = Prepared(select(DEVICES.c.last_seen_at).where(DEVICES.c.uuid == bindparam("dev")))

    with statements(database) as sent:
        change.run(session, dev=uuid(3), moment=later)
        found = look.first(session, dev=uuid(3))

    assert found.last_seen_at == later
    assert [statement.split()[0] for statement in sent] == ["UPDATE", "SELECT"]
    assert look.first(session, dev=uuid(4)).last_seen_at == NOON + timedelta(days=4)


def test_trouble_is_sqlalchemys(session: Session) -> None:
    nowhere = table("nowhere", DEVICES.c.id._copy())

    with pytest.raises((OperationalError, ProgrammingError), match="nowhere"):
        Prepared(select(nowhere)).all(session)
