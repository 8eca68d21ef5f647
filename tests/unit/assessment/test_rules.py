"""What counts, what is in doubt and what waits, of statements in whatever order they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.assessment import (
    AppointmentView,
    Confirmation,
    Countersigned,
    Criterion,
    Decided,
    Decision,
    Facts,
    Method,
    State,
    Statement,
    Stay,
    Why,
    Withdrawal,
    in_doubt,
    settle,
    shown_and_not_yet,
)

DAWN, PRIYA, NGOZI = UUID(int=1), UUID(int=2), UUID(int=3)
FRAMEWORK = "care-certificate-2025"
JANUARY, FEBRUARY = datetime(2026, 1, 5, 10, tzinfo=UTC), datetime(2026, 2, 5, 10, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 10, tzinfo=UTC)


def saw(number: int, decision: Decision, at: datetime, short: str = "ABCD2345") -> Statement:
    return Statement(
        record=UUID(int=number),
        assessor=DAWN,
        assessor_name="Dawn Marsh",
        learner=NGOZI,
        framework=FRAMEWORK,
        standard=1,
        method=Method.OBSERVATION,
        seen_on=at.date(),
        decided=(Decided(code="1.1c", decision=decision, saw=""),),
        next_step=None,
        next_on=None,
        short=short,
        at=at,
        received_at=at,
    )


def said(number: int, of: int | None, at: datetime, *, agrees: bool = True) -> Confirmation:
    return Confirmation(
        record=UUID(int=number),
        learner=NGOZI,
        observation=UUID(int=of) if of else None,
        short=None if of else "ABCD2345",
        agrees=agrees,
        comment=None,
        at=at,
    )


def named(assessor: UUID = DAWN, *, until: date | None = None, ended_at: datetime | None = None) -> AppointmentView:
    return AppointmentView(
        uuid=UUID(int=99),
        person_id=1,
        assessor=assessor,
        name="",
        standards=None,
        basis="",
        since=date(2025, 1, 1),
        until=until,
        at=JANUARY,
        by="",
        ended_at=ended_at,
        ended_by="",
    )


def facts(
    *statements: Statement,
    confirmations: tuple[Confirmation, ...] = (),
    appointments: tuple[AppointmentView, ...] = (named(),),
    rivals: tuple[Statement, ...] = (),
) -> Facts:
    return Facts(
        statements=statements,
        learners={NGOZI: (3, "Ngozi Obi")},
        confirmations=confirmations,
        appointments=appointments,
        stays={who: (Stay(started=date(2025, 1, 1), ended=None),) for who in (DAWN, PRIYA)},
        criteria={FRAMEWORK: {"1.1c": Criterion(code="1.1c", text="", standard=1, confirmed=True, simulation=False)}},
        rivals=rivals,
    )


def standing(known: Facts) -> str:
    """Where 1.1c stands: "shown", "doubt", "not-yet" or "open"."""
    views = settle(known)
    shown, not_yet = shown_and_not_yet(views)
    found = {"shown": shown, "doubt": in_doubt(views), "not-yet": not_yet}
    (word,) = [word for word, each in found.items() if "1.1c" in each.get(3, {})] or ["open"]  # type: ignore[attr-defined]
    return word


def state(known: Facts, number: int) -> State:
    return {view.record: view for view in settle(known)}[UUID(int=number)].state


YES = saw(11, Decision.YES, JANUARY)
NOT_YET = saw(12, Decision.NOT_YET, FEBRUARY, "WXYZ6789")
AGREED = said(21, 11, JANUARY)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "doubt"),
        ((said(22, 12, FEBRUARY, agrees=False),), "doubt"),
        ((said(22, 12, FEBRUARY),), "not-yet"),
        ((said(22, 12, FEBRUARY), said(23, 12, LATER, agrees=False)), "doubt"),
        ((said(22, 12, FEBRUARY, agrees=False), said(23, 12, LATER)), "not-yet"),
    ],
)
def test_nobody_lets_their_own_not_yet_stand_aside(words: tuple[Confirmation, ...], expected: str) -> None:
    assert standing(facts(YES, NOT_YET, confirmations=(AGREED, *words))) == expected
    assert standing(facts(NOT_YET, YES, confirmations=(*reversed(words), AGREED))) == expected


def test_a_doubt_ends_when_it_is_countersigned_withdrawn_or_seen_again() -> None:
    against = said(22, 12, FEBRUARY, agrees=False)
    known = facts(YES, NOT_YET, confirmations=(AGREED, against))
    signed = Countersigned(observation=UUID(int=12), confirmation=against.record, words="", by="", at=LATER)
    assert standing(replace(known, countersigned=(signed,))) == "not-yet"
    mistaken = Withdrawal(record=UUID(int=31), assessor=DAWN, observation=UUID(int=12), reason="", at=LATER)
    assert standing(replace(known, withdrawals=(mistaken,))) == "shown"
    seen = (YES, NOT_YET, saw(13, Decision.YES, LATER, "BBBB2222"))
    assert standing(replace(known, statements=seen)) == "doubt"
    assert standing(replace(known, statements=seen, confirmations=(AGREED, against, said(24, 13, LATER)))) == "shown"


def test_only_what_could_count_and_is_later_casts_doubt() -> None:
    for other in (
        replace(NOT_YET, assessor=PRIYA),
        replace(NOT_YET, method=Method.SIMULATION),
        saw(12, Decision.NOT_YET, JANUARY - timedelta(days=9), "WXYZ6789"),
    ):
        assert standing(facts(YES, other, confirmations=(AGREED,))) == "shown"
    assert standing(facts(NOT_YET)) == "open"


def test_a_code_is_placed_among_statements_in_scope_that_were_there() -> None:
    code = said(21, None, JANUARY + timedelta(hours=1))
    rival = replace(saw(12, Decision.YES, JANUARY), assessor=PRIYA)
    assert state(facts(YES, rival, confirmations=(code,)), 11) is State.COUNTS
    assert state(facts(YES, rivals=(rival,), confirmations=(code,)), 11) is State.COUNTS
    both = (named(), named(PRIYA))
    assert state(facts(YES, rival, confirmations=(code,), appointments=both), 11) is State.WAITING
    assert state(facts(YES, rivals=(rival,), confirmations=(code,), appointments=both), 11) is State.WAITING
    placed = facts(YES, replace(rival, at=LATER), confirmations=(code,), appointments=both)
    assert (state(placed, 11), state(placed, 12)) == (State.COUNTS, State.WAITING)


def test_a_code_said_a_little_before_by_another_clock_is_of_the_first() -> None:
    code = said(21, None, JANUARY - timedelta(seconds=9))
    assert state(facts(YES, confirmations=(code,)), 11) is State.COUNTS
    placed = facts(saw(12, Decision.YES, LATER), YES, confirmations=(code,))
    assert (state(placed, 11), state(placed, 12)) == (State.COUNTS, State.WAITING)


@pytest.mark.parametrize(("days", "expected"), [(30, State.COUNTS), (31, State.OUT_OF_SCOPE)])
@pytest.mark.parametrize("over", [named(until=FEBRUARY.date()), named(ended_at=FEBRUARY)])
def test_what_comes_long_after_an_assessors_time_waits_for_a_manager(
    over: AppointmentView, days: int, expected: State
) -> None:
    made = replace(YES, received_at=FEBRUARY + timedelta(days=days))
    known = facts(made, confirmations=(AGREED,), appointments=(over,))
    (view,) = settle(known)
    assert (view.state, view.why is Why.LATE, view.waits_for_manager) == (expected, days == 31, days == 31)
    let_in = Countersigned(observation=made.record, confirmation=None, words="", by="", at=LATER)
    assert standing(replace(known, countersigned=(let_in,))) == "shown"
    assert state(replace(known, countersigned=(let_in,), confirmations=()), 11) is State.WAITING
    # Somebody who is named without an end is not late.
    assert state(replace(known, appointments=(over, named())), 11) is State.COUNTS


def test_a_late_one_that_is_disagreed_with_waits_twice() -> None:
    against = said(21, 11, JANUARY, agrees=False)
    late = replace(YES, received_at=LATER)
    known = facts(late, confirmations=(against,), appointments=(named(until=FEBRUARY.date()),))
    assert state(known, 11) is State.OUT_OF_SCOPE
    let_in = Countersigned(observation=late.record, confirmation=None, words="", by="", at=LATER)
    assert state(replace(known, countersigned=(let_in,)), 11) is State.DISAGREED
    settled = replace(let_in, confirmation=against.record)
    assert state(replace(known, countersigned=(let_in, settled)), 11) is State.COUNTS
