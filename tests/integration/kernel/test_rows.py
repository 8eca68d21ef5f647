"""Rows handed to the driver are those SQLAlchemy would have stored."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from pydantic_core import to_json
from sqlalchemy import Engine, delete, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import insert_columns, insert_rows, new_uuid7, table_of
from app.learning.models import AttemptResult
from tests.support.statements import statements
from tests.support.world import add_person, add_provider

RESULTS = table_of(AttemptResult)
SUMMER = timezone(timedelta(hours=1))


def rows(session: Session) -> list[dict[str, Any]]:
    provider = add_provider(session)
    person = add_person(session, provider, "Ngozi")
    shared = {
        "person_id": person.person_id,
        "module": "safe-hands",
        "edition": 1,
        "sha": "a" * 64,
        "attempt": "one",
        "seconds": 180,
        "score": 50,
    }
    return [
        {
            **shared,
            "record": UUID("01890000-0000-7000-8000-000000000001"),
            "provider_id": None,
            "at": datetime(2026, 6, 15, 12, tzinfo=UTC),
            "received_at": datetime(2026, 6, 15, 12, 0, 0, 5, tzinfo=UTC),
            "passed": False,
            "questions": [{"id": 'é"\\\x07😀', "first": 0, "last": 100, "tries": 2}],
            "notes": {"unknown": [], "pending": ["b"]},
        },
        {
            **shared,
            "record": UUID("01890000-0000-7000-8000-000000000002"),
            "provider_id": None,
            "at": datetime(2026, 6, 15, 12, 30, 1, 999_999, tzinfo=SUMMER),
            "received_at": datetime(2026, 6, 15, 12, tzinfo=SUMMER),
            "passed": True,
            "questions": [],
            "notes": {},
        },
    ]


def stored(session: Session) -> list[tuple[Any, ...]]:
    """What the table holds, as the driver gives it."""
    return [tuple(row) for row in session.execute(text("SELECT * FROM attempt_results ORDER BY record"))]


def test_what_is_stored_is_the_same_to_the_byte(session: Session) -> None:
    made = rows(session)
    session.execute(insert(RESULTS), made)
    by_sqlalchemy = stored(session)
    session.execute(delete(RESULTS))

    insert_rows(session, RESULTS, made)

    assert len(by_sqlalchemy) == 2
    assert stored(session) == by_sqlalchemy


def test_many_rows_are_one_statement_and_none_is_no_statement(database: Engine, session: Session) -> None:
    made = rows(session)
    many = [{**made[0], "record": new_uuid7()} for _ in range(250)]

    with statements(database) as sent:
        insert_rows(session, RESULTS, many)
        insert_rows(session, RESULTS, [])

    assert len(sent) == 1
    assert len(stored(session)) == 250


def test_a_row_that_may_not_be_there_is_an_error_as_ever(session: Session) -> None:
    made = rows(session)

    with pytest.raises(IntegrityError):
        insert_rows(session, RESULTS, [made[0], made[0]])


def test_a_row_without_one_of_the_columns_is_the_callers_mistake(session: Session) -> None:
    made = rows(session)
    del made[1]["score"]

    with pytest.raises(Exception, match="score"):
        insert_rows(session, RESULTS, made)


def test_a_moment_without_a_time_zone_is_still_refused(session: Session) -> None:
    made = rows(session)[:1]
    made[0]["at"] = datetime(2026, 6, 15, 12)  # noqa: DTZ001 - that is the mistake

    with pytest.raises(Exception, match="time zone"):
        insert_rows(session, RESULTS, made)


def test_columns_with_what_they_share_are_stored_as_rows_are(session: Session) -> None:
    made = rows(session)
    shared = {name: made[0][name] for name in ("person_id", "module", "edition", "sha", "attempt", "provider_id")}
    made = [{**row, **shared, "at": made[0]["at"]} for row in made]
    insert_rows(session, RESULTS, made)
    by_row = stored(session)
    session.execute(delete(RESULTS))

    own = {name: [row[name] for row in made] for name in made[0] if name not in shared and name != "at"}
    insert_columns(session, RESULTS, {**shared, "at": made[0]["at"]}, own)
    insert_columns(session, RESULTS, {**shared, "at": made[0]["at"]}, {name: [] for name in own})

    assert len(by_row) == 2
    assert stored(session) == by_row


def test_an_id_as_text_and_json_that_was_written_are_stored_as_what_they_mean(session: Session) -> None:
    made = rows(session)
    insert_rows(session, RESULTS, made)
    by_object = session.execute(select(RESULTS).order_by(RESULTS.c.record)).all()
    as_stored = stored(session)
    session.execute(delete(RESULTS))

    written = [
        {**row, "record": str(row["record"]), **{name: to_json(row[name]).decode() for name in ("questions", "notes")}}
        for row in made
    ]
    insert_columns(session, RESULTS, {}, {name: [row[name] for row in written] for name in written[0]})

    assert session.execute(select(RESULTS).order_by(RESULTS.c.record)).all() == by_object
    assert stored(session) == as_stored


def test_columns_of_unlike_length_are_the_callers_mistake(session: Session) -> None:
    made = rows(session)
    columns = {name: [row[name] for row in made] for name in made[0]}

    with pytest.raises(ValueError, match="argument"):
        insert_columns(session, RESULTS, {}, {**columns, "score": [50]})
