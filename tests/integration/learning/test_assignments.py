"""What managers ask for is appended, and standings follow from it and from the log."""

from datetime import date, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import learning
from app.learning import Assignment, EditionStep, Status
from tests.support.editions import edition, known
from tests.support.statements import statements
from tests.support.world import NOW, add_person, add_phone, add_provider, one_phone

CHAINS = {"a-module": (EditionStep(number=1, change="minor", published=date(2026, 1, 1)),)}


def test_another_date_ends_one_assignment_and_adds_another(session: Session) -> None:
    phone = one_phone(session)

    def ask(due: date) -> bool:
        return learning.assign(session, phone.provider_id, phone.person_id, "a-module", due=due, now=NOW)

    assert [ask(date(2026, 9, 1)), ask(date(2026, 9, 1)), ask(date(2026, 10, 1))] == [True, False, True]
    assert session.scalars(select(func.count()).select_from(Assignment)).one() == 2
    now = learning.assignments_of(session, phone.provider_id, (phone.person_id,))
    assert [each.due for each in now] == [date(2026, 10, 1)]


def test_what_is_no_longer_asked_for_is_kept_as_ended(session: Session) -> None:
    phone = one_phone(session)
    learning.assign(session, phone.provider_id, phone.person_id, "a-module", due=None, now=NOW)

    ended = [learning.end_assignment(session, phone.provider_id, phone.person_id, "a-module", now=NOW) for _ in "ab"]

    assert ended == [True, False]
    assert learning.assignments_of(session, phone.provider_id, (phone.person_id,)) == ()
    assert session.scalars(select(func.count()).select_from(Assignment)).one() == 1


def test_a_refresher_begun_is_told_apart_from_the_reading_before(session: Session) -> None:
    phone = one_phone(session)
    sha = known(edition(valid_for_months=1))
    phone.send(
        session,
        phone.read_lesson(sha, at="2026-04-01T09:00:00.000Z"),
        phone.answered(sha, {"first-thing": ["b"]}, at="2026-04-01T10:00:00.000Z"),
    )

    def stands() -> Status:
        people = (phone.person_id,)
        found = learning.standings_of(session, phone.provider_id, people, chains=CHAINS, now=NOW)
        return found[phone.person_id, "a-module"].status

    assert stands() is Status.NOT_STARTED
    phone.send(session, phone.read_lesson(sha, at="2026-06-14T09:00:00.000Z"))
    assert stands() is Status.UNDER_WAY


def test_standings_of_many_people_take_as_many_statements_as_of_one(database: Engine, session: Session) -> None:
    provider = add_provider(session)
    sha = known(edition())
    people = []
    for number in range(8):
        phone = add_phone(session, add_person(session, provider, f"Person {number}"))
        phone.send(session, phone.answered(sha, {"first-thing": ["b"]}), now=NOW + timedelta(minutes=number))
        people.append(phone.person_id)
    counts = []

    for some in (people[:1], people):
        with statements(database) as sent:
            found = learning.standings_of(session, provider.id, some, chains=CHAINS, now=NOW)
        assert len(found) == len(some)
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 5
