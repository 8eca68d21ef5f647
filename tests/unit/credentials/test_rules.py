"""What is met, and what takes it back, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from app.assessment import Method, SignOffView
from app.credentials.building import achievement_id
from app.credentials.rules import NO_COMPETENCE, PROVISIONAL, Facts, Pass, Seen, Standard, met, why_gone
from app.credentials.types import Kind, Line

DAY = date(2026, 6, 14)


def line(code: str, *, confirmed: bool = True) -> Line:
    return Line(code=code, text=f"Text of {code}", confirmed=confirmed)


STANDARD = Standard(
    number=13, title="Health and safety", knowledge=(line("13.1a"), line("13.1b")), practice=(line("13.2a"),)
)


def passed(module: str, *codes: str, record: int = 1, elective: bool = False, months: int | None = None) -> Pass:
    return Pass(
        record=UUID(int=record),
        module=module,
        title=module.title(),
        codes=frozenset(codes),
        elective=elective,
        own=None,
        on=DAY,
        score=90,
        pass_mark=80,
        valid_until=datetime(2027, 6, 14, tzinfo=UTC) if months else None,
    )


def seen(code: str) -> Seen:
    return Seen(code=code, observation=UUID(int=9), on=DAY, assessor="Dawn Marsh", method=Method.OBSERVATION)


NOTHING = Facts(passes=(), seen={}, holding=frozenset(), sign_offs=(), day_of_sign_off={})


def kinds(facts: Facts, *standards: Standard) -> list[Kind]:
    return [each.kind for each in met(facts, standards or (STANDARD,))]


def test_knowledge_wants_every_line_by_whichever_modules() -> None:
    assert kinds(NOTHING) == []
    assert kinds(replace(NOTHING, passes=(passed("a", "13.1a"),))) == []
    both = replace(NOTHING, passes=(passed("a", "13.1a"), passed("b", "13.1b", record=2)))
    (each,) = met(both, (STANDARD,))
    assert each.kind is Kind.KNOWLEDGE
    assert each.rests_on == (f"completion:{UUID(int=1)}", f"completion:{UUID(int=2)}")
    assert [score.reached for score in each.scores] == [90, 90]


def test_questions_never_stand_in_for_practice_nor_both_for_a_sign_off() -> None:
    facts = replace(NOTHING, passes=(passed("a", "13.1a", "13.1b", "13.2a"),), seen={"13.2a": seen("13.2a")})
    assert kinds(facts) == [Kind.KNOWLEDGE, Kind.PRACTICE]
    assert kinds(replace(facts, seen={})) == [Kind.KNOWLEDGE]


def test_a_standard_without_lines_of_a_kind_gives_nothing_of_that_kind() -> None:
    assert kinds(NOTHING, replace(STANDARD, knowledge=(), practice=())) == []


def test_the_whole_certificate_wants_its_own_sign_off() -> None:
    view = SignOffView(
        uuid=UUID(int=5),
        person_id=1,
        framework="care-certificate-2025",
        standard=13,
        at=datetime(2026, 6, 14, tzinfo=UTC),
        by="",
        withdrawn_at=None,
        withdrawn_by="",
        withdrawn_reason=None,
    )
    facts = replace(NOTHING, sign_offs=(view,), day_of_sign_off={view.uuid: DAY})
    assert kinds(facts) == [Kind.STANDARD]
    assert kinds(replace(facts, sign_offs=(replace(view, standard=None),))) == [Kind.CERTIFICATE]


def test_an_elective_claims_knowledge_only_and_each_round_of_one_that_lapses_stands_alone() -> None:
    (once,) = met(replace(NOTHING, passes=(passed("falls", elective=True),)), (STANDARD,))
    assert (once.occasion, once.valid_until, NO_COMPETENCE in once.description) == ("", None, True)
    (again,) = met(replace(NOTHING, passes=(passed("falls", elective=True, months=12),)), (STANDARD,))
    assert again.occasion == str(UUID(int=1))
    assert again.achievement == once.achievement


def test_of_a_module_taken_twice_the_latest_pass_is_named() -> None:
    twice = (passed("falls", elective=True, record=1), passed("falls", elective=True, record=2))
    (each,) = met(replace(NOTHING, passes=twice), (STANDARD,))
    assert each.rests_on == (f"completion:{UUID(int=2)}",)


def test_numbers_that_nobody_confirmed_are_told_as_provisional() -> None:
    unsure = replace(STANDARD, practice=(line("13.2a", confirmed=False),))
    facts = replace(NOTHING, seen={"13.2a": seen("13.2a")})
    (sure,), (told,) = met(facts, (STANDARD,)), met(facts, (unsure,))
    assert PROVISIONAL not in sure.criteria
    assert told.criteria.endswith(PROVISIONAL)


def test_it_holds_as_long_as_all_it_rests_on_does() -> None:
    grounds = ("completion:1", "observation:2:13.2a", "sign-off:3")
    assert why_gone(grounds, frozenset(grounds)) is None
    for gone, word in zip(grounds, ("pass", "Practice", "sign-off"), strict=True):
        assert word in (why_gone(grounds, frozenset(grounds) - {gone}) or "")


def test_an_achievement_has_the_same_id_on_every_server() -> None:
    assert achievement_id("care-certificate-2025/13/met") == "urn:uuid:1f3ccacf-76ab-554f-9a6c-96d8a1daed09"
