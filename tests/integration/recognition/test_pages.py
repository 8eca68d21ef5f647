"""A manager takes in a passport: everything is shown before anything is kept, and nothing typed is lost."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app import audit, create_app, messages, providers, recognised
from app.credentials import Kind
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from app.recognised import Decision
from tests.support.credentials import ORIGIN
from tests.support.recognition import Abroad, presentation
from tests.support.statements import statements
from tests.support.website import PASSWORD, Browser, Page, Place, empty_tables, set_up, settings_in

__all__ = ["empty_tables"]


@pytest.fixture
def app(tmp_path: Path, empty_tables: Path) -> Iterator[Flask]:
    """At an address that others can check against. SQLite: what is stored is tried on both elsewhere."""
    shutil.copy(empty_tables, tmp_path / "test.sqlite")
    app = create_app(settings_in(tmp_path, origin=ORIGIN))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


class Secure(Browser):
    """A browser that is at the server's own address."""

    ORIGIN = ORIGIN

    def send(self, method: str, address: str, **more: Any) -> TestResponse:
        return super().send(method, address, base_url=ORIGIN, headers={"Origin": ORIGIN, "Referer": ORIGIN}, **more)


@dataclass
class World:
    """Heather Homes with Maya signed in, Ngozi who is new there, and Thistle Care where she learned."""

    far: Abroad
    place: Place
    ngozi: MemberView
    maya: Browser

    @property
    def page(self) -> str:
        return f"/staff/people/{self.ngozi.person_uuid}/passport"

    @property
    def list(self) -> str:
        return f"/staff/people/{self.ngozi.person_uuid}/recognised"

    def upload(self, data: bytes, page: str | None = None) -> Page:
        address = page or self.page
        fields: dict[str, object] = {**self.maya.get(address).form(address)}
        fields["file"] = FileStorage(io.BytesIO(data), filename="passport.json")
        reply = self.maya.send("POST", address, data=fields, content_type="multipart/form-data")
        reply.request.environ["wsgi.input"].close()
        return self.maya._show(reply)

    def marks(self, page: Page) -> dict[str, str]:
        """The mark of each part by its title."""
        found = {}
        for each in page.all(".//section/h2"):
            mark = (each.get("id") or "").removeprefix("title-")
            found["".join(each.itertext()).rpartition(": ")[2]] = mark
        return found

    def decide(self, **fields: str) -> Page:
        return self.maya.post(self.page, step="decide", **fields)

    def kept(self) -> list[Decision]:
        return [view.state for view in recognised.recognitions(db.session(), self.place.provider.id)]


@pytest.fixture
def world(app: Flask) -> World:
    far = Abroad(db.session())
    far.passes()
    far.is_seen()
    far.line()
    place = set_up("Heather Homes", "Maya Lind", "maya")
    ngozi = place.add("Ngozi Obi")
    maya = Secure(app.test_client())
    maya.sign_in("maya", PASSWORD)
    return World(far, place, ngozi, maya)


def test_a_passport_is_shown_part_by_part_and_what_is_chosen_is_kept(world: World) -> None:
    assert "Take in a passport" in world.maya.get(f"/staff/people/{world.ngozi.person_uuid}").text
    assert "Nothing yet" in world.maya.get(world.list).text
    shown = world.upload(world.far.passport())
    assert shown.heading == "Passport of Ngozi Obi: 2 parts"
    for words in ("Valid now", "Thistle Care, care.example", "Name in itNgozi Obi", "Standard 13, Standard 13: know"):
        assert words in shown.text, words
    assert world.kept() == []

    marks = world.marks(shown)
    done = world.decide(
        **{
            f"choice-{marks['knowledge']}": "recognise",
            f"maps-{marks['knowledge']}": "care-certificate-2025/13/knowledge",
            f"reason-{marks['knowledge']}": "I rang them.",
            f"choice-{marks['practice observed']}": "decline",
            f"reason-{marks['practice observed']}": "The signature holds, it is about this person, and we trust who "
            "signed it.",
        }
    )
    assert done.heading == "Recognised of Ngozi Obi"
    assert "1 part is recognised and 1 part is declined" in done.text
    assert "Why: I rang them." in done.text
    assert "Why: We want this to be shown here." in done.text
    assert "by Maya Lind" in done.text
    assert sorted(world.kept()) == [Decision.ACCEPTED, Decision.DECLINED]
    actions = [each.action for each in audit.entries_about(db.session(), world.ngozi.person_uuid)]
    assert {"recognition.accepted", "recognition.declined"} <= set(actions)
    [told] = messages.for_phone(db.session(), world.place.provider.id, world.ngozi.person_id, now=utc_now())
    assert told.text.startswith("Recognised from Thistle Care: Standard 13")
    # Her page says it is from elsewhere, and so does the record of what was done.
    assert (
        "Shown elsewhere: recognised from Thistle Care on"
        in world.maya.get(f"/staff/people/{world.ngozi.person_uuid}").text
    )
    assert "recognised what Ngozi Obi had shown elsewhere: Standard 13" in world.maya.get("/staff/audit").text
    practice = world.maya.get(f"/staff/practice/{world.ngozi.person_uuid}").text
    assert "Known elsewhere: recognised from Thistle Care" in practice


def test_what_was_chosen_stays_where_something_is_to_be_mended(world: World) -> None:
    marks = world.marks(world.upload(world.far.passport()))
    one, other = marks["knowledge"], marks["practice observed"]
    again = world.decide(
        **{
            f"choice-{one}": "recognise",
            f"maps-{one}": "",
            f"reason-{one}": "My own words.",
            f"choice-{other}": "decline",
            f"reason-{other}": "",
        }
    )
    assert again.status == 400
    assert "Pick what it stands in for here" in again.text
    assert "Say why" in again.text
    assert [each.get("value") for each in again.all(f".//input[@id='reason-{one}']")] == ["My own words."]
    assert [each.get("checked") for each in again.all(f".//input[@id='decline-{other}']")] == [""]
    assert world.kept() == []
    nothing = world.decide(**{f"choice-{one}": "", f"choice-{other}": ""})
    assert (nothing.status, "Choose what to do" in nothing.text) == (400, True)


def test_another_name_has_to_be_said_to_be_the_same_person(world: World) -> None:
    world.ngozi = world.place.add("Ngozi Adeyemi")
    shown = world.upload(world.far.passport())
    assert "The name in it is Ngozi Obi. Here the person is called Ngozi Adeyemi." in shown.text
    mark = world.marks(shown)["knowledge"]
    chosen = {f"choice-{mark}": "recognise", f"maps-{mark}": "nothing", f"reason-{mark}": "I asked her."}
    refused = world.decide(**chosen)
    assert (refused.status, "Say that it is the same person" in refused.text) == (400, True)
    assert world.decide(**chosen, **{f"same-{mark}": "yes"}).heading == "Recognised of Ngozi Adeyemi"


def test_what_cannot_be_read_or_reached_is_said_beside_its_field(world: World) -> None:
    empty = world.maya.get(world.page)
    assert empty.heading == "Take in a passport: Ngozi Obi"
    for form, words in (
        ({}, "Paste the link, pick the file"),
        ({"link": "not a link"}, "Paste the whole link"),
        ({"link": "http://care.example/p/x"}, "Paste the whole link"),
        ({"link": "https://127.0.0.1/p/x"}, "leads into a private network"),
        ({"link": "https://localhost/p/x"}, "leads into a private network"),
        ({"link": "https://[::1]/p/x"}, "leads into a private network"),
        ({"link": "https://thistle.localhost/p/x"}, "leads into a private network"),
        ({"text": "hello"}, "This is no credential"),
    ):
        world.maya.get(world.page)
        page = world.maya.post(world.page, **form)
        assert (page.status, words in page.text) == (400, True), (form, page.text)
        assert page.all(".//*[@aria-invalid='true']"), form
    assert [each.get("value") for each in page.all(".//input[@id='link']")] == [""]
    damaged = world.maya.post(world.page, step="decide", carried="AAAA")
    assert (damaged.status, "did not come through whole" in damaged.text) == (400, True)


def test_a_link_begins_with_whose_it_is(world: World) -> None:
    page = world.maya.get("/staff/recognise?link=https://care.example/p/abc")
    assert page.heading == "Whose passport is it?"
    [way] = [a.get("href") or "" for a in page.all(".//main//a") if "Ngozi" in "".join(a.itertext())]
    begun = world.maya.get(way)
    assert [each.get("value") for each in begun.all(".//input[@id='link']")] == ["https://care.example/p/abc"]


def test_a_decision_is_taken_back_and_the_statement_can_be_saved(world: World) -> None:
    token = world.far.signed(Kind.KNOWLEDGE).jwt
    mark = world.marks(world.upload(token.encode()))["knowledge"]
    target = "care-certificate-2025/13/knowledge"
    listed = world.decide(**{f"choice-{mark}": "recognise", f"maps-{mark}": target, f"reason-{mark}": "I rang them."})
    [one] = recognised.recognitions(db.session(), world.place.provider.id)
    act = f"{world.list}/{one.uuid}"
    assert world.maya.post(act, decision="declined", reason="").status == 400
    world.maya.get(world.list)
    assert "does not count here" in world.maya.post(act, decision="declined", reason="The wrong person.").text
    assert world.kept() == [Decision.DECLINED]
    assert "counts here" in world.maya.post(act, decision="accepted", reason="The right one after all.").text
    saved = world.maya.post(f"{act}/file")
    assert saved.reply.get_data(as_text=True) == token
    assert saved.reply.headers["Content-Disposition"].startswith("attachment")
    assert listed.status == 200

    world.maya.get(world.list)
    assert "Nothing was withdrawn" in world.maya.post(f"{world.list}/look").text
    world.far.revokes(Kind.KNOWLEDGE)
    assert "Something was withdrawn and counts no more" in world.maya.post(f"{world.list}/look").text
    waits = world.maya.get("/staff/people/waiting").text
    assert "1 statement from elsewhere counts no more" in waits
    page = world.maya.get(world.list)
    assert "Withdrawn" in page.text
    refused = world.maya.post(act, decision="accepted", reason="I want it to count.")
    assert (refused.status, "cannot be recognised now" in refused.text) == (400, True)


def test_a_statement_that_is_somebody_elses_by_now_cannot_be_accepted_again(world: World) -> None:
    token = world.far.signed(Kind.KNOWLEDGE).jwt.encode()
    mark = world.marks(world.upload(token))["knowledge"]
    choice = {f"choice-{mark}": "recognise", f"maps-{mark}": "nothing", f"reason-{mark}": "I rang them."}
    world.decide(**choice)
    [mine] = recognised.recognitions(db.session(), world.place.provider.id)
    world.maya.post(f"{world.list}/{mine.uuid}", decision="declined", reason="The wrong person.")
    other = f"/staff/people/{world.place.add('Ngozi Obi').person_uuid}/passport"
    world.upload(token, other)
    world.maya.post(other, step="decide", **choice)
    assert world.kept() == [Decision.DECLINED, Decision.ACCEPTED]

    world.maya.get(world.list)
    refused = world.maya.post(f"{world.list}/{mine.uuid}", decision="accepted", reason="The right one after all.")
    assert (refused.status, "It cannot be of two people" in refused.text) == (400, True)
    assert world.kept() == [Decision.DECLINED, Decision.ACCEPTED]


def test_another_providers_person_statement_and_issuer_are_not_there(world: World, app: Flask) -> None:
    token = world.far.signed(Kind.KNOWLEDGE).jwt
    mark = world.marks(world.upload(token.encode()))["knowledge"]
    world.decide(**{f"choice-{mark}": "recognise", f"maps-{mark}": "nothing", f"reason-{mark}": "I rang them."})
    [one] = recognised.recognitions(db.session(), world.place.provider.id)
    other = set_up("Rowan Homes", "Tom Wells", "tom")
    own = other.add("Grace Bell")
    tom = Secure(app.test_client())
    tom.sign_in("tom", PASSWORD)
    assert tom.get(world.page).status == tom.get(world.list).status == 404
    mine = f"/staff/people/{own.person_uuid}"
    fields = tom.get(f"{mine}/passport").form(f"{mine}/passport")
    for act in (f"{mine}/recognised/{one.uuid}", f"{mine}/recognised/{one.uuid}/file", f"/staff/issuers/{one.uuid}"):
        data = {**fields, "decision": "declined", "reason": "Not mine at all."}
        assert tom.send("POST", act, data=data).status_code == 404, act


def test_pages_cost_the_same_however_many_there_are(world: World) -> None:
    world.upload(presentation(world.far.signed(Kind.KNOWLEDGE).jwt))
    for name in ("Ada", "Bea", "Cleo"):
        world.place.add(name)
    with statements(db.engine) as few:
        world.maya.get("/staff/recognise")
    for number in range(30):
        providers.add_person(db.session(), world.place.provider.id, f"P{number}", (Role.LEARNER,), now=utc_now())
    db.session.commit()
    with statements(db.engine) as many:
        world.maya.get("/staff/recognise")
    assert len(many) == len(few)
    assert re.search("P29", world.maya.get("/staff/recognise").text)
