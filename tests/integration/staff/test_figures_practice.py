"""Figures of practice and induction: of five people and more, nobody named, and as quick for many as for few."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import providers, supervision
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from tests.support.practice import appoint, confirms, publish_framework, saw, withdraws
from tests.support.statements import statements
from tests.support.website import Browser, Place
from tests.support.world import Phone, add_phone

FIGURES = "/staff/figures"
NOTHING = "No standard stands out in the last 12 months."


def stamp() -> str:
    return utc_now().strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Watched:
    """Dawn, who may assess everything, and carers she sees."""

    def __init__(self, place: Place) -> None:
        publish_framework(db.session())
        self.place = place
        start = utc_now() - timedelta(days=400)
        dawn = providers.add_person(db.session(), place.provider.id, "Dawn Marsh", (Role.ASSESSOR,), now=start)
        appoint(db.session(), place.provider, dawn, since=date(2025, 1, 1), now=utc_now())
        self.dawn = add_phone(db.session(), dawn, now=utc_now())

    def carers(self, number: int) -> list[tuple[MemberView, Phone]]:
        found = [self.place.add(f"Xanthippe {each}") for each in range(number)]
        return [(each, add_phone(db.session(), each, now=utc_now())) for each in found]

    def sees(
        self, carer: tuple[MemberView, Phone], criteria: dict[str, str], *, ago: int = 1, word: bool = True, **more: Any
    ) -> str:
        day = (utc_now().date() - timedelta(days=ago)).isoformat()
        made = saw(self.dawn, carer[0].person_uuid, criteria, seen_on=day, sent={"at": stamp()}, **more)
        self.dawn.send(db.session(), made, now=utc_now())
        if word:
            said = confirms(carer[1], made["id"], sent={"at": stamp()})
            carer[1].send(db.session(), said, now=utc_now())
        return str(made["id"])


@pytest.fixture
def watched(bramble: Place) -> Watched:
    return Watched(bramble)


def test_with_nothing_seen_and_nobody_new_it_says_so(priya: Browser) -> None:
    text = priya.get(FIGURES).text
    assert NOTHING in text
    assert "Nobody started in the last 12 months." in text


def test_a_standard_is_told_from_five_people_on_and_names_nobody(watched: Watched, priya: Browser) -> None:
    carers = watched.carers(5)
    for number, carer in enumerate(carers[:4]):
        watched.sees(carer, {"1.1c": "not-yet" if number < 2 else "yes"})
    assert NOTHING in priya.get(FIGURES).text
    watched.sees(carers[4], {"1.1c": "yes"})
    text = priya.get(FIGURES).text
    assert '1. Standard 1 40% of 5 first decisions were "not yet". Only this criterion has enough people: 1.1c' in text
    assert "Xanthippe" not in text.partition("Standards most often")[2]


def test_one_more_person_and_a_second_decision_change_no_figure(watched: Watched, priya: Browser) -> None:
    carers = watched.carers(6)
    for carer in carers[:5]:
        watched.sees(carer, {"1.1c": "not-yet"})
    watched.sees(carers[0], {"1.1c": "yes"}, ago=0)
    watched.sees(carers[5], {"1.1c": "yes"})
    assert '100% of 5 first decisions were "not yet"' in priya.get(FIGURES).text


def test_only_decisions_that_count_are_counted(watched: Watched, priya: Browser) -> None:
    carers = watched.carers(6)
    for carer in carers[:4]:
        watched.sees(carer, {"1.1c": "not-yet"})
    watched.sees(carers[4], {"1.1c": "not-yet"}, word=False)
    taken_back = watched.sees(carers[5], {"1.1c": "not-yet"})
    watched.dawn.send(db.session(), withdraws(watched.dawn, taken_back, at=stamp()), now=utc_now())
    assert NOTHING in priya.get(FIGURES).text
    watched.sees(carers[5], {"1.1c": "yes"})
    assert '80% of 5 first decisions were "not yet"' in priya.get(FIGURES).text


def test_the_period_is_chosen_and_the_worst_comes_first(watched: Watched, priya: Browser) -> None:
    for number, carer in enumerate(watched.carers(5)):
        watched.sees(carer, {"1.1c": "not-yet" if number < 1 else "yes"}, ago=200)
        watched.sees(carer, {"13.2a": "not-yet" if number < 3 else "yes"}, standard=13, ago=40)
    year = priya.get(FIGURES)
    assert [each.text for each in year.all(".//section[@id='not-yet']//h3")] == ["13. Standard 13", "1. Standard 1"]
    half = priya.get(f"{FIGURES}?months=6")
    assert [each.text for each in half.all(".//section[@id='not-yet']//h3")] == ["13. Standard 13"]
    assert [each.get("value") for each in half.all(".//option[@selected]")] == ["6"]
    assert priya.get(f"{FIGURES}?months=7000").all(".//option[@selected]")[0].get("value") == "12"


def first_visit(place: Place, person_id: int, on: date) -> None:
    line: UUID = supervision.first_visit_of(place.provider)
    supervision.tick(
        db.session(), place.provider.id, person_id, line, on=on, now=utc_now(), today=day_of(utc_now()), by=None
    )
    db.session.commit()


def test_induction_is_told_from_five_people_on_and_who_waits_is_counted(bramble: Place, priya: Browser) -> None:
    start = utc_now() - timedelta(days=60)
    new = [
        providers.add_person(db.session(), bramble.provider.id, f"Xanthippe {number}", (Role.LEARNER,), now=start)
        for number in range(7)
    ]
    db.session.commit()
    for days, member in zip((10, 20, 12, 30), new, strict=False):
        first_visit(bramble, member.person_id, day_of(start) + timedelta(days=days))
    text = priya.get(FIGURES).text
    assert "7 carers started in the last 12 months. 3 carers still wait for the first visit alone." in text
    assert "The days come when 5 of them" in text
    first_visit(bramble, new[4].person_id, day_of(start) + timedelta(days=21))
    text = priya.get(FIGURES).text
    assert "2 carers still wait" in text
    assert "Half of them took 20 days or less: from 10 to 30 days." in text
    assert "Xanthippe" not in text.partition("From the start")[2]


def test_another_providers_people_are_in_no_figure(watched: Watched, priya: Browser) -> None:
    for carer in watched.carers(5):
        watched.sees(carer, {"1.1c": "not-yet"})
    other = providers.add_provider(db.session(), "Thistle Care", contact="T", now=utc_now())
    for number in range(5):
        providers.add_person(db.session(), other.id, f"Other {number}", (Role.LEARNER,), now=utc_now())
    db.session.commit()
    assert "5 carers started" in priya.get(FIGURES).text


def test_more_people_take_no_more_statements(watched: Watched, priya: Browser) -> None:
    def cost(number: int) -> int:
        for carer in watched.carers(number):
            watched.sees(carer, {"1.1c": "not-yet", "1.2a": "yes"})
            first_visit(watched.place, carer[0].person_id, day_of(utc_now()))
        with statements(db.engine) as ran:
            priya.get(FIGURES)
        return len(ran)

    assert cost(5) == cost(10)
