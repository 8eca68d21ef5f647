"""A thousand records cost as many statements as one, and one commit."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.support.editions import edition, known
from tests.support.statements import statements
from tests.support.world import Phone, one_phone, words


def some_of_each(phone: Phone, sha: str, times: int) -> list[dict[str, object]]:
    return [
        record
        for _ in range(times)
        for record in (
            phone.answered(sha, {"first-thing": ["b"]}),
            phone.read_lesson(sha),
            phone.record("reflection.saved", {"question": "q", "shared_with": "only me", "text": None}, edition=sha),
            phone.record("unheard.of"),
        )
    ]


def test_the_number_of_statements_does_not_grow_with_the_batch(database: Engine, session: Session) -> None:
    phone = one_phone(session)
    sha = known(edition())
    phone.send(session, *some_of_each(phone, sha, 1))
    counts = []

    for times in (1, 250):
        records = some_of_each(phone, sha, times)
        with statements(database) as sent:
            reply = phone.send(session, *records)
        assert set(words(reply)) == {"stored", "held:unknown-kind"}
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 16


def test_sending_everything_again_does_not_either(database: Engine, session: Session) -> None:
    phone = one_phone(session)
    sha = known(edition())
    records = some_of_each(phone, sha, 250)
    phone.send(session, *records)
    counts = []

    for repeated in (records[:4], records):
        with statements(database) as sent:
            reply = phone.send(session, *repeated)
        assert set(words(reply)) == {"duplicate"}
        counts.append(len(sent))

    assert max(counts) <= 10
