"""The trail holds what was done, refuses to be changed, and says where it was changed all the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import audit
from app.audit import AuditEntry, AuditHead, Broken
from app.audit.chain import Trouble, hash_of
from app.kernel import begin_write, new_uuid7
from tests.support.world import NOW

PRIYA, NGOZI, HARBOUR = new_uuid7(), new_uuid7(), new_uuid7()


def fill(session: Session, count: int = 5) -> None:
    for minute in range(count):
        audit.note(
            session,
            "goes.reset",
            actor=audit.by_person(PRIYA),
            now=NOW + timedelta(minutes=minute),
            provider=HARBOUR,
            subject=NGOZI,
            details={"module": "falls-first-minutes"},
        )
    session.commit()


def unguarded(session: Session) -> None:
    """What somebody who rules the database can do: take the triggers away."""
    if session.get_bind().dialect.name == "sqlite":
        for name in ("audit_entries_unchanged", "audit_entries_kept"):
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    session.commit()


def broken(session: Session) -> Broken:
    session.expire_all()
    found = audit.verify(session).broken
    assert found is not None
    return found


def test_what_was_done_is_told_newest_first(session: Session) -> None:
    audit.note(session, "code.made", actor=audit.by_person(PRIYA), now=NOW, provider=HARBOUR, subject=NGOZI)
    audit.note(session, "records.rebuilt", actor=audit.WORKER, now=NOW, details={"records": 12})
    session.commit()

    newest, first = audit.entries(session)

    assert (newest.action, newest.actor, newest.details) == ("records.rebuilt", audit.WORKER, {"records": 12})
    assert (first.action, first.actor.person, first.subject, first.at) == ("code.made", PRIYA, NGOZI, NOW)
    assert audit.verify(session).broken is None


def test_the_trail_is_read_by_provider_person_kind_and_page(session: Session) -> None:
    fill(session, 3)
    audit.note(session, "code.made", actor=audit.OPERATOR, now=NOW, provider=new_uuid7(), subject=new_uuid7())
    session.commit()

    assert [each.number for each in audit.entries(session, provider=HARBOUR, limit=2)] == [3, 2]
    assert [each.number for each in audit.entries(session, provider=HARBOUR, before=2)] == [1]
    assert [each.number for each in audit.entries(session, kind=audit.Kind.SIGN_IN)] == [4]
    assert len(audit.entries(session, person=NGOZI)) == len(audit.entries(session, person=PRIYA)) == 3
    assert [each.number for each in audit.entries_about(session, NGOZI, [HARBOUR])] == [1, 2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'code.made' WHERE number = 2",
        "UPDATE audit_entries SET details = details",
        "DELETE FROM audit_entries WHERE number = 5",
        "DELETE FROM audit_entries",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete(session: Session, statement: str) -> None:
    fill(session)

    with pytest.raises(DBAPIError, match="audit entries are never"):
        session.execute(text(statement))


def test_postgresql_refuses_to_empty_the_table(session: Session) -> None:
    fill(session)
    words = "TRUNCATE audit_entries" if session.get_bind().dialect.name == "postgresql" else "DELETE FROM audit_entries"

    with pytest.raises(DBAPIError, match="audit entries are never"):
        session.execute(text(words))


@pytest.mark.parametrize(
    "change",
    [
        {"action": "code.made"},
        {"actor": "operator"},
        {"actor_person": NGOZI},
        {"subject": PRIYA},
        {"provider": None},
        {"details": '{"module":"other"}'},
        {"at": NOW + timedelta(days=1)},
        {"hash": "0" * 64},
        {"before": "0" * 64},
        {"removed_to": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_named(session: Session, change: dict[str, object]) -> None:
    fill(session)
    unguarded(session)
    session.execute(update(AuditEntry).where(AuditEntry.number == 3).values(**change))

    assert (broken(session).number, broken(session).trouble) == (3, Trouble.CHANGED)


def test_an_entry_changed_with_its_hash_does_not_fit_the_next(session: Session) -> None:
    fill(session)
    unguarded(session)
    row = session.scalars(select(AuditEntry).where(AuditEntry.number == 3)).one()
    row.details = "{}"
    row.hash = hash_of(row)
    session.commit()

    assert (broken(session).number, broken(session).trouble) == (4, Trouble.REORDERED)


def test_a_missing_entry_is_named(session: Session) -> None:
    fill(session)
    unguarded(session)
    session.execute(delete(AuditEntry).where(AuditEntry.number == 3))

    assert (broken(session).number, broken(session).trouble) == (3, Trouble.MISSING)


def test_a_missing_start_is_named(session: Session) -> None:
    fill(session)
    unguarded(session)
    session.execute(delete(AuditEntry).where(AuditEntry.number <= 2))

    assert (broken(session).number, broken(session).trouble) == (1, Trouble.START_MISSING)


def test_two_entries_that_changed_places_are_noticed(session: Session) -> None:
    fill(session)
    unguarded(session)
    for old, new in ((3, 90), (4, 3), (90, 4)):
        session.execute(update(AuditEntry).where(AuditEntry.number == old).values(number=new))

    assert broken(session).number == 3


def test_a_cut_off_end_is_noticed_by_the_remembered_head(session: Session) -> None:
    fill(session)
    unguarded(session)
    session.execute(delete(AuditEntry).where(AuditEntry.number > 3))

    assert (broken(session).number, broken(session).trouble) == (4, Trouble.CUT_OFF)


def test_an_emptied_trail_is_noticed_by_the_remembered_head(session: Session) -> None:
    fill(session)
    unguarded(session)
    session.execute(delete(AuditEntry))

    assert broken(session).trouble is Trouble.CUT_OFF


def test_a_head_kept_elsewhere_notices_what_the_server_forgot(session: Session) -> None:
    fill(session)
    kept = audit.head(session)
    unguarded(session)
    session.execute(delete(AuditEntry).where(AuditEntry.number > 3))
    last = session.scalars(select(AuditEntry).where(AuditEntry.number == 3)).one()
    session.execute(update(AuditHead).values(number=3, hash=last.hash))
    session.commit()

    assert audit.verify(session).broken is None
    found = audit.verify(session, kept).broken
    assert found is not None
    assert found.trouble is Trouble.CUT_OFF


def test_a_chain_written_anew_does_not_fit_a_head_kept_elsewhere(session: Session) -> None:
    fill(session)
    kept = audit.head(session)
    unguarded(session)
    session.execute(delete(AuditEntry))
    session.execute(delete(AuditHead))
    audit.note(session, "code.made", actor=audit.OPERATOR, now=NOW)
    fill(session)

    assert audit.verify(session).broken is None
    found = audit.verify(session, kept).broken
    assert found is not None
    assert found.trouble is Trouble.ANOTHER_CHAIN


def test_the_oldest_entries_go_and_the_chain_stays_whole(session: Session) -> None:
    fill(session)
    kept = audit.head(session)

    gone = audit.remove_before(session, NOW + timedelta(minutes=3), actor=audit.WORKER, now=NOW + timedelta(days=1))
    session.commit()

    verdict = audit.verify(session, kept)
    assert (gone, verdict.broken, verdict.entries, verdict.removed_to) == (3, None, 3, 3)
    newest = audit.entries(session)[0]
    assert (newest.action, newest.details["up_to"]) == ("audit.shortened", 3)
    with pytest.raises(DBAPIError, match="audit entries are never"):
        session.execute(text("DELETE FROM audit_entries WHERE number = 4"))


def test_the_trail_may_be_shortened_again_and_again(session: Session) -> None:
    fill(session)
    for day in (1, 2, 3):
        now = NOW + timedelta(days=day)
        audit.note(session, "sign-in.done", actor=audit.by_person(PRIYA), now=now)
        audit.remove_before(session, now - timedelta(hours=1), actor=audit.WORKER, now=now)
        session.commit()

    verdict = audit.verify(session)
    assert (verdict.broken, verdict.entries) == (None, 2)


def test_nothing_old_means_nothing_noted(session: Session) -> None:
    fill(session)

    assert audit.remove_before(session, NOW, actor=audit.WORKER, now=NOW) == 0
    assert audit.head(session).number == 5


def test_more_removed_than_the_checkpoint_says_is_noticed(session: Session) -> None:
    fill(session)
    audit.remove_before(session, NOW + timedelta(minutes=2), actor=audit.WORKER, now=NOW)
    session.commit()
    unguarded(session)
    session.execute(delete(AuditEntry).where(AuditEntry.number == 3))

    assert (broken(session).number, broken(session).trouble) == (3, Trouble.START_MISSING)


def test_what_is_undone_is_not_noted(session: Session) -> None:
    fill(session, 1)
    audit.note(session, "records.rebuilt", actor=audit.OPERATOR, now=NOW)
    session.rollback()
    fill(session, 1)

    assert [each.action for each in audit.entries(session)] == ["goes.reset", "goes.reset"]
    assert audit.verify(session).broken is None


@pytest.mark.parametrize("action", ["code.mad", "", "audit.shortened"])
def test_an_action_outside_the_registry_is_refused(session: Session, action: str) -> None:
    with pytest.raises(audit.UnknownAction):
        audit.note(session, action, actor=audit.OPERATOR, now=NOW)


@pytest.mark.parametrize("value", ["Priya Shah", "priya shah", "I was tired.", "", "x" * 200, "Ngozi"])
def test_words_are_refused_where_a_key_belongs(session: Session, value: str) -> None:
    with pytest.raises(audit.UnknownDetail):
        audit.note(session, "goes.reset", actor=audit.OPERATOR, now=NOW, details={"module": value})


def test_a_detail_the_action_does_not_have_is_refused(session: Session) -> None:
    with pytest.raises(audit.UnknownDetail):
        audit.note(session, "code.made", actor=audit.OPERATOR, now=NOW, details={"name": "priya"})


@pytest.fixture
def sessions(database: Engine) -> Iterator[list[Session]]:
    found = [Session(database) for _ in range(4)]
    yield found
    for each in found:
        each.close()


def test_writers_at_the_same_time_make_one_chain(database: Engine, sessions: list[Session]) -> None:
    def write(session: Session) -> None:
        for _ in range(10):
            begin_write(session)
            audit.note(session, "sign-in.done", actor=audit.by_person(new_uuid7()), now=NOW)
            session.commit()

    with ThreadPoolExecutor(len(sessions)) as pool:
        list(pool.map(write, sessions))

    with Session(database) as session:
        verdict = audit.verify(session)
        numbers = [each.number for each in audit.entries(session, limit=100)]
    assert (verdict.entries, verdict.broken) == (40, None)
    assert all(newer - older == 1 for newer, older in itertools.pairwise(numbers))
