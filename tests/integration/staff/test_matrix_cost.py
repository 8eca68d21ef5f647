"""What the matrix and the figures cost does not grow with people; a big provider's board is kept for two minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import audit, compliance, requirements
from app.audit import WORKER
from app.extensions import db
from app.kernel import utc_now
from app.learning import EditionStep
from app.providers import MemberView
from tests.support.learning_place import RIGHT, joined, publish_modules
from tests.support.statements import statements
from tests.support.trainings import LONG_AGO, add_profile, add_training, give
from tests.support.website import Browser, Page, Place


def statements_of(browser: Browser, address: str) -> int:
    with statements(db.engine) as sent:
        assert browser.send("GET", address).status_code == 200
    return len(sent)


@pytest.mark.parametrize(
    "address",
    [
        "/staff/matrix",
        "/staff/matrix?state=overdue&as_at=2026-01-01",
        "/staff/matrix/print",
        "/staff/matrix/matrix.xlsx",
        "/staff/figures",
        "/staff/figures/minutes",
    ],
)
def test_a_page_takes_as_many_statements_for_thirty_people_as_for_six(
    bramble: Place, priya: Browser, address: str
) -> None:
    shas = publish_modules("Falls", "Choking")
    session, place, since = db.session(), bramble.provider.id, utc_now() - LONG_AGO
    needed = [add_training(session, place, title, title.lower(), since=since) for title in ("Falls", "Choking")]

    def add(numbers: range) -> list[MemberView]:
        members = []
        for number in numbers:
            carer = joined(bramble, f"Carer {number}") if number < 6 else None
            members.append(carer.member if carer else bramble.add(f"Carer {number}"))
            if carer:
                carer.answers(shas["falls"], RIGHT, at=utc_now())
        return members

    add_profile(session, place, "Care worker", needed, add(range(6)), since=since)
    db.session.commit()
    few = statements_of(priya, address)
    profile = requirements.profiles(session, place)[0]
    give(session, place, profile.id, add(range(6, 30)), since=since)
    db.session.commit()
    assert statements_of(priya, address) == few <= 34


@pytest.fixture
def needed(bramble: Place, monkeypatch: pytest.MonkeyPatch) -> MemberView:
    """A carer who needs one training, at a provider that counts as big."""
    monkeypatch.setattr("app.compliance.memory.BIG", 1)
    publish_modules("Falls")
    session, since = db.session(), utc_now() - LONG_AGO
    training = add_training(session, bramble.provider.id, "Falls", "falls", since=since)
    ada = bramble.add("Ada")
    add_profile(session, bramble.provider.id, "Care worker", [training], [ada], since=since)
    db.session.commit()
    return ada


def rows(page: Page) -> int:
    return len(page.all(".//tbody/tr"))


def test_what_staff_do_shows_at_once_and_what_carers_send_within_two_minutes(
    bramble: Place, needed: MemberView
) -> None:
    session, now, place = db.session(), utc_now(), bramble.provider.id
    chains = {"falls": (EditionStep(number=1, change="major", published=(now - LONG_AGO).date()),)}

    def people(later: timedelta) -> int:
        found = compliance.matrix(session, place, chains=chains, now=now + later)
        assert now <= found.worked_out <= now + later
        return len(found.rows)

    assert people(timedelta(0)) == 1
    bramble.add("Ben")  # as if by nobody: without an entry in the audit trail
    assert people(timedelta(seconds=119)) == 1
    audit.note(session, "records.rebuilt", actor=WORKER, now=now)
    session.commit()
    assert people(timedelta(seconds=119)) == 2
    bramble.add("Cy")
    assert people(timedelta(seconds=120)) == 2
    assert people(timedelta(seconds=240)) == 3


def test_a_kept_board_says_when_it_was_worked_out(priya: Browser, needed: MemberView) -> None:
    assert "Worked out" not in priya.get("/staff/matrix").text
    assert "Worked out today" in priya.get("/staff/matrix").text


def test_a_small_providers_board_is_never_kept(bramble: Place, priya: Browser) -> None:
    bramble.add("Ada")
    since = utc_now() - LONG_AGO
    publish_modules("Falls")
    training = add_training(db.session(), bramble.provider.id, "Falls", "falls", since=since)
    add_profile(db.session(), bramble.provider.id, "Care worker", [training], [], since=since)
    db.session.commit()
    assert rows(priya.get("/staff/matrix")) == 1
    bramble.add("Ben")
    assert rows(priya.get("/staff/matrix")) == 2
