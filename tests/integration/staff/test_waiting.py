"""Nobody waits for a manager unseen: whatever some page shows as waiting is named on the first page, with the way."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app import requirements
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.requirements import Had, OutsideState
from app.supervision import MeetingKind, Period, Unit, set_period
from tests.support.practice import appoint, confirms, publish_framework, saw
from tests.support.statements import statements
from tests.support.website import Browser, Page, Place, set_up
from tests.support.world import Phone, add_phone

PAGES = ("/staff/people", "/staff/figures")


def ways(page: Page) -> dict[str, str]:
    """What leads where."""
    return {" ".join("".join(each.itertext()).split()): each.get("href", "") for each in page.all(".//main//li//a")}


def had(place: Place, member: MemberView, **days: object) -> UUID:
    uuid = requirements.note_outside(
        db.session(),
        place.provider.id,
        member.person_id,
        Had(training=None, title="Fire", taught_by="Thistle", **days),  # type: ignore[arg-type]
        now=utc_now(),
    )
    db.session.commit()
    return uuid


class Watched:
    """Dawn saw Ngozi at work."""

    def __init__(self, place: Place) -> None:
        publish_framework(db.session())
        dawn = place.add("Dawn Marsh", Role.ASSESSOR, Role.LEARNER)
        self.ngozi = place.add("Ngozi Obi")
        appoint(db.session(), place.provider, dawn, now=utc_now() - timedelta(days=9))
        self.dawns, self.ngozis = add_phone(db.session(), dawn), add_phone(db.session(), self.ngozi)

    def sees(self, decision: str = "yes", short: str = "ABCD2345", **said: object) -> None:
        now = utc_now()
        sent = {"at": now.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        made = saw(
            self.dawns,
            self.ngozi.person_uuid,
            {"1.1c": decision},
            seen_on=day_of(now).isoformat(),
            next_on=(day_of(now) + timedelta(days=9)).isoformat() if decision == "not-yet" else None,
            short=short,
            sent=sent,
        )
        self.dawns.send(db.session(), made, now=now)
        if said:
            self.ngozis.send(db.session(), confirms(self.ngozis, made["id"], sent=sent, **said), now=now)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", PAGES)
def test_a_certificate_to_decide_is_named_until_it_is_decided(bramble: Place, priya: Browser, address: str) -> None:
    ngozi = bramble.add("Ngozi Obi")
    uuid = had(bramble, ngozi, taken_on=day_of(utc_now()) - timedelta(days=3))
    page = priya.get(address)
    assert "1 certificate waits for you to accept or refuse: Ngozi Obi" in page.text
    assert f"/staff/people/{ngozi.person_uuid}#outside" in ways(page).values()

    requirements.decide_outside(
        db.session(),
        bramble.provider.id,
        ngozi.person_id,
        uuid,
        OutsideState.REFUSED,
        "It is another person's",
        now=utc_now(),
    )
    db.session.commit()
    assert "certificate waits" not in priya.get(address).text


def test_a_booked_day_that_passed_is_named(bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    had(bramble, ngozi, booked_for=day_of(utc_now()))
    assert "passed" not in priya.get("/staff/figures").text
    db.session.execute(
        requirements.models.OutsideTraining.__table__.update().values(booked_for=day_of(utc_now()) - timedelta(days=1))
    )
    db.session.commit()
    assert "1 booked day has passed: note the certificate, or call it off: Ngozi Obi" in priya.get(PAGES[1]).text


@pytest.mark.parametrize("address", PAGES)
def test_practice_that_waits_is_named(bramble: Place, priya: Browser, address: str) -> None:
    watched = Watched(bramble)
    watched.sees(agrees=False)
    page = priya.get(address)
    assert ways(page)["1 observation waits for you"] == "/staff/practice"


def test_what_is_in_doubt_is_named_and_a_first_observation_alone_waits_for_its_carer(
    bramble: Place, priya: Browser
) -> None:
    watched = Watched(bramble)
    watched.sees()
    text = priya.get("/staff/figures").text
    assert "observation waits" not in text
    assert "in doubt" not in text
    watched.sees(short="WXYZ6789", agrees=True)
    watched.sees("not-yet", short="WXYZ2345")
    said = '1 criterion that was shown is in doubt, as a later "not yet" waits for a word'
    assert ways(priya.get("/staff/figures"))[said] == "/staff/practice"


def test_meetings_that_are_due_and_records_to_look_at_are_named(bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    period = Period(every=1, unit=Unit.WEEKS)
    set_period(db.session(), bramble.provider.id, MeetingKind.SUPERVISION, period, now=utc_now(), by=None)
    phone: Phone = add_phone(db.session(), ngozi)
    phone.send(db.session(), phone.record("nobody.knows", {"x": 1}), now=utc_now())
    page = priya.get("/staff/people")
    assert "due soon for supervision or another meeting" in page.text
    assert "/staff/supervision" in ways(page).values()
    assert "1 record waits for someone to look: Ngozi Obi" in page.text
    assert f"/staff/people/{ngozi.person_uuid}#waiting" in ways(page).values()


@pytest.mark.parametrize("address", PAGES)
def test_how_many_wait_costs_no_statement(bramble: Place, priya: Browser, address: str) -> None:
    def cost() -> int:
        with statements(db.engine) as made:
            priya.get(address)
        return len(made)

    had(bramble, bramble.add("Carer 0"), taken_on=day_of(utc_now()))
    few = cost()
    for number in range(1, 12):
        had(bramble, bramble.add(f"Carer {number}"), taken_on=day_of(utc_now()))
    assert cost() == few
    page = priya.get(address)
    assert "and 7 more" in page.text


def test_another_providers_people_wait_there(bramble: Place, priya: Browser) -> None:
    thistle = set_up("Thistle Care", "Judy Bell", "judy")
    had(thistle, thistle.add("Eve Stone"), taken_on=day_of(utc_now()))
    assert "certificate waits" not in priya.get("/staff/people").text
