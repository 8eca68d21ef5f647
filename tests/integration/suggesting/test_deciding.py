"""The publisher's desk reads a suggestion, takes it up as a draft, or says why not; and it becomes an edition."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID

import pytest

from app import audit, authoring, providers
from app.content import queries as content
from app.extensions import db
from app.interop import suggesting
from app.interop.suggesting import SuggestingError
from app.kernel import utc_now
from tests.support.suggesting import BETTER, MODULE, REASON, WAS, OwnServer, answer, send
from tests.support.website import Browser, Page, Place


@pytest.fixture
def offering(server: OwnServer) -> OwnServer:
    server.offer()
    return server


def came(browser: Browser, server: OwnServer, **changes: Any) -> tuple[int, str]:
    """Send a suggestion; returns its number and receipt."""
    reply = send(browser, server.suggestion(**changes))
    assert reply.status_code == 201, reply.data
    receipt = json.loads(reply.data)["receipt"]
    return suggesting.number_of(db.session(), receipt), receipt


def take_up(priya: Browser, number: int) -> str:
    """Make a draft of it; returns the address of its editor."""
    priya.get(f"/staff/suggestions/{number}")
    page = priya.post(f"/staff/suggestions/{number}/draft")
    assert "It is a draft now." in page.text
    return str(page.reply.request.path)


def check_facts(priya: Browser, draft: str) -> Page:
    """Send the draft to review and note who checked; leads to where it goes on."""
    priya.get(f"{draft}/review")
    priya.post(f"{draft}/review")
    return priya.post(f"{draft}/checked", name="Lee Park", role="physiotherapist")


def folder(priya: Browser, number: int, change: str = "minor") -> zipfile.ZipFile:
    """Save the folder of the next edition."""
    at = f"/staff/suggestions/{number}/folder"
    fields = priya.get(f"/staff/suggestions/{number}").form(at)
    reply = priya.send("POST", at, data={**fields, "change": change})
    assert reply.mimetype == "application/zip", reply.get_data(as_text=True)
    return zipfile.ZipFile(io.BytesIO(reply.data))


def test_a_suggestion_becomes_a_draft_an_edition_and_an_answer(
    priya: Browser, bramble: Place, offering: OwnServer
) -> None:
    number, receipt = came(priya, offering, by={"provider": "Oak Care"})
    page = priya.get(f"/staff/suggestions/{number}")
    assert REASON in page.text
    assert [each.text for each in page.all(".//dd")].count("Oak Care") == 2
    assert "Anybody can send a suggestion and call themselves what they like." in page.text

    draft = take_up(priya, number)
    assert f"suggestion {number}" in priya.get(draft).text
    assert "Save the folder" not in priya.get(f"/staff/suggestions/{number}").text
    page = check_facts(priya, draft)
    assert page.heading == f"Suggestion {number}: On the landing"
    with folder(priya, number) as archive:
        place = f"packs/thistle/doors/{MODULE}"
        assert sorted(archive.namelist()) == [f"{place}/module.md", f"{place}/stairs.svg"]
        archive.extractall(offering.shelf.root)
    assert answer(priya, receipt)["state"] == "waiting"
    assert "once that is published" in priya.get(f"/staff/suggestions/{number}").text
    offering.publish_folder()

    assert (answer(priya, receipt)["state"], answer(priya, receipt)["edition"]) == ("taken", 2)
    newest = content.editions_of(db.session(), MODULE)[-1]
    quiz = content.quiz(db.session(), newest.sha)
    assert quiz is not None
    assert (newest.number, newest.change, newest.checked_by) == (2, "minor", "Lee Park, physiotherapist")
    assert quiz.edition["credits"] == ["Oak Care"]
    assert BETTER in offering.text
    assert "with words by Oak Care" in priya.get(f"/staff/modules/{MODULE}").text
    said = {each.action for each in audit.entries(db.session(), limit=50)}
    assert {"suggestion.taken-up", "suggestion.taken"} <= said


def test_who_does_not_want_to_be_named_is_not(priya: Browser, bramble: Place, offering: OwnServer) -> None:
    number, _ = came(priya, offering, by={"credit": False})
    check_facts(priya, take_up(priya, number))
    with folder(priya, number, "major") as archive:
        text = archive.read(f"packs/thistle/doors/{MODULE}/module.md").decode()

    assert "credits" not in text
    assert "change: major" in text


def test_a_draft_of_a_suggestion_is_not_published_as_a_module_of_ones_own(
    priya: Browser, bramble: Place, offering: OwnServer
) -> None:
    number, _ = came(priya, offering)
    draft = take_up(priya, number)
    check_facts(priya, draft)

    page = priya.get(f"{draft}/publish")

    assert page.heading == f"Suggestion {number}: On the landing"
    assert "It goes on here once its facts are checked." in page.text
    token = page.form("/staff/sign-out")
    assert priya.send("POST", f"{draft}/publish", data={**token, "change": "major", "revision": "1"}).status_code == 302
    assert {each.key for each in content.all_editions(db.session(), bramble.provider.uuid)} == {MODULE}


def test_without_a_check_of_the_facts_there_is_no_folder(priya: Browser, bramble: Place, offering: OwnServer) -> None:
    number, _ = came(priya, offering)
    take_up(priya, number)
    token = priya.get("/staff/suggestions").form("/staff/sign-out")

    reply = priya.send("POST", f"/staff/suggestions/{number}/folder", data={**token, "change": "minor"})

    assert reply.status_code == 409
    assert "Nobody has checked the facts of its draft yet." in reply.get_data(as_text=True)


def test_what_is_not_taken_is_told_with_the_reason_and_can_be_looked_at_again(
    priya: Browser, bramble: Place, offering: OwnServer
) -> None:
    number, receipt = came(priya, offering)
    at = f"/staff/suggestions/{number}"
    priya.get(at)
    page = priya.post(f"{at}/decline", why="")
    assert page.status == 400
    assert "Say why, in 3 to 500 characters." in page.text

    priya.post(f"{at}/decline", why="Most stairs have more than five.")

    told = answer(priya, receipt)
    assert (told["state"], told["words"]) == ("not-taken", "Most stairs have more than five.")
    priya.get(at)
    assert "It waits again." in priya.post(f"{at}/decline", again="yes").text
    assert answer(priya, receipt)["state"] == "waiting"
    assert "Take it up as a draft" in priya.get(at).text


def test_a_module_that_moved_on_is_put_together_with_the_suggestion(
    priya: Browser, bramble: Place, offering: OwnServer
) -> None:
    number, _ = came(priya, offering)
    offering.publish(("Hurry", "Rush"), edition=2)

    page = priya.get(f"/staff/suggestions/{number}")

    assert "edition 1. The newest is edition 2" in page.text
    assert "What that does to today’s text" in page.text
    draft = take_up(priya, number)
    text = str(authoring.open_draft(db.session(), bramble.provider.id, _uuid(draft)).text)
    assert BETTER in text
    assert "Rush" in text
    check_facts(priya, draft)
    with folder(priya, number) as archive:
        archive.extractall(offering.shelf.root)
    offering.publish_folder()
    assert "edition: 3" in offering.text


def test_lines_that_both_changed_stay_as_they_are_today_and_are_told(
    priya: Browser, bramble: Place, offering: OwnServer
) -> None:
    number, _ = came(priya, offering)
    offering.publish((WAS, "ninth stair"), edition=2)

    page = priya.get(f"/staff/suggestions/{number}")

    assert "1 place was changed on both sides since." in page.text
    draft = take_up(priya, number)
    view = authoring.open_draft(db.session(), bramble.provider.id, _uuid(draft))
    assert ("ninth stair" in view.text, BETTER in view.text) == (True, False)
    [said] = authoring.comments(db.session(), bramble.provider.id, view.uuid)
    assert BETTER in said.text
    assert "ninth stair" in said.quote


def test_an_edition_that_came_out_after_the_draft_was_begun_stops_it(
    priya: Browser, bramble: Place, offering: OwnServer
) -> None:
    number, _ = came(priya, offering)
    check_facts(priya, take_up(priya, number))
    offering.publish(("Hurry", "Rush"), edition=2)

    with pytest.raises(SuggestingError, match="Edition 2 came out since its draft was begun"):
        suggesting.next_edition(db.session(), number, bramble.provider.id, change="minor")

    priya.get(f"/staff/suggestions/{number}")
    priya.post(f"/staff/suggestions/{number}/decline", again="yes")
    check_facts(priya, take_up(priya, number))
    made = suggesting.next_edition(db.session(), number, bramble.provider.id, change="minor")
    assert made.number == 3
    assert b"Rush" in made.files["module.md"]


def test_a_file_that_was_handed_over_is_read_in(priya: Browser, bramble: Place, server: OwnServer) -> None:
    """Also where nothing is offered to other servers."""
    page = priya.get("/staff/suggestions")
    assert "Other servers can send them once this one offers packs to them." in page.text
    token = page.form("/staff/suggestions/from-file")

    def hand_over(body: bytes) -> Any:
        data = {**token, "file": (io.BytesIO(body), "suggestion.json")}
        return priya.send("POST", "/staff/suggestions/from-file", data=data, content_type="multipart/form-data")

    assert "This is not a suggestion" in hand_over(b"Dear all,").get_data(as_text=True)
    reply = hand_over(json.dumps(server.suggestion()).encode())

    assert reply.status_code == 302
    assert priya.get(reply.headers["Location"]).heading == "Suggestion 1: On the landing"


def test_where_several_share_a_server_no_desk_looks_after_everybodys_modules(
    priya: Browser, bramble: Place, offering: OwnServer
) -> None:
    number, _ = came(priya, offering)
    providers.add_provider(db.session(), "Oak Care", contact="Sam", now=utc_now())
    db.session.commit()

    assert priya.get(f"/staff/suggestions/{number}").status == 404
    page = priya.get("/staff/suggestions")
    assert "To your modules" not in page.text
    token = page.form("/staff/sign-out")
    for act in ("draft", "decline", "folder"):
        assert priya.send("POST", f"/staff/suggestions/{number}/{act}", data=token).status_code == 404
    assert "suggestion waits" not in priya.get("/staff/modules").text


def test_words_of_a_stranger_are_words_on_our_pages(priya: Browser, bramble: Place, offering: OwnServer) -> None:
    evil = "<script>alert(1)</script>"
    text = offering.text.replace(WAS, evil)
    number, _ = came(priya, offering, text=text, reason=evil, by={"provider": evil, "person": evil})

    for at in (f"/staff/suggestions/{number}", "/staff/suggestions"):
        page = priya.get(at)
        assert evil in page.text
        assert page.all(".//main//script") == []


def _uuid(editor: str) -> UUID:

    return UUID(editor.rpartition("/")[2])
