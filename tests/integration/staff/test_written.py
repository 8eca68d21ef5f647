"""What carers write for their assessor is read by the assessors and managers of that provider, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app import identity
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.website import PASSWORD, Browser, Place, set_up, sign_in
from tests.support.world import add_phone

QUESTION = {
    "id": "in-your-words",
    "kind": "reflection",
    "prompt": "Think of <em>one</em> visit",
    "instruction": "In your own words",
    "criteria": [],
    "must": False,
    "practise": False,
    "hint": None,
    "feedback": "instant",
    "explain": None,
    "prompts": ["What went well?"],
    "shared_with": "assessor",
    "model": None,
}
PART = {
    "kind": "question",
    "id": QUESTION["id"],
    "lesson": "look",
    "title": "Think of one visit",
    "question": QUESTION,
}


class Writer:
    """Ngozi, and a module that asks her for a few words."""

    def __init__(self, place: Place) -> None:
        publish_core(db.session())
        made = edition("falls", title="Falls")
        made["parts"] = [*made["parts"], PART]
        self.sha = publish(db.session(), made)
        self.place, self.ngozi = place, place.add("Ngozi Obi")
        self.phone = add_phone(db.session(), self.ngozi, now=utc_now())

    @property
    def page(self) -> str:
        return f"/staff/practice/{self.ngozi.person_uuid}"

    def writes(self, text: str | None, *, shared_with: str = "assessor", ago: int = 0) -> None:
        at = (utc_now() - timedelta(minutes=ago)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        data = {
            "module": "falls",
            "edition_no": 1,
            "question": QUESTION["id"],
            "shared_with": shared_with,
            "text": text,
        }
        record = self.phone.record("reflection.saved", data, edition=self.sha, at=at)
        self.phone.send(db.session(), record, now=utc_now())


@pytest.fixture
def writer(bramble: Place) -> Writer:
    return Writer(bramble)


def assessor(app: Flask, place: Place) -> Browser:
    """The browser of Dawn, who has the role of an assessor there."""
    dawn = place.add("Dawn Marsh", Role.ASSESSOR)
    identity.set_sign_in_name(db.session(), dawn.person_id, "dawn")
    identity.set_password(db.session(), dawn.person_id, PASSWORD)
    db.session.commit()
    browser = Browser(app.test_client())
    assert sign_in(browser, "dawn").status == 200
    return browser


def test_a_manager_reads_what_was_shared_with_the_words_it_was_asked_in(writer: Writer, priya: Browser) -> None:
    assert "Ngozi Obi has not written anything for an assessor yet" in priya.get(writer.page).text
    writer.writes("I waited.\n\n<b>Then</b> he stood up.")
    writer.writes(None, shared_with="only me")
    section = priya.get(writer.page).all(".//section[@id='written']")[0]
    said = [" ".join("".join(each.itertext()).split()) for each in section.iter("p")]
    assert said[1:] == ["Think of one visit", "What went well?", "I waited.", "<b>Then</b> he stood up."]
    assert [each.text for each in section.iter("h3")] == ["Falls"]


def test_an_assessor_finds_it_reads_it_and_decides_nothing_there(app: Flask, writer: Writer) -> None:
    writer.writes("I waited.")
    dawn = assessor(app, writer.place)
    assert "What carers wrote for you" in dawn.get("/staff/practice").text
    found = dawn.get("/staff/practice/written")
    assert "Ngozi Obi Wrote once" in found.text
    page = dawn.get(writer.page)
    assert page.heading == "What Ngozi Obi wrote"
    assert "I waited." in page.text
    assert "signed off" not in page.text
    assert not page.all(".//main//form")


def test_nobody_of_another_provider_reads_it(app: Flask, writer: Writer) -> None:
    writer.writes("I waited.")
    dawn = assessor(app, set_up("Thistle Care", "Terry Thorn", "terry"))
    assert dawn.get(writer.page).status == 404
    assert "Nobody has written anything for an assessor yet." in dawn.get("/staff/practice/written").text


def test_the_newest_are_shown_and_the_older_when_asked_for(writer: Writer, priya: Browser) -> None:
    for number in range(22):
        writer.writes(f"Words {number}.", ago=number)
    text = priya.get(writer.page).text
    assert "Words 0." in text
    assert "Words 20." not in text
    assert "Show 2 older" in text
    everything = priya.get(f"{writer.page}?written=all").text
    assert "Words 21." in everything
    assert "older" not in everything.partition("What Ngozi Obi wrote")[2].partition("What the words mean")[0]


def test_somebody_who_is_no_ones_person_is_not_found(writer: Writer, priya: Browser) -> None:
    assert priya.get(f"/staff/practice/{UUID(int=5)}").status == 404
