"""What a publisher puts right or withdraws arrives with the next look, and works as this server's own does."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import learning, sync
from app.content import queries as content
from app.content import service
from app.content.build import whole
from app.content.errata import errata_of
from app.content.models import Edition, Erratum
from app.learning import AttemptResult
from tests.support.release import right_answers
from tests.support.sharing import NOW, Follower, Publisher
from tests.support.world import add_person, add_phone, add_provider

LATER = NOW + timedelta(days=1)
WRONG_KEY = ("- [x] Ask him", "- [ ] Ask him"), ("- [ ] Hurry", "- [x] Hurry")


def correct(publisher: Publisher, question: str, *right: str, key: str = "at-the-door", number: int = 1) -> None:
    sync.correct(publisher.session, key, number, question, right, reason="It was wrong.", now=LATER)
    publisher.session.commit()


def keys_of(follower: Follower, key: str = "at-the-door") -> dict[str, object]:
    shas = [each.sha for each in content.editions_of(follower.session, key)]
    return {each.question: each.key for found in errata_of(follower.session, shas).values() for each in found}


def test_an_answer_put_right_there_marks_again_here(follower: Follower, publisher: Publisher) -> None:
    session = follower.session
    follower.take()
    phone = add_phone(session, add_person(session, add_provider(session)))
    sha = content.editions_of(session, "at-the-door")[0].sha
    phone.send(session, phone.answered(sha, {"stops-first": ["a"]}))
    [before] = session.scalars(select(AttemptResult)).all()
    score = before.score
    correct(publisher, "stops-first", "a")

    follower.look(now=LATER)

    assert keys_of(follower) == {"stops-first": {"right": ["a"]}}
    session.expire_all()
    [after] = session.scalars(select(AttemptResult)).all()
    assert after.score > score


def test_nobody_loses_a_pass_that_their_wrong_key_gave_before_a_manager_here_decides(
    follower: Follower, publisher: Publisher
) -> None:
    session = follower.session
    follower.take()
    provider = add_provider(session)
    phone = add_phone(session, add_person(session, provider))
    sha = content.editions_of(session, "at-the-door")[0].sha
    quiz = content.quiz(session, sha)
    assert quiz is not None
    questions = [{**each, "feedback": "instant"} for each in whole(quiz.edition, quiz.answer_key)]
    right = right_answers({"parts": [{"kind": "question", "question": each} for each in questions]})
    answers = {key: [said] for key, said in right.items()}
    phone.send(session, phone.answered(sha, answers))
    session.commit()
    [before] = session.scalars(select(AttemptResult)).all()
    assert (before.passed, before.score) == (True, 100)
    correct(publisher, "stops-first", "a")
    correct(publisher, "stop-in-order", "b", "a", "c", "d")
    correct(publisher, "match-signs", "a=r", "b=q")

    follower.look(now=LATER)
    session.expire_all()

    [after] = session.scalars(select(AttemptResult)).all()
    assert (after.passed, after.score < 80) == (True, True)
    [waits] = learning.passes_to_decide(session, provider.id)
    assert waits.reason == "It was wrong."


def test_steps_and_pairs_are_put_right_too(follower: Follower, publisher: Publisher) -> None:
    follower.take()
    correct(publisher, "stop-in-order", "b", "a", "c", "d")
    correct(publisher, "match-signs", "a=r", "b=q")

    follower.look(now=LATER)

    assert keys_of(follower) == {
        "stop-in-order": {"order": ["b", "a", "c", "d"]},
        "match-signs": {"pairs": {"a": "r", "b": "q"}},
    }


def test_an_erratum_is_carried_out_once_so_that_a_decision_here_stays(follower: Follower, publisher: Publisher) -> None:
    follower.take()
    correct(publisher, "stops-first", "a")
    follower.look(now=LATER)
    sync.correct(follower.session, "at-the-door", 1, "stops-first", ["c"], reason="We know better.", now=LATER)
    follower.session.commit()

    follower.look(now=LATER)
    follower.take(now=LATER)

    assert keys_of(follower) == {"stops-first": {"right": ["c"]}}


def test_a_minor_edition_that_carries_what_was_put_right_comes_after_it(
    follower: Follower, publisher: Publisher
) -> None:
    follower.take()
    correct(publisher, "stops-first", "a")
    publisher.shelf.module("at-the-door", *WRONG_KEY, edition=2)
    publisher.publish(now=LATER + timedelta(hours=1))

    taken = follower.take(now=LATER + timedelta(hours=2))

    assert (taken.published, taken.left_out) == ((("at-the-door", 2),), ())


def test_what_was_put_right_only_after_a_minor_edition_does_not_keep_that_out(
    follower: Follower, publisher: Publisher
) -> None:
    """Both editions had the wrong key, and both were put right later: taken in another order the second is refused."""
    follower.take()
    publisher.shelf.module("at-the-door", ("sixth stair", "fifth stair"), edition=2)
    publisher.publish(now=NOW + timedelta(hours=1))
    correct(publisher, "stops-first", "a")
    correct(publisher, "stops-first", "a", number=2)

    taken = follower.take(now=LATER)

    assert (taken.published, taken.left_out) == ((("at-the-door", 2),), ())
    assert len(follower.session.scalars(select(Erratum)).all()) == 2


def test_where_our_letters_are_others_steps_are_left_to_a_person(follower: Follower, publisher: Publisher) -> None:
    """Their release renders another way than ours: the same text, other bytes, and perhaps other letters."""
    follower.take()
    edition = publisher.session.get_one(Edition, content.editions_of(publisher.session, "at-the-door")[0].sha)
    other = {**{c.name: getattr(edition, c.name) for c in Edition.__table__.columns}, "sha": "f" * 64}
    publisher.session.delete(edition)
    publisher.session.flush()
    publisher.session.add(Edition(**other))
    publisher.session.commit()
    assert follower.look(now=LATER).words == "nothing new"
    correct(publisher, "stop-in-order", "b", "a", "c", "d")
    correct(publisher, "stops-first", "a")

    follower.look(now=LATER)

    assert keys_of(follower) == {"stops-first": {"right": ["a"]}}


def test_a_withdrawal_arrives_with_its_reason_and_nothing_is_deleted(
    follower: Follower, publisher: Publisher, session: Session
) -> None:
    follower.take()
    service.withdraw(publisher.session, "lost-keys", 1, reason="Ring first.", safety=True, now=LATER)
    publisher.session.commit()

    follower.look(now=LATER)

    [edition] = content.editions_of(session, "lost-keys")
    assert (edition.withdrawn_reason, edition.safety) == ("Ring first.", True)
    assert content.quiz(session, edition.sha) is not None
