"""Nobody waits for a manager unseen: whatever some page shows as waiting is named on the first page, with the way."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from app import content, requirements, supervision
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.requirements import Had, OutsideState
from app.supervision import MeetingKind, NewAction, NewMeeting, Period, Unit, set_period
from tests.support.desk import Desk
from tests.support.practice import appoint, confirms, publish_framework, saw
from tests.support.publishing import publish_core
from tests.support.statements import statements
from tests.support.website import Browser, Page, Place, set_up
from tests.support.world import Phone, add_phone

PAGES = ("/staff/people", "/staff/figures")
ALL = "/staff/people/waiting"


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


def agreed(place: Place, member: MemberView, *due: int | None) -> UUID:
    """Write a meeting of ten days ago down with something agreed for each of these days from now."""
    today = day_of(utc_now())
    new = NewMeeting(
        kind=MeetingKind.SUPERVISION,
        held_on=today - timedelta(days=10),
        led_by=place.manager.person_id,
        led_by_other="",
        shared="",
        private="",
        next_on=None,
        actions=tuple(
            NewAction(text="Swap two nights", due=None if days is None else today + timedelta(days=days))
            for days in due
        ),
    )
    (meeting,) = supervision.record_meeting(
        db.session(), place.provider.id, [member.person_id], new, now=utc_now(), today=today, by=None
    )
    db.session.commit()
    return meeting


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


@pytest.mark.parametrize("address", [*PAGES, ALL])
def test_what_was_agreed_and_is_late_is_named_until_it_is_done(bramble: Place, priya: Browser, address: str) -> None:
    ngozi = bramble.add("Ngozi Obi")
    agreed(bramble, ngozi, 0, None, 3)
    assert "agreed in" not in priya.get(address).text
    agreed(bramble, ngozi, -1, -2)
    page = priya.get(address)
    assert "2 things agreed in meetings are late" in page.text
    way = f"/staff/supervision/{ngozi.person_uuid}#agreed"
    assert ways(page)["Ngozi Obi"] == way
    assert priya.get(way.partition("#")[0]).all(".//section[@id='agreed']")

    late, *_ = supervision.meetings_of(db.session(), bramble.provider.id)
    person = f"/staff/supervision/{ngozi.person_uuid}"
    priya.post(f"{person}/actions/{late.actions[0].uuid}/done")
    assert "1 thing agreed in a meeting is late" in priya.get(address).text
    priya.get(person)
    priya.post(f"{person}/meetings/{late.uuid}/take-out", reason="The wrong person")
    assert "agreed in" not in priya.get(address).text


@pytest.mark.parametrize("address", [*PAGES, ALL])
def test_facts_of_own_modules_to_check_again_are_named(bramble: Place, priya: Browser, address: str) -> None:
    session, provider = db.session(), bramble.provider
    publish_core(session)
    staff = [bramble.add(name, Role.TRAINER) for name in ("Amina Park", "Ben Lee")]
    desk = Desk(session=session, provider=provider, amina=staff[0], ben=staff[1])
    draft = desk.start()
    desk.publish(draft)
    today = day_of(utc_now())

    def to_check_on(day: date) -> str:
        editions = content.models.Edition.__table__
        session.execute(editions.update().where(editions.c.module == draft.key).values(check_again=day))
        session.commit()
        return priya.get(address).text

    assert "checked again" not in to_check_on(today + timedelta(days=61))
    text = to_check_on(today + timedelta(days=60))
    assert "1 module of your own is to be checked again" in text
    assert "The gate (by " in text
    assert "The gate (since " in to_check_on(today - timedelta(days=1))
    assert ways(priya.get(address))["The gate"] == f"/staff/drafts/{draft.uuid}"
    # What everybody is offered is for its own writers to check.
    editions = content.models.Edition.__table__
    session.execute(editions.update().where(editions.c.module == draft.key).values(check_again=None))
    session.execute(editions.update().where(editions.c.audience.is_(None)).values(check_again=today))
    session.commit()
    assert "checked again" not in priya.get(address).text


def test_the_whole_list_has_everybody_and_is_a_link_away(bramble: Place, priya: Browser) -> None:
    assert "Nothing waits for you." in priya.get(ALL).text
    for number in range(7):
        had(bramble, bramble.add(f"Carer {number}"), taken_on=day_of(utc_now()))
    for address in PAGES:
        page = priya.get(address)
        said = "and 2 more: 7 certificates wait for you to accept or refuse"
        assert ways(page)[said] == f"{ALL}#certificates"
        assert "Carer 6" not in "".join(page.all(".//ul[@class='bv-waiting']")[0].itertext())
    page = priya.get(ALL)
    assert page.all(".//section[@id='certificates']")
    assert [name for name in ways(page) if name.startswith("Carer")] == [f"Carer {number}" for number in range(7)]


def test_more_people_than_a_figure_names_are_a_link_away(bramble: Place, priya: Browser) -> None:
    for number in range(7):
        bramble.add(f"Carer {number}")
    page = priya.get("/staff/figures")
    (more,) = [each for each in page.all(".//main//p/a") if "and 2 more" in "".join(each.itertext())]
    assert more.get("href") == "/staff/people?state=not-joined"
    assert "Carer 6" in priya.get("/staff/people?state=not-joined").text


@pytest.mark.parametrize("address", [*PAGES, ALL])
def test_how_many_wait_costs_no_statement(bramble: Place, priya: Browser, address: str) -> None:
    def cost() -> int:
        with statements(db.engine) as made:
            priya.get(address)
        return len(made)

    def wait(number: int) -> None:
        member = bramble.add(f"Carer {number}")
        had(bramble, member, taken_on=day_of(utc_now()))
        agreed(bramble, member, -1)

    wait(0)
    few = cost()
    for number in range(1, 12):
        wait(number)
    assert cost() == few
    text = priya.get(address).text
    assert ("Carer 11" if address == ALL else "and 7 more") in text


def test_another_providers_people_wait_there(bramble: Place, priya: Browser) -> None:
    thistle = set_up("Thistle Care", "Judy Bell", "judy")
    eve = thistle.add("Eve Stone")
    had(thistle, eve, taken_on=day_of(utc_now()))
    agreed(thistle, eve, -1)
    for address in (*PAGES, ALL):
        text = priya.get(address).text
        assert "certificate waits" not in text
        assert "agreed in" not in text
