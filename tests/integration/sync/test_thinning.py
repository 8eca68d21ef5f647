"""Answers and words are removed once they are old; results stay, phones notice nothing, and rebuilding agrees."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import sync
from app.learning import AttemptResult, Reflection
from app.sync import Digest, PhoneDigest, Record
from tests.support.editions import edition
from tests.support.publishing import publish
from tests.support.tables import worked_out
from tests.support.world import NOW, Phone, one_phone, words

LATER = NOW + timedelta(days=400)
SECRET = "I was frightened on the stairs"


def reflected(phone: Phone, sha: str) -> dict[str, object]:
    data = {"module": "a-module", "edition_no": 1, "question": "q", "shared_with": "assessor", "text": SECRET}
    return phone.record("reflection.saved", data, edition=sha)


def filled(session: Session) -> tuple[Phone, list[dict[str, object]]]:
    phone = one_phone(session)
    sha = publish(session, edition())
    item = {"module": "m", "sha": sha, "question": "q", "answer": ["my-answer"], "outcome": 50}
    records = [
        phone.answered(sha, {"first-thing": ["a", "b"]}),
        phone.answered(sha, {"first-thing": ["b"]}),
        reflected(phone, sha),
        phone.record("look-back.answered", {"items": [item]}),
    ]
    phone.send(session, *records)
    return phone, records


def thin(session: Session) -> sync.Thinned:
    found = sync.thin(session, LATER - timedelta(days=365), now=LATER)
    session.commit()
    return found


def test_answers_and_words_go_and_results_stay(session: Session) -> None:
    filled(session)
    before = [(row.record, row.score, row.passed, row.questions) for row in session.scalars(select(AttemptResult))]

    found = thin(session)

    assert (found.answers, found.reflections) == (3, 1)
    bodies = "".join(session.scalars(select(Record.body)))
    assert SECRET not in bodies
    assert "my-answer" not in bodies
    assert '"answers":{}' in bodies
    after = [(row.record, row.score, row.passed, row.questions) for row in session.scalars(select(AttemptResult))]
    assert after == before
    assert [row.text for row in session.scalars(select(Reflection))] == [None]


def test_rebuilding_gives_the_same_afterwards(session: Session) -> None:
    filled(session)
    thin(session)
    before = worked_out(session)

    sync.rebuild(session)
    session.commit()

    assert worked_out(session) == before
    assert len(before["attempt_results"]) == 2


def test_a_phone_that_sends_again_is_told_duplicate_and_figures_agree(session: Session) -> None:
    phone, records = filled(session)
    thin(session)
    row = session.scalars(select(PhoneDigest)).one()

    reply = phone.send(session, *records, held=Digest(n=row.n, x=row.x), now=LATER)
    same = phone.send(session, held=Digest(n=row.n, x=row.x), now=LATER)

    assert words(reply) == ["duplicate"] * 4
    assert same.have is None
    assert SECRET not in "".join(session.scalars(select(Record.body)))


def test_what_is_young_or_held_is_left_alone_and_twice_is_once(session: Session) -> None:
    phone, _ = filled(session)
    phone.send(session, phone.answered("e" * 64, {"q": ["a"]}))
    sha = session.scalars(select(Record.edition).where(Record.edition.is_not(None))).first()
    phone.send(session, phone.answered(str(sha), {"first-thing": ["b"]}), now=LATER)

    assert thin(session).answers == 3
    assert thin(session).answers == 0
    whole = [json.loads(b)["data"]["answers"] for b in session.scalars(select(Record.body)) if '"answers":{"' in b]
    assert whole == [{"q": ["a"]}, {"first-thing": ["b"]}]


def test_a_record_cannot_bring_its_own_result(session: Session) -> None:
    phone = one_phone(session)
    sha = publish(session, edition())
    sent = phone.answered(sha, {})
    sent["data"]["result"] = {"score": 100, "passed": True, "questions": [], "notes": {}}
    phone.send(session, sent)
    thin(session)
    sync.rebuild(session)
    session.commit()

    assert [(row.score, row.passed) for row in session.scalars(select(AttemptResult))] == [(0, False)]
