"""A trainer suggests other words for a module that others publish: written, checked, compared, sent or saved."""

from __future__ import annotations

import json

import jsonschema
import pytest

from app import audit, identity
from app.content import queries as content
from app.extensions import db
from app.interop import suggesting
from app.interop.sharing.models import Holding, Source
from app.interop.suggesting import State
from app.kernel import new_uuid7, utc_now
from app.providers import Role
from tests.support.statements import statements
from tests.support.suggesting import BETTER, MODULE, REASON, WAS, OwnServer
from tests.support.website import PASSWORD, Browser, Place, set_up, sign_in


def begin(priya: Browser) -> str:
    """Begin a suggestion on the module's page; returns the address of its page."""
    priya.get(f"/staff/modules/{MODULE}")
    page = priya.post(f"/staff/modules/{MODULE}/suggest")
    assert page.heading == "Suggestion for On the landing"
    return str(page.reply.request.path)


def fill(priya: Browser, at: str, server: OwnServer, **more: str) -> None:
    priya.get(at)
    text = server.text.replace(WAS, BETTER)
    assert priya.post(at, **{"text": text, "reason": REASON, "credit": "yes", **more}).status == 200


def came_from_elsewhere(address: str | None = "https://oak.example") -> None:
    """As if the module had been taken from another server."""
    now = utc_now()
    source = Source(uuid=new_uuid7(), name="Oak Learning", address=address, key="k" * 43, since=now)
    source.manifest, source.made_at, source.looked_at = "{}", now, now
    db.session.add(source)
    db.session.flush()
    db.session.add(Holding(kind="module", key=MODULE, source_id=source.id, since=now))
    db.session.commit()


def own(bramble: Place) -> suggesting.SuggestionLine:
    db.session.rollback()
    return suggesting.list_own(db.session(), bramble.provider.id)[0]


def test_the_modules_page_says_who_publishes_it_under_which_licence(priya: Browser, server: OwnServer) -> None:
    came_from_elsewhere()
    page = priya.get(f"/staff/modules/{MODULE}")
    assert "Published by Thistle Training, from the catalogue of Oak Learning." in page.text
    assert "Licence: Creative Commons Attribution 4.0. Share and adapt it, and name who made it." in page.text
    assert "Suggest them to Oak Learning." in page.text


def test_the_difference_and_the_check_are_shown_in_words(priya: Browser, server: OwnServer) -> None:
    at = begin(priya)
    assert "Nothing yet. Change the words above, then save." in priya.get(at).text

    fill(priya, at, server, text=server.text.replace(WAS, BETTER).replace("pass: 80", "pass: 800"))

    page = priya.get(at)
    assert "Taken out: " in page.text
    assert [each for each in page.all(".//ins") if BETTER in "".join(each.itertext())]
    assert [each for each in page.all(".//del") if WAS in "".join(each.itertext())]
    assert "To mend, line" in page.text
    assert "under its own licence: Creative Commons Attribution 4.0" in page.text


def test_our_own_servers_publisher_has_it_at_once(priya: Browser, bramble: Place, server: OwnServer) -> None:
    at = begin(priya)
    fill(priya, at, server, do="send")

    page = priya.get(at)
    assert "Thistle Training has it since today" in page.text
    assert not page.all(".//textarea")
    [came] = suggesting.list_received(db.session())
    assert (came.provider, came.person, came.reason) == ("Bramble Home Care", None, REASON)
    assert "Your suggestion for edition 1" in priya.get(f"/staff/modules/{MODULE}").text
    assert "1 suggestion waits" in priya.get("/staff/modules").text
    assert "1 suggestion waits for somebody to read it" in priya.get("/staff/people/waiting").text


def test_a_persons_name_goes_along_only_if_they_tick_it(priya: Browser, server: OwnServer) -> None:
    at = begin(priya)
    fill(priya, at, server, do="send", person="yes")

    [came] = suggesting.list_received(db.session())
    assert came.person == "Priya Nair"


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(priya: Browser, server: OwnServer) -> None:
    at = begin(priya)
    priya.get(at)
    page = priya.post(at, text=server.text.replace(WAS, BETTER), reason="", do="send")

    assert page.status == 422
    assert "Say why, in 3 to 1,000 characters." in page.text
    [area] = [each for each in page.all(".//textarea") if each.get("id") == "text"]
    assert BETTER in "".join(area.itertext())
    assert suggesting.list_received(db.session()) == ()
    page = priya.post(at, text=server.text, reason=REASON, do="file")
    assert page.status == 422
    assert "Nothing is changed yet." in page.text


def test_what_waits_for_the_worker_can_be_taken_back(priya: Browser, bramble: Place, server: OwnServer) -> None:
    came_from_elsewhere()
    at = begin(priya)
    fill(priya, at, server, do="send", person="yes")
    assert own(bramble).state is State.SENDING
    assert len(suggesting.to_send(db.session(), now=utc_now())) == 1

    priya.get(at)
    page = priya.post(f"{at}/take-back")

    assert "It is not sent. You can write on." in page.text
    assert own(bramble).state is State.WRITING
    assert suggesting.to_send(db.session(), now=utc_now()) == ()


def test_where_a_catalogue_comes_by_file_so_does_a_suggestion(
    priya: Browser, bramble: Place, server: OwnServer
) -> None:
    came_from_elsewhere(address=None)
    at = begin(priya)
    assert "Hand the file to them." in priya.get(at).text
    text = server.text.replace(WAS, BETTER)

    reply = priya.send(
        "POST", at, data={**priya.get(at).form(at), "text": text, "reason": REASON, "credit": "yes", "do": "file"}
    )

    assert reply.headers["Content-Disposition"] == f"attachment; filename={MODULE}-suggestion.json"
    made = json.loads(reply.data)
    jsonschema.validate(made, suggesting.schema())
    assert suggesting.read(reply.data).text == text
    assert made["by"] == {"provider": "Bramble Home Care", "person": None, "credit": True}
    fill(priya, at, server)
    page = priya.post(at, text=text, reason=REASON, do="send")
    assert "It cannot be sent from here." in page.text


def test_another_providers_suggestion_does_not_exist(priya: Browser, browser: Browser, server: OwnServer) -> None:
    at = begin(priya)
    fill(priya, at, server)
    set_up("Oak Care", "Sam Oak", "sam")
    other = Browser(browser.client.application.test_client())
    sign_in(other, "sam", PASSWORD)

    assert other.get(at).status == 404
    assert other.get("/staff/suggestions").text.count("On the landing") == 0
    token = other.get("/staff/modules").form("/staff/sign-out")
    for action in (at, f"{at}/take-back", f"{at}/put-away"):
        assert other.send("POST", action, data=token).status_code == 404


def test_an_own_module_and_one_of_unknown_licence_are_not_suggested_for(
    priya: Browser, bramble: Place, server: OwnServer
) -> None:
    server.shelf.module("our-rules", ("licence: CC-BY-4.0", "licence: All rights reserved"))
    server.publish_folder()

    page = priya.get("/staff/modules/our-rules")

    assert "Suggest a change" not in page.text
    assert "Licence: All rights reserved." in page.text


def test_what_is_put_away_comes_back(priya: Browser, bramble: Place, server: OwnServer) -> None:
    at = begin(priya)
    fill(priya, at, server)
    priya.get("/staff/suggestions")
    assert "It is put away." in priya.post(f"{at}/put-away").text
    assert own(bramble).away
    assert "It is back." in priya.post(f"{at}/put-away", back="yes").text
    assert not own(bramble).away
    said = {each.action for each in audit.entries(db.session(), limit=20)}
    assert {"suggestion.written", "suggestion.put-away"} <= said


def test_an_assessor_has_no_suggestions(browser: Browser, bramble: Place, server: OwnServer) -> None:
    tess = bramble.add("Tess Quick", Role.ASSESSOR)
    identity.set_sign_in_name(db.session(), tess.person_id, "tess")
    identity.set_password(db.session(), tess.person_id, PASSWORD)
    db.session.commit()
    sign_in(browser, "tess")

    assert browser.get("/staff/suggestions").status == 403
    assert "Suggestions" not in browser.get("/staff/modules").text


def some(bramble: Place, server: OwnServer, many: int) -> None:
    """So many suggestions, written and sent to this server itself; committed."""
    session, provider, now = db.session(), bramble.provider.id, utc_now()
    [edition] = content.editions_of(session, MODULE)
    for _ in range(many):
        uuid = suggesting.start(session, provider, edition, now=now)
        text = server.text.replace(WAS, f"{BETTER} {uuid}")
        suggesting.save(session, provider, uuid, text=text, reason=REASON, credit=True, now=now)
        raw = suggesting.as_file(session, provider, uuid, provider="Bramble", person=None, now=now)
        receipt = suggesting.receive(session, suggesting.read(raw), came="here", now=now)
        suggesting.sent(session, provider, uuid, receipt, now=now)
    session.commit()


@pytest.mark.parametrize("page", ["/staff/suggestions", "/staff/modules", f"/staff/modules/{MODULE}"])
def test_a_page_asks_no_more_for_many_than_for_one(
    priya: Browser, bramble: Place, server: OwnServer, page: str
) -> None:
    some(bramble, server, 1)
    priya.get(page)
    with statements(db.engine) as few:
        priya.get(page)
    some(bramble, server, 10)
    with statements(db.engine) as many:
        priya.get(page)
    assert len(many) == len(few)
