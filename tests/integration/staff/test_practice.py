"""The practice pages: assessors are named, what was seen is decided about, standards are signed off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app import assessment, audit, identity, providers
from app.assessment import State
from app.content.service import withdraw
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from tests.support.editions import edition
from tests.support.practice import PRACTICE, appoint, confirms, publish_framework, saw, withdraws
from tests.support.publishing import publish, publish_document
from tests.support.statements import statements
from tests.support.website import PASSWORD, Browser, Place, sign_in
from tests.support.world import Phone, add_phone

PAGE, ASSESSORS = "/staff/practice", "/staff/practice/assessors"
PACK = {
    "key": "core",
    "title": "Core",
    "publisher": "Us",
    "licence": "CC-BY-4.0",
    "framework": "care-certificate-2025",
    "topics": [{"key": "13-health-and-safety", "title": "Health and safety", "standard": 13}],
}


def now_text() -> str:
    return utc_now().strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Watched:
    """Dawn, who may assess, Ngozi, and their phones."""

    def __init__(self, place: Place) -> None:
        publish_framework(db.session())
        self.place = place
        self.dawn = place.add("Dawn Marsh", Role.ASSESSOR, Role.LEARNER)
        self.ngozi = place.add("Ngozi Obi")
        self.phones = {each.person_id: self.phone(each) for each in (self.dawn, self.ngozi)}

    def phone(self, member: MemberView) -> Phone:
        return add_phone(db.session(), member, now=utc_now())

    def named(self, standards: list[int] | None = None) -> None:
        appoint(db.session(), self.place.provider, self.dawn, standards, now=utc_now())

    def sees(self, learner: MemberView | None = None, criteria: dict[str, str] | None = None, **changes: Any) -> UUID:
        phone = self.phones[self.dawn.person_id]
        changes = {"seen_on": utc_now().date().isoformat(), "sent": {"at": now_text()}, **changes}
        made = saw(phone, (learner or self.ngozi).person_uuid, criteria or {"1.1c": "yes"}, **changes)
        phone.send(db.session(), made, now=utc_now())
        return UUID(made["id"])

    def says(self, observation: UUID, **changes: Any) -> None:
        phone = self.phones[self.ngozi.person_id]
        phone.send(db.session(), confirms(phone, str(observation), sent={"at": now_text()}, **changes), now=utc_now())

    @property
    def page(self) -> str:
        return f"{PAGE}/{self.ngozi.person_uuid}"

    def state(self) -> list[State]:
        db.session.rollback()
        return [v.state for v in assessment.observations_of(db.session(), self.place.provider.id, None)]


@pytest.fixture
def watched(bramble: Place) -> Watched:
    return Watched(bramble)


@contextmanager
def noted(*actions: str) -> Iterator[None]:
    """What is done inside is noted under these actions, in this order."""
    before = audit.head(db.session()).number
    yield
    db.session.rollback()
    entries = audit.entries(db.session(), limit=20)
    assert [each.action for each in reversed(entries) if each.number > before] == list(actions)


def test_with_nobody_here_it_says_what_to_do(priya: Browser) -> None:
    page = priya.get(PAGE)
    assert page.heading == "Practice"
    assert "Add your first carer" in page.text
    assert "It cannot be typed in here." in page.text
    assert "Nobody here has the role of an assessor yet." in priya.get(ASSESSORS).text


def test_an_assessor_is_named_mended_and_ended(watched: Watched, priya: Browser) -> None:
    assert "Nobody is named now" in priya.get(ASSESSORS).text
    wrong = priya.post(ASSESSORS, scope="some", since="soon", until="never", basis="")
    assert wrong.status == 400
    for words in (
        "Pick somebody.",
        "Tick at least one standard",
        "Say why they are competent",
        "There is no such day.",
    ):
        assert words in wrong.text
    good = {
        "person": str(watched.dawn.person_uuid),
        "scope": "some",
        "standards": ["1", "12", "77"],
        "basis": "Level 3, eight years",
        "since": "2026-02-01",
    }
    assert "The last day is before the first." in priya.post(ASSESSORS, **good, until="2026-01-01").text
    assert "Level 3, eight years" in str(priya.page and priya.page.reply.get_data(as_text=True))
    with noted("assessor.named"):
        done = priya.post(ASSESSORS, **good, until="")
    assert "Dawn Marsh may now decide about practice" in done.text
    assert "Dawn Marsh: Standards 1 and 12 From 1 February 2026" in done.text
    (named,) = assessment.appointments(db.session(), watched.place.provider.id)
    assert (named.standards, named.by) == ((1, 12), "Priya Nair")
    with noted("assessor.ended"):
        ended = priya.post(f"{ASSESSORS}/{named.uuid}/end")
    assert "Nobody is named now" in ended.text
    assert "by Priya Nair" in ended.text
    with noted():
        priya.send("POST", f"{ASSESSORS}/{named.uuid}/end", data=priya.page.form("/staff/sign-out"))  # type: ignore[union-attr]


def test_who_lost_the_role_is_told_of(watched: Watched, priya: Browser) -> None:
    watched.named()
    providers.change_roles(db.session(), watched.place.provider.id, watched.dawn.person_id, [Role.LEARNER])
    db.session.commit()
    assert "They are not an assessor here any more." in priya.get(ASSESSORS).text


@pytest.mark.parametrize("how", ["role", "place"])
def test_who_loses_the_role_or_the_place_is_no_assessor_from_that_day(
    watched: Watched, priya: Browser, how: str
) -> None:
    watched.named()
    person = f"/staff/people/{watched.dawn.person_uuid}"
    if how == "role":
        priya.get(f"{person}/edit")
        with noted("person.roles-changed", "assessor.ended"):
            priya.post(f"{person}/edit", name="Dawn Marsh", roles=["learner"])
    else:
        priya.get(person)
        with noted("assessor.ended", "person.archived"):
            priya.post(f"{person}/leave")
    (view,) = assessment.appointments(db.session(), watched.place.provider.id)
    assert (view.ended_at is not None, view.ended_by) == (True, "Priya Nair")
    assert "Nobody is named now, so nothing seen from today on counts." in priya.get(ASSESSORS).text


def test_what_waits_stands_first_with_its_reason(watched: Watched, priya: Browser) -> None:
    watched.sees()
    page = priya.get(PAGE)
    assert "Outside the assessor's scope" in page.text
    assert "Dawn Marsh was not named for this standard on that day." in page.text
    watched.named()
    text = priya.get(PAGE).text
    assert "Nothing waits for you." in text
    assert "Waiting for a carer's word They confirm it on their own phone. Ngozi Obi, standard 1" in text
    watched.sees(watched.dawn)
    assert "Seen by themselves" in priya.get(PAGE).text
    made = watched.sees(criteria={"1.2a": "not-yet"})
    watched.says(made, agrees=False, comment="It was Tuesday")
    text = priya.get(PAGE).text
    assert "The carer disagrees" in text
    assert "did not agree on" in text
    assert '"It was Tuesday"' in text
    assert "Waiting for a carer's word" in text


def test_a_later_not_yet_that_waits_stands_on_both_pages(watched: Watched, priya: Browser) -> None:
    watched.named()
    watched.says(watched.sees(criteria={"1.1c": "yes"}))
    assert "Shown" in priya.get(watched.page).text
    watched.sees(criteria={"1.1c": "not-yet"}, short="WXYZ6789")
    page = priya.get(watched.page).text
    assert "A later 'not yet' waits" in page
    assert "To be seen at work: 1.1c, 1.2a." in page
    assert "Reached us on" in page
    assert "A later 'not yet' waits: what was shown before does not stand meanwhile." in priya.get(PAGE).text


def test_a_disagreement_is_decided_with_a_reason(watched: Watched, priya: Browser) -> None:
    watched.named()
    made = watched.sees()
    watched.says(made, agrees=False, comment="It was Tuesday")
    priya.get(watched.page)
    action = f"{watched.page}/seen/{made}/countersign"
    refused = priya.post(action, **{f"words-{made}": " "})
    assert (refused.status, watched.state()) == (400, [State.DISAGREED])
    assert "Say why it counts" in refused.text
    with noted("observation.countersigned"):
        done = priya.post(action, **{f"words-{made}": "We spoke, and she agrees"})
    assert watched.state() == [State.COUNTS]
    assert "We spoke, and she agrees" in done.text
    with noted():
        form = {**priya.page.form("/staff/sign-out"), f"words-{made}": "Again"}  # type: ignore[union-attr]
        priya.send("POST", action, data=form)


def test_nobody_countersigns_their_own(watched: Watched, priya: Browser) -> None:
    here = watched.place.provider.id
    providers.change_roles(db.session(), here, watched.place.manager.person_id, list(Role))
    db.session.commit()
    me = watched.place.manager
    watched.phones[me.person_id] = watched.phone(me)
    appoint(db.session(), watched.place.provider, me, now=utc_now())
    watched.dawn = me
    made = watched.sees(me)
    page = priya.get(f"{PAGE}/{me.person_uuid}")
    assert "Another manager decides whether it counts" in page.text
    assert "Let it count" not in page.text
    form = {**page.form("/staff/sign-out"), f"words-{made}": "I say so"}
    reply = priya.send("POST", f"{PAGE}/{me.person_uuid}/seen/{made}/countersign", data=form)
    assert (reply.status_code, watched.state()) == (400, [State.OWN_PRACTICE])


def test_an_observation_is_taken_back_and_brought_back(watched: Watched, priya: Browser) -> None:
    watched.named()
    made = watched.sees()
    watched.says(made)
    priya.get(watched.page)
    assert priya.post(f"{watched.page}/seen/{made}/take-back", **{f"reason-{made}": ""}).status == 400
    with noted("observation.taken-back"):
        done = priya.post(f"{watched.page}/seen/{made}/take-back", **{f"reason-{made}": "Another person"})
    assert "Taken back by Priya Nair: Another person" in done.text
    assert watched.state() == [State.WITHDRAWN]
    with noted("observation.brought-back"):
        priya.post(f"{watched.page}/seen/{made}/bring-back")
    assert watched.state() == [State.COUNTS]


def test_a_standard_is_signed_and_its_signature_outlives_the_module(watched: Watched, priya: Browser) -> None:
    session = db.session()
    publish_document(session, "pack", "core", PACK)
    sha = publish(session, edition("a-module", criteria=["1.1a"]), at=utc_now() - timedelta(days=2))
    watched.named()
    assert "To learn: 1.1a. To be seen at work: 1.1c, 1.2a." in priya.get(watched.page).text
    phone = watched.phones[watched.ngozi.person_id]
    phone.send(session, phone.answered(sha, {"first-thing": ["b"]}, at=now_text()), now=utc_now())
    made = watched.sees(criteria={"1.1c": "yes", "1.2a": "yes"})
    assert "Sign standard 1 off" not in priya.get(watched.page).text
    form = priya.page.form("/staff/sign-out")  # type: ignore[union-attr]
    reply = priya.send("POST", f"{watched.page}/standards/1/sign-off", data=form)
    assert "not there yet. To be seen at work: 1.1c, 1.2a." in reply.get_data(as_text=True)
    watched.says(made)
    assert "Ngozi Obi Standard 1: questions passed and seen at work" in priya.get(PAGE).text
    page = priya.get(watched.page)
    assert "Questions passed 1 of 1 Seen at work 2 of 2" in page.text
    assert "watched at work, seen by Dawn Marsh" in page.text
    with noted("standard.signed-off"):
        done = priya.post(f"{watched.page}/standards/1/sign-off")
    assert "Signed off by Priya Nair" in done.text
    withdraw(session, "a-module", 1, reason="It is wrong", safety=False, now=utc_now())
    session.commit()
    kept = priya.get(watched.page).text
    assert "It stays as it was decided. Today this is not there any more. To learn: 1.1a." in kept
    assert "1 of 3 standards are signed off." in kept
    assert "1 of 3 standards" in priya.get(f"/staff/people/{watched.ngozi.person_uuid}").text
    priya.get(watched.page)
    assert priya.post(f"{watched.page}/standards/1/take-back", **{"reason-1": " "}).status == 400
    with noted("standard.sign-off-taken-back"):
        gone = priya.post(f"{watched.page}/standards/1/take-back", **{"reason-1": "Signed too soon"})
    assert "Priya Nair took that back on" in gone.text
    assert "Signed too soon" in gone.text


def test_only_the_registered_manager_signs_the_certificate(watched: Watched, priya: Browser) -> None:
    here, session = watched.place.provider.id, db.session()
    assert "Nobody is named as the registered manager yet." in priya.get(watched.page).text
    providers.set_registered_manager(session, here, watched.place.manager.person_id, now=utc_now())
    session.commit()
    assert "Sign every standard off first." in priya.get(watched.page).text
    for number in (1, 12, 13):
        session.add(
            assessment.SignOff(
                uuid=UUID(int=number),
                provider_id=here,
                person_id=watched.ngozi.person_id,
                framework=assessment.FRAMEWORK,
                standard=number,
                at=utc_now(),
                by=watched.place.manager.person_id,
            )
        )
    session.commit()
    assert "Not all of it is there any more. Look at standards 1, 12 and 13." in priya.get(watched.page).text
    form = priya.page.form("/staff/sign-out")  # type: ignore[union-attr]
    reply = priya.send("POST", f"{watched.page}/certificate/sign-off", data=form)
    assert "Signed, but not there any more. Standard 1: To learn: 1.1a." in reply.get_data(as_text=True)
    publish_document(session, "pack", "core", PACK)
    sha = publish(session, edition("a-module", criteria=["1.1a", "13.1a"]), at=utc_now() - timedelta(days=2))
    phone = watched.phones[watched.ngozi.person_id]
    phone.send(session, phone.answered(sha, {"first-thing": ["b"]}, at=now_text()), now=utc_now())
    watched.named()
    for standard, short in ((1, "AAAA2222"), (12, "BBBB2222"), (13, "CCCC2222")):
        criteria = dict.fromkeys(PRACTICE[standard], "yes")
        watched.says(last := watched.sees(criteria=criteria, standard=standard, short=short))
    priya.get(watched.page)
    with noted("certificate.signed-off"):
        done = priya.post(f"{watched.page}/certificate/sign-off")
    assert "The Care Certificate is signed off for Ngozi Obi." in done.text
    with noted("observation.taken-back"):
        gone = priya.post(f"{watched.page}/seen/{last}/take-back", **{f"reason-{last}": "Another day"})
    assert "It stays as it was decided. Look at standard 13." in gone.text
    assert "certificate signed" in priya.get(PAGE).text
    priya.get(watched.page)
    with noted("certificate.sign-off-taken-back"):
        priya.post(f"{watched.page}/certificate/take-back", **{"reason-certificate": "Too soon"})
    judy = providers.add_person(session, here, "Judy Bell", (Role.MANAGER,), now=utc_now())
    providers.set_registered_manager(session, here, judy.person_id, now=utc_now())
    session.commit()
    page = priya.get(watched.page)
    assert "Only the registered manager, Judy Bell, signs the certificate." in page.text
    form = page.form("/staff/sign-out")
    assert priya.send("POST", f"{watched.page}/certificate/sign-off", data=form).status_code == 400


def test_an_assessor_sees_their_own_people_and_statements_only(app: Flask, watched: Watched) -> None:
    session = db.session()
    identity.set_sign_in_name(session, watched.dawn.person_id, "dawn")
    identity.set_password(session, watched.dawn.person_id, PASSWORD)
    tom = watched.place.add("Tom Ash", Role.ASSESSOR)
    appoint(session, watched.place.provider, tom, now=utc_now())
    watched.named([1])
    made = watched.sees()
    watched.says(made, agrees=False, comment="It was Tuesday")
    watched.phones[tom.person_id] = watched.phone(tom)
    hers, watched.dawn = watched.dawn, tom
    watched.sees(criteria={"1.2a": "yes"}, decisions=[{"code": "1.2a", "decision": "yes", "saw": "by-tom"}])
    watched.dawn = hers
    browser = Browser(app.test_client())
    sign_in(browser, "dawn")
    page = browser.get(PAGE)
    assert "You may decide about: Standard 1." in page.text
    assert "Ngozi Obi Standard 1" in page.text
    assert '"It was Tuesday"' in page.text
    assert "by-tom" not in page.text
    assert "Tom" not in page.text
    # Of a learner they read only what was written for them; the rest is for managers.
    theirs = browser.get(watched.page).text
    assert "by-tom" not in theirs
    assert "It was Tuesday" not in theirs
    assert browser.send("GET", ASSESSORS).status_code == 403
    phone = watched.phones[hers.person_id]
    phone.send(session, withdraws(phone, str(made), "The wrong one", at=now_text()), now=utc_now())
    assert "Taken back by Dawn Marsh: The wrong one" in browser.get(PAGE).text


def test_the_pages_take_as_many_statements_for_thirty_people_as_for_one(watched: Watched, priya: Browser) -> None:
    watched.named()

    def cost(address: str) -> int:
        with statements(db.engine) as sent:
            assert priya.get(address).status == 200
        return len(sent)

    def add(count: int) -> None:
        for number in range(count):
            watched.sees(watched.place.add(f"Carer {number}"), criteria={"12.1a": "yes"}, standard=12)
            made = watched.sees(criteria={"12.1a": "yes"}, standard=12, short=f"ABCDEF{'23456789AB'[number % 10]}2")
            watched.says(made)

    add(1)
    few = [cost(address) for address in (PAGE, watched.page, ASSESSORS)]
    add(12)
    assert [cost(address) for address in (PAGE, watched.page, ASSESSORS)] == few
    assert max(few) <= 40


def test_a_day_before_today_can_be_asked_for(watched: Watched) -> None:
    watched.named()
    watched.says(watched.sees())
    here, me = watched.place.provider.id, watched.ngozi.person_id
    today: date = utc_now().date()
    assert list(assessment.shown_of(db.session(), here, [me], as_at=today)) == [me]
    assert assessment.shown_of(db.session(), here, [me], as_at=today - timedelta(days=1)) == {}
