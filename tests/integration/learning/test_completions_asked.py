"""What somebody completed is asked at every visit, and is read without the rows it stands in."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import learning
from tests.support.statements import statements
from tests.support.world import one_phone


def test_what_somebody_completed_is_answered_from_an_index_alone(database: Engine, session: Session) -> None:
    if database.dialect.name != "sqlite":
        pytest.skip("PostgreSQL says what it did of a table with rows only")
    phone = one_phone(session)

    with statements(database) as sent:
        learning.completions_of(session, phone.provider_id, [phone.person_id])

    [statement] = sent
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1, 1)).all()
    assert [row[-1].split(" (")[0] for row in plan] == [
        "SEARCH completions USING COVERING INDEX ix_completions_standing"
    ]
