"""What is worked out from the log can be worked out again, with the same rows."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import sync
from app.kernel import new_uuid7
from app.learning import AttemptResult, Completed, editions
from app.sync import HeldRecord
from tests.support.editions import edition, known, pick_one
from tests.support.practice import confirms, saw, withdraws
from tests.support.publishing import publish
from tests.support.tables import worked_out
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider, one_phone


def a_busy_week(phone: Phone, sha: str) -> list[dict[str, object]]:
    made = saw(phone, phone.person_uuid, {"1.1c": "not-yet", "1.2a": "yes"}, next_step="Again \x00")
    return [
        withdraws(phone, made["id"]),
        confirms(phone, made["id"], agrees=False, comment="It was Tuesday"),
        made,
        saw(phone, phone.person_uuid, {}),
        phone.answered(sha, {"first-thing": ["a", "b"]}),
        phone.answered(sha, {"first-thing": ["b"], "never-asked": ["b"]}, at="2026-06-14T10:00:00Z", off=3_600_000),
        phone.answered(sha, {"first-thing": [None]}, at="2031-01-01T00:00:00Z"),
        phone.read_lesson(sha),
        phone.record("reflection.saved", {"question": "q", "shared_with": "assessor", "text": "One \x00"}, edition=sha),
        phone.record(
            "goal.saved", {"goal": str(new_uuid7()), "text": "The hoist \x00", "by": "2026-09-01", "done": False}
        ),
        phone.record("notice.read", {"message": str(new_uuid7())}),
        phone.record("unheard.of"),
        phone.answered("e" * 64, {}),
        phone.record(),
    ]


def test_rebuilding_gives_the_rows_that_arriving_gave(session: Session) -> None:
    provider = add_provider(session)
    sha = publish(session, edition(questions=[pick_one(must=True)]))
    for name in ("Ngozi", "Tom"):
        phone = add_phone(session, add_person(session, provider, name))
        for days, record in enumerate(a_busy_week(phone, sha)):
            phone.send(session, record, now=NOW + timedelta(days=days))
    sync.correct(session, "a-module", 1, "first-thing", ["a"], reason="It was a.", now=NOW)
    session.commit()
    before = worked_out(session)

    rebuilt = sync.rebuild(session)
    session.commit()

    assert worked_out(session) == before
    assert all(before.values()), "a table without rows proves nothing"
    assert (rebuilt.records, rebuilt.held) == (28, 6)


def test_rebuilding_twice_changes_nothing(session: Session) -> None:
    phone = one_phone(session)
    phone.send(session, *a_busy_week(phone, known(edition())))
    sync.rebuild(session)
    once = worked_out(session)

    sync.rebuild(session)

    assert worked_out(session) == once


def test_a_large_log_is_read_to_its_end(session: Session) -> None:
    phone = one_phone(session)
    sha = known(edition())
    for _ in range(3):
        phone.send(session, *(phone.read_lesson(sha) for _ in range(900)))

    assert sync.rebuild(session).records == 2700


def test_what_was_held_for_an_edition_is_judged_once_it_is_there(session: Session) -> None:
    phone = one_phone(session)
    body = edition(key="later")
    sha = known(body)
    editions._known.pop(sha)
    phone.send(session, phone.answered(sha, {"first-thing": ["b"]}), phone.record("unheard.of"))
    assert session.scalars(select(func.count()).select_from(HeldRecord)).one() == 2

    known(body)
    judged = sync.judge_held(session)

    assert (judged.records, judged.held) == (2, 1)
    assert session.scalars(select(func.count()).select_from(Completed)).one() == 1


def test_an_attempt_is_dated_by_the_phones_clock_put_right_but_never_after_it_came(session: Session) -> None:
    phone = one_phone(session)
    sha = known(edition())
    phone.send(
        session,
        phone.answered(sha, {}, at="2026-06-15T09:00:00.000Z", off=60_000),
        phone.answered(sha, {}, at="2028-06-15T09:00:00.000Z", off=None),
        phone.answered(sha, {}, at="2028-06-15T09:00:00.000Z", off=-731 * 86_400_000),
    )

    dates = session.scalars(select(AttemptResult.at).order_by(AttemptResult.at)).all()

    assert [each.isoformat() for each in dates] == [
        "2026-06-15T09:00:00+00:00",
        "2026-06-15T09:01:00+00:00",
        "2026-06-15T12:00:00+00:00",
    ]
