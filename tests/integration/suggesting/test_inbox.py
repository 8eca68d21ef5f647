"""The inbox takes in what is a suggestion for a module of ours, from anybody, and nothing else; in words, and fast."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app.extensions import db
from app.interop import suggesting
from app.interop.sharing.models import Holding, Source
from app.kernel import new_uuid7, utc_now
from tests.support.suggesting import BETTER, MODULE, WAS, OwnServer, answer, send
from tests.support.website import Browser


@pytest.fixture
def offering(server: OwnServer) -> OwnServer:
    server.offer()
    return server


def words(reply: Any) -> str:
    return str(json.loads(reply.data)["words"])


def test_there_is_no_inbox_where_nothing_is_offered(browser: Browser, server: OwnServer) -> None:
    assert send(browser, server.suggestion()).status_code == 404


def test_a_suggestion_is_taken_in_and_its_receipt_says_what_becomes_of_it(
    browser: Browser, offering: OwnServer
) -> None:
    reply = send(browser, offering.suggestion())

    assert reply.status_code == 201, reply.data
    receipt = json.loads(reply.data)["receipt"]
    assert answer(browser, receipt) == {
        "format": 1,
        "kind": "suggestion-answer",
        "state": "waiting",
        "edition": None,
        "words": None,
    }
    [line] = suggesting.list_received(db.session())
    assert (line.module, line.provider, line.person) == (MODULE, "Bramble Home Care", None)
    assert suggesting.open_received(db.session(), line.number).text.count(BETTER) == 1
    assert "Set-Cookie" not in reply.headers


def test_the_same_one_again_changes_nothing_and_has_the_same_receipt(browser: Browser, offering: OwnServer) -> None:
    """The answer may have been lost on its way."""
    made = offering.suggestion()
    first, second = send(browser, made), send(browser, made)

    assert first.data == second.data
    assert len(suggesting.list_received(db.session())) == 1


def test_other_words_under_the_same_number_are_not_lost_silently(browser: Browser, offering: OwnServer) -> None:
    """The answer was lost on its way, and whoever wrote it took it back, wrote on and sent it once more."""
    made = offering.suggestion()
    send(browser, made)
    for more in ({"text": made["text"] + "\nHold the rail.\n"}, {"reason": "There are five."}):
        reply = send(browser, {**made, **more})
        assert (reply.status_code, "with other words" in words(reply)) == (409, True)
    assert len(suggesting.list_received(db.session())) == 1


def test_nobody_finds_an_answer_by_guessing(browser: Browser, offering: OwnServer) -> None:
    send(browser, offering.suggestion())
    for guess in ("1", "A" * 22, "..%2f..", "a" * 5000):
        assert browser.send("GET", f"/catalogue/suggestions/{guess}.json").status_code == 404


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"module": "no-such-module"}, "is published here"),
        ({"source": "0" * 64}, "reads another way here"),
        ({"edition": 7}, "reads another way here"),
        ({"licence": "CC0-1.0"}, 'is under "CC-BY-4.0"'),
    ],
)
def test_what_is_for_no_text_of_ours_is_not_taken_in(
    browser: Browser, offering: OwnServer, change: dict[str, Any], why: str
) -> None:
    reply = send(browser, offering.suggestion(**change))
    assert (reply.status_code, suggesting.list_received(db.session())) == (409, ())
    assert why in words(reply)


def test_what_changes_nothing_but_our_own_fields_is_no_suggestion(browser: Browser, offering: OwnServer) -> None:
    text = offering.text.replace("licence: CC-BY-4.0", "licence: All rights reserved").replace(
        "edition: 1", "edition: 9"
    )
    assert text != offering.text

    reply = send(browser, offering.suggestion(text=text))

    assert (reply.status_code, words(reply)) == (409, "It changes nothing in the text of the module.")


def test_our_own_fields_are_put_back(browser: Browser, offering: OwnServer) -> None:
    text = offering.text.replace(WAS, BETTER).replace(f"key: {MODULE}", "key: another-module")
    text = text.replace("checked_by:", 'checked_by: "Dr Nobody"', 1).replace("licence: CC-BY-4.0", "licence: mine")

    send(browser, offering.suggestion(text=text))

    [line] = suggesting.list_received(db.session())
    kept = suggesting.open_received(db.session(), line.number).text
    assert kept == offering.text.replace(WAS, BETTER)


def test_a_module_that_is_not_ours_is_sent_on_to_whose_it_is(browser: Browser, offering: OwnServer) -> None:
    now = utc_now()
    source = Source(uuid=new_uuid7(), name="Oak Learning", address="https://oak.example", key="k" * 43, since=now)
    source.manifest, source.made_at, source.looked_at = "{}", now, now
    db.session.add(source)
    db.session.flush()
    db.session.add(Holding(kind="module", key=MODULE, source_id=source.id, since=now))
    db.session.commit()

    reply = send(browser, offering.suggestion())

    assert reply.status_code == 409
    assert "it comes from Oak Learning" in words(reply)


@pytest.mark.parametrize(
    "poison",
    [
        b"",
        b"[]",
        b"null",
        b"not json",
        b"\xff\xfe\x00",
        b'{"format":1,"format":1}',
        b'{"format": 1.0}',
        b"[" * 199_000,
        b'{"a":' * 30_000,
        b'{"text":"' + b"\\u0000" * 30_000 + b'"}',
        b'"' + b"\\" * 198_000,
        b"{" + b",".join(b'"%d":1' % number for number in range(18_000)) + b"}",
    ],
    ids=range(12),
)
def test_200_kb_of_poison_are_refused_in_no_time(browser: Browser, offering: OwnServer, poison: bytes) -> None:
    began = time.process_time()

    reply = send(browser, poison)

    assert time.process_time() - began < 2
    assert reply.status_code == 400
    assert "suggestion" in words(reply)


def test_a_hostile_text_of_full_length_costs_little_to_take_in_and_to_show(
    priya: Browser, browser: Browser, offering: OwnServer
) -> None:
    head = offering.text.split("---\n")[1]
    for body in ("> " * 29_000, "a\n" * 29_000, "### Question: x\n" * 3_600, "[" * 58_000, "<script>alert(1)</script>"):
        made = offering.suggestion(text=f"---\n{head}---\n\n{body}")
        began = time.process_time()
        assert send(browser, made).status_code == 201
        number = max(line.number for line in suggesting.list_received(db.session()))
        page = priya.get(f"/staff/suggestions/{number}")
        # What grows with the square of the length takes minutes.
        assert time.process_time() - began < 15
        assert page.status == 200
        assert page.all(".//main//script") == []


def test_what_is_too_large_is_not_read(browser: Browser, offering: OwnServer) -> None:
    reply = send(browser, b" " * (suggesting.LARGEST_SUGGESTION + 1))
    assert reply.status_code == 413
    assert send(browser, offering.suggestion(text="é" * 40_000)).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "ok"},
        {"reason": "x" * 1001},
        {"reason": "a\x07b c"},
        {"by": {"provider": ""}},
        {"by": {"provider": "x" * 121}},
        {"by": {"person": "a\nb"}},
        {"format": 2},
        {"kind": "catalogue"},
        {"id": "1"},
        {"text": ""},
    ],
    ids=str,
)
def test_what_has_not_the_documented_shape_is_refused(
    browser: Browser, offering: OwnServer, change: dict[str, Any]
) -> None:
    made = offering.suggestion(**change)
    reply = send(browser, made)
    assert reply.status_code == 400
    assert "not a suggestion we can read" in words(reply)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made, suggesting.schema(), format_checker=jsonschema.FormatChecker())


def test_a_form_of_another_site_is_no_suggestion(browser: Browser, offering: OwnServer) -> None:
    reply = send(browser, offering.suggestion(), content_type="text/plain")
    assert reply.status_code == 415


def test_one_address_sends_only_so_many_an_hour(browser: Browser, offering: OwnServer) -> None:
    for _ in range(20):
        assert send(browser, b"{}").status_code == 400

    reply = send(browser, offering.suggestion())

    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) <= 3600
    assert suggesting.list_received(db.session()) == ()


def test_a_full_inbox_says_so_and_has_room_again_once_some_are_decided(
    browser: Browser, offering: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.interop.suggesting.receiving.MOST_WAITING", 2)
    for _ in range(2):
        assert send(browser, offering.suggestion()).status_code == 201

    reply = send(browser, offering.suggestion())

    assert (reply.status_code, words(reply)) == (503, "2 suggestions wait to be read here. Try again in a week.")
    [first, _] = suggesting.list_received(db.session())
    suggesting.decide(db.session(), first.number, suggesting.What.NOT_TAKEN, words="Not so.", now=utc_now())
    db.session.commit()
    assert send(browser, offering.suggestion()).status_code == 201


def test_whoever_wants_to_be_named_to_us_is_forgotten_with_the_decision(browser: Browser, offering: OwnServer) -> None:
    send(browser, offering.suggestion(by={"person": "Amina Diallo"}))
    [line] = suggesting.list_received(db.session())
    assert line.person == "Amina Diallo"

    suggesting.decide(db.session(), line.number, suggesting.What.NOT_TAKEN, words="Not so.", now=utc_now())
    db.session.commit()

    [line] = suggesting.list_received(db.session())
    assert line.person is None


def test_it_is_taken_once_the_edition_it_comes_out_in_is_published(browser: Browser, offering: OwnServer) -> None:
    receipt = json.loads(send(browser, offering.suggestion()).data)["receipt"]
    [line] = suggesting.list_received(db.session())
    suggesting.decide(db.session(), line.number, suggesting.What.TAKEN, planned=2, now=utc_now())
    db.session.commit()
    assert answer(browser, receipt)["state"] == "waiting"

    offering.publish((WAS, BETTER), edition=2)

    told = answer(browser, receipt)
    assert (told["state"], told["edition"]) == ("taken", 2)


def test_the_schema_that_is_documented_is_the_one_the_inbox_goes_by(browser: Browser, offering: OwnServer) -> None:
    docs = Path(__file__).parents[3] / "docs/catalogue-suggestion.schema.json"
    schema = json.loads(docs.read_text(encoding="utf-8"))
    assert schema == suggesting.schema(), "write it again: docs/sharing.md says how"
    jsonschema.validate(offering.suggestion(), schema, format_checker=jsonschema.FormatChecker())
