"""A wrong key is put right: everything is marked again, and nobody loses a pass without a person deciding."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import learning, sync
from app.content.errors import UnknownEdition, UnknownQuestion, WrongKey
from app.learning import AttemptResult, Completed, Remark
from app.sync import MarkedAgain
from tests.support.editions import edition, pick_one
from tests.support.publishing import publish
from tests.support.tables import worked_out
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider, one_phone

SAID_B, SAID_A = {"first-thing": ["b"]}, {"first-thing": ["a"]}


def correct(session: Session, *right: str, question: str = "first-thing", number: int = 1) -> MarkedAgain:
    done = sync.correct(session, "a-module", number, question, right, reason="It was a.", now=NOW)
    session.commit()
    return done


def completed(session: Session) -> dict[str, str]:
    rows = session.execute(select(Completed.record, Completed.at))
    return {str(row.record): row.at.isoformat() for row in rows}


def rebuilt_alike(session: Session) -> bool:
    before = worked_out(session)
    sync.rebuild(session)
    session.commit()
    return worked_out(session) == before


def decide(session: Session, phone: Phone, record: dict[str, object], *, stands: bool) -> bool:
    found = learning.decide_pass(
        session, phone.provider_id, phone.person_id, UUID(str(record["id"])), stands=stands, now=NOW, by=None
    )
    session.commit()
    return found is not None


def to_decide(session: Session, phone: Phone) -> list[str]:
    return [str(each.record) for each in learning.passes_to_decide(session, phone.provider_id)]


def test_who_was_right_passes_from_the_day_of_the_attempt_and_who_passed_keeps_it(session: Session) -> None:
    provider = add_provider(session)
    ngozi, tom = (add_phone(session, add_person(session, provider, name)) for name in ("Ngozi", "Tom"))
    sha = publish(session, edition())
    right = ngozi.answered(sha, SAID_A, at="2026-06-14T10:00:00.000Z")
    wrong = tom.answered(sha, SAID_B)
    ngozi.send(session, right)
    tom.send(session, wrong)
    assert completed(session).keys() == {wrong["id"]}

    done = correct(session, "a")

    assert completed(session) == {right["id"]: "2026-06-14T10:00:00+00:00", wrong["id"]: "2026-06-15T10:00:00+00:00"}
    assert (done.attempts, done.changed, done.gain, done.keep) == (2, 2, (ngozi.person_id,), (tom.person_id,))
    results = {str(row.record): (row.score, row.passed) for row in session.scalars(select(AttemptResult))}
    assert results == {right["id"]: (100, True), wrong["id"]: (0, True)}
    remarks = {
        str(row.record): (row.old_score, row.old_passed, row.new_score, row.new_passed)
        for row in session.scalars(select(Remark))
    }
    assert remarks == {right["id"]: (0, False, 100, True), wrong["id"]: (100, True, 0, False)}
    [waits] = learning.passes_to_decide(session, provider.id)
    assert (str(waits.record), waits.person_id, waits.old_score, waits.new_score) == (
        wrong["id"],
        tom.person_id,
        100,
        0,
    )
    assert waits.reason == "It was a."
    assert rebuilt_alike(session)


def test_what_comes_after_the_correction_ends_as_if_it_had_come_before(session: Session) -> None:
    phone = one_phone(session)
    sha = publish(session, edition())
    records = [phone.answered(sha, SAID_A), phone.answered(sha, SAID_B)]
    correct(session, "a")

    phone.send(session, *records)

    assert completed(session).keys() == {each["id"] for each in records}
    assert to_decide(session, phone) == [records[1]["id"]]
    assert rebuilt_alike(session)


def test_a_correction_can_itself_be_corrected(session: Session) -> None:
    phone = one_phone(session)
    sha = publish(session, edition())
    said_b = phone.answered(sha, SAID_B)
    phone.send(session, said_b, phone.answered(sha, {"first-thing": ["z"]}))
    correct(session, "a")
    assert to_decide(session, phone) == [said_b["id"]]

    done = correct(session, "b")

    assert to_decide(session, phone) == []
    assert (done.gain, done.keep) == ((), ())
    assert [(row.old_score, row.new_score) for row in session.scalars(select(Remark).order_by(Remark.erratum))] == [
        (100, 0),
        (0, 100),
    ]
    assert rebuilt_alike(session)


@pytest.mark.parametrize("stands", [True, False])
def test_a_person_decides_once_about_a_pass_that_a_wrong_key_gave(session: Session, stands: bool) -> None:
    phone = one_phone(session)
    said_b = phone.answered(publish(session, edition()), SAID_B)
    phone.send(session, said_b)
    correct(session, "a")

    assert decide(session, phone, said_b, stands=stands)

    assert to_decide(session, phone) == []
    assert (said_b["id"] in completed(session)) is stands
    assert session.scalars(select(AttemptResult.passed)).one() is stands
    assert not decide(session, phone, said_b, stands=not stands), "it was decided already"
    assert rebuilt_alike(session)
    phone.send(session, said_b)
    assert (said_b["id"] in completed(session)) is stands


def test_what_a_later_correction_gives_back_is_not_taken_by_an_earlier_decision(session: Session) -> None:
    phone = one_phone(session)
    said_b = phone.answered(publish(session, edition()), SAID_B)
    phone.send(session, said_b)
    correct(session, "a")
    decide(session, phone, said_b, stands=False)

    correct(session, "b")
    assert said_b["id"] in completed(session)
    assert to_decide(session, phone) == []

    correct(session, "a")
    assert said_b["id"] in completed(session)
    assert to_decide(session, phone) == [said_b["id"]]
    assert rebuilt_alike(session)


def test_another_provider_can_decide_nothing(session: Session) -> None:
    phone = one_phone(session)
    other = add_phone(session, add_person(session, add_provider(session, "Thistle Care"), "Tom"))
    said_b = phone.answered(publish(session, edition()), SAID_B)
    phone.send(session, said_b)
    correct(session, "a")

    assert learning.passes_to_decide(session, other.provider_id) == ()
    for person in (other.person_id, phone.person_id):
        record = UUID(said_b["id"])
        assert learning.decide_pass(session, other.provider_id, person, record, stands=False, now=NOW, by=None) is None
    assert said_b["id"] in completed(session)


def test_attempts_whose_answers_were_removed_stay_as_they_were_marked(session: Session) -> None:
    phone = one_phone(session)
    sha = publish(session, edition())
    before, between = phone.answered(sha, SAID_B), phone.answered(sha, SAID_B)
    phone.send(session, before)
    sync.thin(session, NOW + timedelta(days=1), now=NOW)
    session.commit()
    phone.send(session, between, now=NOW + timedelta(days=2))

    correct(session, "a")
    sync.thin(session, NOW + timedelta(days=3), now=NOW)
    session.commit()

    scores = {str(row.record): (row.score, row.passed) for row in session.scalars(select(AttemptResult))}
    assert scores == {before["id"]: (100, True), between["id"]: (0, True)}
    assert rebuilt_alike(session)
    assert to_decide(session, phone) == [between["id"]]
    decide(session, phone, between, stands=False)
    assert completed(session).keys() == {before["id"]}
    assert rebuilt_alike(session)


def test_what_would_happen_can_be_seen_without_it_happening(session: Session) -> None:
    phone = one_phone(session)
    phone.send(session, phone.answered(publish(session, edition()), SAID_B))
    before = worked_out(session)

    seen = sync.correct(session, "a-module", 1, "first-thing", ["a"], reason="It was a.", now=NOW)
    session.rollback()

    assert seen.keep == (phone.person_id,)
    assert worked_out(session) == before
    assert correct(session, "a").keep == seen.keep


def test_the_same_correction_twice_changes_nothing_the_second_time(session: Session) -> None:
    publish(session, edition())
    assert correct(session, "a").erratum is not None
    assert correct(session, "a").erratum is None


def test_other_editions_with_the_same_wrong_key_are_named(session: Session) -> None:
    sha = publish(session, edition())
    publish(session, edition(number=2, title="The same key"))
    other = pick_one()
    other["options"][0]["right"], other["options"][1]["right"] = True, False
    publish(session, edition(number=3, questions=[other]))
    phone = one_phone(session)
    phone.send(session, phone.answered(sha, SAID_A))

    assert correct(session, "a").like_it == (2,)
    assert correct(session, "a", number=2).like_it == ()


def test_only_the_named_edition_is_marked_again(session: Session) -> None:
    phone = one_phone(session)
    publish(session, edition())
    second = publish(session, edition(number=2))
    phone.send(session, phone.answered(second, SAID_A))

    assert correct(session, "a").attempts == 0
    assert completed(session) == {}


@pytest.mark.parametrize(
    ("error", "changes", "right", "words"),
    [
        (UnknownEdition, {"number": 7}, ["a"], "It has 1"),
        (UnknownQuestion, {"question": "nothing"}, ["a"], "first-thing, all, in-order, pairs, written"),
        (WrongKey, {}, ["c"], "one of a, b"),
        (WrongKey, {}, ["a", "b"], "one of a, b"),
        (WrongKey, {"question": "all"}, ["a", "a"], "one or more of a, b"),
        (WrongKey, {"question": "in-order"}, ["a", "b"], "every one of a, b, c once"),
        (WrongKey, {"question": "pairs"}, ["a=p"], "once for each of a, b, such as a=p"),
        (WrongKey, {"question": "pairs"}, ["a=p", "b=z"], "once for each of a, b"),
        (WrongKey, {"question": "written"}, ["a"], "no key that could be wrong"),
    ],
)
def test_what_cannot_be_a_key_is_refused_in_words(
    session: Session, error: type[Exception], changes: dict[str, object], right: list[str], words: str
) -> None:
    publish(session, edition(questions=OF_EVERY_KIND))
    given = {"number": 1, "question": "first-thing", **changes}
    with pytest.raises(error, match=words):
        sync.correct(session, "a-module", right=right, reason="Because.", now=NOW, **given)  # type: ignore[arg-type]


def _items(letters: str) -> list[dict[str, str]]:
    return [{"key": letter, "html": letter} for letter in letters]


OF_EVERY_KIND = [
    pick_one(),
    {**pick_one("all"), "kind": "multiple"},
    {**pick_one("in-order"), "kind": "ordering", "items": _items("abc"), "order": ["a", "b", "c"], "options": []},
    {
        **pick_one("pairs"),
        "kind": "matching",
        "left": _items("ab"),
        "right": _items("pqr"),
        "pairs": {"a": "p", "b": "q"},
        "options": [],
    },
    {**pick_one("written"), "kind": "reflection", "options": []},
]


@pytest.mark.parametrize(
    ("question", "right", "answer"),
    [
        ("first-thing", ["a"], "a"),
        ("all", ["a", "b"], ["b", "a"]),
        ("in-order", ["c", "a", "b"], ["c", "a", "b"]),
        ("pairs", ["a=r", "b=p"], {"a": "r", "b": "p"}),
    ],
)
def test_keys_of_every_kind_can_be_put_right(session: Session, question: str, right: list[str], answer: object) -> None:
    phone = one_phone(session)
    only = [each for each in OF_EVERY_KIND if each["id"] == question]
    sha = publish(session, edition(questions=only))
    phone.send(session, phone.answered(sha, {question: [answer]}))
    assert completed(session) == {}

    correct(session, *right, question=question)

    assert len(completed(session)) == 1


def test_a_key_that_stays_on_the_server_is_put_right_there_and_told_with_the_result(session: Session) -> None:
    phone = one_phone(session)
    options = [{key: value for key, value in each.items() if key != "right"} for each in pick_one()["options"]]
    withheld = {**pick_one(), "feedback": "after-sync", "options": options}
    key = {"first-thing": {"options": [{"key": "a", "right": False}, {"key": "b", "right": True}], "explain": None}}
    sha = publish(session, edition(questions=[withheld]), answer_key=key)
    phone.send(session, phone.answered(sha, SAID_A))

    correct(session, "a")

    assert len(completed(session)) == 1
    told = learning.studied_editions(session, [sha])[sha].withheld["first-thing"]["options"]
    assert told == [{"key": "a", "right": True}, {"key": "b", "right": False}]
