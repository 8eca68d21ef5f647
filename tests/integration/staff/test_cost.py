"""What a page costs does not grow with the number of people."""

from __future__ import annotations

import pytest

from app.extensions import db
from app.kernel import utc_now
from tests.support.learning_place import RIGHT, ask_for, joined, publish_modules
from tests.support.statements import statements
from tests.support.website import Browser, Place

FILTERED = "/staff/people?team=none&role=learner&state=needs-you"


def statements_of(browser: Browser, address: str) -> int:
    with statements(db.engine) as sent:
        assert browser.get(address).status == 200
    return len(sent)


@pytest.mark.parametrize("address", ["/staff/people", "/staff/people?left=1", "/staff/people?q=a", FILTERED])
def test_the_list_takes_as_many_statements_for_fifty_people_as_for_five(
    bramble: Place, priya: Browser, address: str
) -> None:
    shas = publish_modules("Falls", "Choking")

    def add(numbers: range) -> None:
        for number in numbers:
            carer = joined(bramble, f"Carer {number}") if number < 6 else None
            member = carer.member if carer else bramble.add(f"Carer {number}")
            ask_for(bramble, member, "choking", in_days=number - 3)
            if carer:
                carer.answers(shas["falls"], RIGHT, at=utc_now())

    add(range(5))
    priya.get(address)  # The first look of a day works out what is kept.
    few = statements_of(priya, address)
    add(range(5, 50))
    # Each kind of thing that can wait for a manager takes one, or a few.
    assert statements_of(priya, address) == few <= 42


def test_a_persons_page_takes_as_many_statements_for_ten_modules_as_for_one(bramble: Place, priya: Browser) -> None:
    shas = publish_modules(*(f"Module {number}" for number in range(10)))
    ngozi = joined(bramble, "Ngozi Obi")
    address = f"/staff/people/{ngozi.member.person_uuid}"
    keys = list(shas)
    ngozi.answers(shas[keys[0]], RIGHT, at=utc_now())
    few = statements_of(priya, address)
    for key in keys[1:]:
        ask_for(bramble, ngozi.member, key, in_days=3)
        ngozi.answers(shas[key], RIGHT, at=utc_now())
    assert statements_of(priya, address) == few <= 60
