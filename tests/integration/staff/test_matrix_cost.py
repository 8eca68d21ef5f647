"""What the matrix and the figures cost does not grow with people; what is kept of a big provider is never behind."""

from __future__ import annotations

import pytest

from app import requirements
from app.extensions import db
from app.kernel import utc_now
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
    assert statements_of(priya, address) == few <= 56


@pytest.fixture
def shas() -> dict[str, str]:
    return publish_modules("Falls")


@pytest.fixture
def needed(bramble: Place, shas: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> MemberView:
    """A carer who needs one training, at a provider that counts as big."""
    monkeypatch.setattr("app.compliance.memory.BIG", 1)
    session, since = db.session(), utc_now() - LONG_AGO
    training = add_training(session, bramble.provider.id, "Falls", "falls", since=since)
    ada = bramble.add("Ada")
    add_profile(session, bramble.provider.id, "Care worker", [training], [ada], since=since)
    db.session.commit()
    return ada


def rows(page: Page) -> int:
    return len(page.all(".//tbody/tr"))


def test_nothing_is_worked_out_again_while_nothing_happens(priya: Browser, needed: MemberView) -> None:
    first = statements_of(priya, "/staff/matrix")
    again = statements_of(priya, "/staff/matrix")
    assert again < first - 5
    people_first = statements_of(priya, "/staff/people")
    assert statements_of(priya, "/staff/people") < people_first


def test_what_staff_do_and_what_carers_send_shows_at_once(
    bramble: Place, priya: Browser, needed: MemberView, shas: dict[str, str]
) -> None:
    carer = joined(bramble, "Ben")
    profile = requirements.profiles(db.session(), bramble.provider.id)[0]
    give(db.session(), bramble.provider.id, profile.id, [carer.member], since=utc_now() - LONG_AGO)
    db.session.commit()

    def states() -> dict[str, str]:
        rows = [["".join(cell.itertext()) for cell in row] for row in priya.get("/staff/matrix").all(".//tbody/tr")]
        return {row[0]: row[2] for row in rows}

    assert "In date" not in states()["Ben"]
    carer.answers(shas["falls"], RIGHT, at=utc_now())
    assert "In date" in states()["Ben"]
    assert "In date" not in states()["Ada"]
    priya.get("/staff/people/add")
    priya.post("/staff/people/add", name="Cy")
    assert {"Ada", "Ben", "Cy"} <= states().keys()


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
