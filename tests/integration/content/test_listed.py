"""What every phone asks of everything that is published costs little, and is never what it was before."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from app.content import queries as content
from app.content.models import Document, Edition
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core, publish_document
from tests.support.statements import statements

SOMEBODY = UUID("01890000-0000-7000-8000-00000000000a")


def test_the_list_of_editions_is_read_without_reading_editions(database: Engine, session: Session) -> None:
    if database.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps what is long elsewhere")
    publish(session, edition())

    with statements(database) as sent:
        found = content.all_editions(session, SOMEBODY)

    assert [each.key for each in found] == ["a-module"]
    assert len(sent) == 1
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", (SOMEBODY.hex,)).all()
    assert [row[-1] for row in plan] == ["SCAN editions USING COVERING INDEX ix_editions_listed"]


def test_editions_and_documents_are_everybodys_and_those_of_one_audience(session: Session) -> None:
    publish_core(session)
    publish(session, edition())
    own = publish(session, edition(key="own"))
    pack = publish_document(session, "pack", "ours", {"topics": []})
    session.execute(update(Edition).where(Edition.sha == own).values(audience=SOMEBODY))
    session.execute(update(Document).where(Document.sha == pack).values(audience=SOMEBODY))

    def seen(audience: UUID | None) -> tuple[list[str], list[str]]:
        editions, packs = content.all_editions(session, audience), content.documents(session, "pack", audience)
        return [each.key for each in editions], [each.name for each in packs]

    assert seen(None) == (["a-module"], ["core"])
    assert seen(SOMEBODY) == (["a-module", "own"], ["core", "ours"])
    assert seen(UUID(int=1)) == (["a-module"], ["core"])


def test_what_a_document_says_is_read_once_and_anew_when_another_is_in_force(
    database: Engine, session: Session
) -> None:
    def words() -> object:
        found = content.document(session, "glossary", "en")
        return found and found.data["words"]

    first = publish_document(session, "glossary", "en", {"words": {"a": "one meaning of this test"}})
    assert words() == {"a": "one meaning of this test"}
    with statements(database) as sent:
        assert words() == {"a": "one meaning of this test"}
    assert len(sent) == 1

    session.execute(update(Document).where(Document.sha == first).values(in_force=False))
    publish_document(session, "glossary", "en", {"words": {"a": "another meaning"}})

    assert words() == {"a": "another meaning"}
