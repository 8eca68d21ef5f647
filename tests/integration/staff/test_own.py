"""Who manages decides nothing about themselves while somebody else can; who is alone may, and it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import assessment, compliance, providers, requirements
from app.compliance import evidence
from app.compliance.evidence.parts.needed import exceptions, matrix, outside
from app.compliance.evidence.parts.practice import observations
from app.compliance.evidence.sources import Sources
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.requirements import Had, OutsideState
from tests.integration.staff.test_needed import give, listed, profile
from tests.support.practice import appoint, publish_framework, saw
from tests.support.required import chains_of
from tests.support.website import Browser, Page, Place
from tests.support.world import add_phone

THEMSELVES = "by the person themselves"


class Own:
    """Priya, who manages, needs fire safety herself; a certificate of hers waits, and Dawn has seen her at work."""

    def __init__(self, place: Place) -> None:
        session, self.now = db.session(), utc_now()
        publish_framework(session)
        self.place = place
        self.me = next(m for m in providers.list_members(session, place.provider.id) if m.name == "Priya Nair")
        self.training = listed(place, modules=())
        give(place, profile(place, "Care worker", self.training), self.me)
        self.today = day_of(self.now)
        self.had = requirements.note_outside(
            session,
            place.provider.id,
            self.me.person_id,
            Had(
                training=self.training.uuid,
                title="Fire course",
                taught_by="Thistle",
                taken_on=self.today - timedelta(days=9),
            ),
            now=self.now,
        )
        dawn = place.add("Dawn Marsh", Role.ASSESSOR, Role.LEARNER)
        appoint(session, place.provider, dawn, now=self.now - timedelta(days=1))
        phone = add_phone(session, dawn)
        at = self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made = saw(phone, self.me.person_uuid, {"1.1c": "yes"}, seen_on=self.today.isoformat(), sent={"at": at})
        phone.send(session, made, now=self.now)
        self.seen = made["id"]
        session.commit()

    @property
    def page(self) -> str:
        return f"/staff/people/{self.me.person_uuid}"

    def sources(self) -> Sources:
        return Sources(
            session=db.session(),
            provider=self.place.provider,
            scope=evidence.Scope(
                since=self.today - timedelta(days=30),
                until=self.today,
                as_at=self.today,
                people=None,
                parts=tuple(evidence.PARTS),
                labels=(),
            ),
            now=utc_now(),
        )


@pytest.fixture
def own(bramble: Place, priya: Browser) -> Own:
    return Own(bramble)


def typed(page: Page) -> str:
    """The reason that stands in the form."""
    [field] = page.all(".//*[@name='reason']")
    return str(field.get("value") or field.text or "").strip()


def another(place: Place) -> MemberView:
    return place.add("Judy Bell", Role.MANAGER)


def test_while_another_manages_nothing_about_oneself_is_decided(own: Own, priya: Browser) -> None:
    practice = f"/staff/practice/{own.me.person_uuid}"
    priya.get(practice)
    another(own.place)
    words = "Another manager has to decide this, as it is about you. Ask Judy Bell."

    refused = priya.post(f"{practice}/seen/{own.seen}/take-back", **{f"reason-{own.seen}": "It was not so"})
    assert words in refused.text
    assert not any(each.get("action", "").endswith("/take-back") for each in priya.get(practice).all(".//form"))
    priya.get(own.page)
    refused = priya.post(f"{own.page}/outside/{own.had}/decide", decision="accepted", reason="I have seen it")
    assert (refused.status, words in refused.text, typed(refused)) == (400, True, "I have seen it")
    form = {"training": str(own.training.uuid), "reason": "I only work in the office", "until": ""}
    priya.get(f"{own.page}/exceptions")
    refused = priya.post(f"{own.page}/exceptions", **form)
    assert (refused.status, words in refused.text, typed(refused)) == (400, True, form["reason"])

    [had] = requirements.outside(db.session(), own.place.provider.id)
    assert had.state is OutsideState.OFFERED
    assert requirements.exceptions(db.session(), own.place.provider.id) == ()
    priya.get(own.page)
    refusing = priya.post(f"{own.page}/outside/{own.had}/decide", decision="refused", reason="It has run out")
    assert refusing.status == 200, "to one's own disadvantage is no question"


def test_who_manages_alone_accepts_their_own_and_it_shows_everywhere(own: Own, priya: Browser) -> None:
    priya.get(own.page)
    page = priya.post(f"{own.page}/outside/{own.had}/decide", decision="accepted", reason="I have seen it")
    assert "Accepted by the person themselves" in page.text
    assert "Decided by the person themselves" in page.text
    assert THEMSELVES in priya.get("/staff/matrix").text
    here = own.place.provider.id
    found = compliance.matrix(db.session(), here, chains=chains_of(db.session(), here), now=utc_now())
    [line] = [row for row in compliance.lines_table(found).rows if row[0] == "Priya Nair"]
    assert f"trained elsewhere ({THEMSELVES})" in line
    sources = own.sources()
    assert f"Priya Nair ({THEMSELVES})" in str(outside(sources).tables[0].rows)
    assert f"trained elsewhere ({THEMSELVES})" in str(matrix(sources).tables[1].rows)


def test_who_manages_alone_excepts_themselves_and_it_shows_everywhere(own: Own, priya: Browser) -> None:
    priya.get(f"{own.page}/exceptions")
    page = priya.post(
        f"{own.page}/exceptions", training=str(own.training.uuid), reason="I only work in the office", until=""
    )
    assert "Decided by the person themselves" in page.text
    assert "Decided by the person themselves" in priya.get("/staff/needed/exceptions").text
    assert THEMSELVES in priya.get("/staff/matrix").text
    assert f"Priya Nair ({THEMSELVES})" in str(exceptions(own.sources()).tables[0].rows)


def test_who_manages_alone_takes_back_what_was_seen_of_them_and_it_shows(own: Own, priya: Browser) -> None:
    address = f"/staff/practice/{own.me.person_uuid}"
    priya.get(address)
    page = priya.post(f"{address}/seen/{own.seen}/take-back", **{f"reason-{own.seen}": "It was another day"})
    assert f"Taken back by Priya Nair ({THEMSELVES}): It was another day" in page.text
    assert f"Taken back {THEMSELVES}" in str(observations(own.sources()).tables[0].rows)
    page = priya.post(f"{address}/seen/{own.seen}/bring-back")
    assert "Brought back" in page.text

    [view] = assessment.observations_of(db.session(), own.place.provider.id, [own.me.person_id])
    assert not view.taken_back


def test_what_another_manager_decided_is_marked_as_nobodys_own(own: Own, priya: Browser) -> None:
    judy = another(own.place)
    requirements.decide_outside(
        db.session(),
        own.place.provider.id,
        own.me.person_id,
        own.had,
        OutsideState.ACCEPTED,
        "I have seen it",
        now=utc_now(),
        by=judy.person_id,
    )
    db.session.commit()
    assert "by the person themselves" not in priya.get(own.page).text
    assert "by the person themselves" not in priya.get("/staff/matrix").text
