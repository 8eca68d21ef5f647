"""Statements are what xAPI 1.0.3 asks for, and the same act always gives the same ones. Ralph, a store, judges too."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from ralph.models.xapi.base.statements import BaseXapiStatement

from app.assessment import Decided, Decision, Method, ObservationView, State
from app.content import build
from app.content.build import whole
from app.interop.xapi import Place, as_array
from app.interop.xapi.making import Studied, of_attempt, of_lesson, of_observation
from app.learning import AttemptView, LessonReadView, QuestionResult
from tests.support.content import checked, example

_CHECKED = checked(example())
_BUILT = build(_CHECKED.module, _CHECKED.media)
EDITION: dict[str, Any] = dict(_BUILT.data)
QUESTIONS = {each["id"]: each for each in whole(EDITION, _BUILT.answer_key)}
STUDIED = Studied(edition=EDITION, questions=QUESTIONS)
PLACE = Place(origin="https://care.example.org")
PERSON, ASSESSOR, RECORD = UUID(int=7), UUID(int=8), UUID("0197d2a1-7b1c-7c3e-9d1e-3f6a7b8c9d0e")
AT = datetime(2026, 6, 15, 10, 0, 30, tzinfo=UTC)
VERBS = "http://adlnet.gov/expapi/verbs/"


def go(**changes: Any) -> AttemptView:
    values: dict[str, Any] = {
        "record": RECORD,
        "person_id": 1,
        "module": EDITION["key"],
        "edition": EDITION["edition"],
        "sha": "0" * 64,
        "at": AT,
        "received_at": AT,
        "seconds": 90,
        "score": 85,
        "passed": True,
        "questions": tuple(QuestionResult(id=each, first=100, last=100, tries=1) for each in QUESTIONS),
    }
    return AttemptView(**{**values, **changes})


def read() -> LessonReadView:
    first = next(part["id"] for part in EDITION["parts"] if part["kind"] == "lesson")
    return LessonReadView(
        record=RECORD, person_id=1, module=EDITION["key"], edition=1, sha="0" * 64, lesson=first, at=AT, seconds=30
    )


def seen(*decided: Decided, counting: frozenset[str], assessor: UUID | None = ASSESSOR) -> ObservationView:
    return ObservationView(
        record=RECORD, person_id=1, learner=PERSON, learner_name="Ngozi Obi", assessor=assessor,
        assessor_name="Ada Lin", own=False, framework="care-certificate-2025", standard=13, method=Method.OBSERVATION,
        seen_on=date(2026, 6, 14), at=AT, received_at=AT, decided=decided, next_step=None, next_on=None, short="AB12",
        state=State.COUNTS, why=None, whys={}, counting=counting, confirmation=None, countersigned=None,
        withdrawn_reason="", withdrawn_by="", taken_back=False,
    )  # fmt: skip


def statements_of(attempt: AttemptView) -> list[dict[str, Any]]:
    return list(of_attempt(PLACE, PERSON, attempt, STUDIED))


YES = Decided(code="13.2a", decision=Decision.YES, saw="Held the rail")
EVERY = [
    *of_lesson(PLACE, PERSON, read(), STUDIED),
    *statements_of(go()),
    *statements_of(go(passed=False, score=0)),
    *of_observation(PLACE, seen(YES, counting=frozenset({"13.2a"}))),
]


@pytest.mark.parametrize("statement", EVERY, ids=lambda each: each["verb"]["display"]["en"])
def test_a_store_takes_every_statement(statement: dict[str, Any]) -> None:
    taken = BaseXapiStatement.model_validate_json(json.dumps(statement))
    assert str(taken.id) == statement["id"]


def test_ralph_refuses_what_is_wrong() -> None:
    wrong = {**EVERY[0], "actor": {"account": {"name": "x"}}}
    with pytest.raises(ValueError, match="homePage"):
        BaseXapiStatement.model_validate_json(json.dumps(wrong))


def test_a_go_begins_initialized_and_ends_terminated_in_one_registration() -> None:
    made = statements_of(go())
    verbs = [each["verb"]["id"].removeprefix(VERBS) for each in made]
    answered = ["answered"] * len(QUESTIONS)
    assert verbs == ["initialized", *answered, "completed", "passed", "terminated"]
    assert len({each["context"]["registration"] for each in made}) == 1
    assert made[0]["timestamp"] == "2026-06-15T09:59:00.000Z"
    assert made[-1]["timestamp"] == "2026-06-15T10:00:30.000Z"


def test_two_goes_and_two_people_have_registrations_of_their_own() -> None:
    other = go(record=UUID(int=9))
    registrations = {
        each["context"]["registration"]
        for each in (*statements_of(go()), *statements_of(other), *of_attempt(PLACE, ASSESSOR, go(), STUDIED))
    }
    assert len(registrations) == 3


def test_the_id_of_the_phones_record_is_the_id_of_one_statement() -> None:
    made = statements_of(go())
    assert [each["verb"]["display"]["en"] for each in made if each["id"] == str(RECORD)] == ["completed"]
    assert len({each["id"] for each in made}) == len(made)


def test_the_same_go_gives_the_same_statements() -> None:
    assert statements_of(go()) == statements_of(go())


def test_a_result_put_right_has_another_id_and_what_did_not_change_keeps_its_own() -> None:
    before, after = ({each["id"]: each for each in statements_of(go(score=score))} for score in (85, 95))
    changed = {before[each]["verb"]["display"]["en"] for each in before.keys() - after.keys()}
    assert changed == {"passed"}
    assert all(before[each] == after[each] for each in before.keys() & after.keys())


def test_the_score_is_scaled_as_the_rule_says() -> None:
    for per_cent in (0, 37, 100):
        made = statements_of(go(score=per_cent, passed=False))
        [result] = [each["result"] for each in made if each["verb"]["id"] == f"{VERBS}failed"]
        score = result["score"]
        assert score["scaled"] == (score["raw"] - score["min"]) / (score["max"] - score["min"])
        assert score["raw"] == per_cent


def test_each_question_is_an_interaction_with_its_right_answers() -> None:
    made = {
        each["object"]["id"].partition("#")[2]: each["object"]["definition"]
        for each in statements_of(go())
        if each["verb"]["display"]["en"] == "answered"
    }
    kinds = {QUESTIONS[name]["kind"]: definition for name, definition in made.items()}
    assert kinds["ordering"]["interactionType"] == "sequencing"
    assert kinds["matching"]["interactionType"] == "matching"
    [pattern] = kinds["single"]["correctResponsesPattern"]
    assert pattern in {choice["id"] for choice in kinds["single"]["choices"]}
    [pairs] = kinds["matching"]["correctResponsesPattern"]
    sources = {each["id"] for each in kinds["matching"]["source"]}
    targets = {each["id"] for each in kinds["matching"]["target"]}
    for pair in pairs.split("[,]"):
        left, right = pair.split("[.]")
        assert (left in sources, right in targets) == (True, True)
    assert (kinds["branching"]["interactionType"], "correctResponsesPattern" in kinds["branching"]) == ("other", False)


def test_a_question_nobody_tried_is_not_told() -> None:
    made = statements_of(go(questions=(QuestionResult(id=next(iter(QUESTIONS)), first=0, last=0, tries=0),)))
    assert "answered" not in {each["verb"]["display"]["en"] for each in made}


def test_nobody_is_named_and_no_words_of_an_assessor_are_told() -> None:
    said = json.dumps(EVERY)
    assert not [word for word in ("Ngozi", "Ada Lin", "mailto", "mbox") if word in said]
    [statement] = of_observation(PLACE, seen(YES, counting=frozenset({"13.2a"})))
    assert "Held" not in json.dumps(statement)
    assert statement["context"]["instructor"]["account"]["name"] == str(ASSESSOR)


def test_only_decisions_that_count_are_told() -> None:
    not_yet = Decided(code="13.2b", decision=Decision.NOT_YET, saw="")
    not_seen = Decided(code="13.2c", decision=Decision.NOT_SEEN, saw="")
    made = list(of_observation(PLACE, seen(YES, not_yet, not_seen, counting=frozenset({"13.2b", "13.2c"}))))
    assert [(each["object"]["id"][-5:], each["result"]["success"]) for each in made] == [("13.2b", False)]


def test_the_file_is_one_array_also_when_it_is_empty() -> None:
    assert json.loads("".join(as_array(EVERY))) == EVERY
    assert json.loads("".join(as_array([]))) == []


def test_a_question_whose_answers_are_kept_elsewhere_is_told_without_them() -> None:
    bare = Studied(edition=EDITION, questions={p["id"]: p["question"] for p in EDITION["parts"] if "question" in p})
    for statement in of_attempt(PLACE, PERSON, go(), bare):
        BaseXapiStatement.model_validate_json(json.dumps(statement))
