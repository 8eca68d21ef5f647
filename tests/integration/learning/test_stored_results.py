"""What is sent of somebody's results as it is stored is what their attempts are."""

import json
from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import learning
from app.kernel import moment_text, new_uuid7
from app.learning import AttemptResult
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider, one_phone


def attempted(session: Session, phone: Phone, days: int, score: int = 50) -> None:
    """A result of so many days ago."""
    at = NOW - timedelta(days=days, microseconds=1)
    questions = [{"id": "one", "first": 0, "last": 100, "tries": 2}, {"id": "zwei", "first": 7, "last": 7, "tries": 1}]
    about = {"module": "a-module", "edition": 2, "sha": "a" * 64, "attempt": str(new_uuid7()), "seconds": 61}
    who = {"person_id": phone.person_id, "provider_id": phone.provider_id, "record": new_uuid7()}
    marked = {"score": score, "passed": score > 70, "questions": questions, "notes": {}}
    session.execute(insert(AttemptResult).values(**who, **about, **marked, at=at, received_at=NOW))


def test_stored_results_are_attempts_the_newest_first_and_no_more_than_asked(session: Session) -> None:
    phone = one_phone(session)
    for days, score in ((3, 100), (1, 50), (2, 80)):
        attempted(session, phone, days, score)

    plain = learning.attempts_of(session, phone.provider_id, [phone.person_id], limit=2)
    stored = learning.stored_results_of(session, phone.provider_id, phone.person_id, limit=2)

    assert [each.score for each in stored] == [50, 80]
    for quick, slow in zip(stored, plain, strict=True):
        whole = quick._asdict() | {"questions": json.loads(quick.questions)}
        expected = {name: getattr(slow, name) for name in whole}
        expected |= {"record": str(slow.record), "questions": [q.as_json() for q in slow.questions]}
        expected |= {name: moment_text(expected[name]) for name in ("at", "received_at")}
        assert whole == expected


def test_stored_results_are_one_persons_at_one_provider(session: Session) -> None:
    phone, elsewhere = one_phone(session), add_provider(session, "Elm Court")
    colleague = add_person(session, elsewhere, "Amara")
    attempted(session, add_phone(session, colleague), 1)
    attempted(session, phone, 1)

    assert len(learning.stored_results_of(session, phone.provider_id, phone.person_id, limit=9)) == 1
    assert learning.stored_results_of(session, elsewhere.id, phone.person_id, limit=9) == []
