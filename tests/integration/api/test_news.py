"""What is new, in one reply that holds nothing the phone has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import catalogue, learning, providers
from app.catalogue import figures, folded
from app.content import DocumentInfo
from app.content.models import Edition
from app.content.service import withdraw
from app.content.used_words import words_in, words_used
from app.kernel import utc_now
from app.sync.digest import NOTHING, with_ids
from tests.support.api import Caller
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.world import add_person, add_phone, add_provider

WORD = "0123456789abcdef"


@pytest.fixture
def shas(inside: Session) -> dict[str, str]:
    publish_core(inside)
    return {key: publish(inside, edition(key=key)) for key in ("a-module", "another", "a-third")}


@pytest.fixture
def other(app: Flask, inside: Session) -> Caller:
    """A phone of somebody else's at another provider."""
    member = add_person(inside, add_provider(inside, "Elm Court"), "Tom Reed")
    return Caller(app, add_phone(inside, member, now=utc_now()))


def ask_for(inside: Session, caller: Caller, *modules: str) -> None:
    for module in modules:
        learning.assign(inside, caller.phone.provider_id, caller.phone.person_id, module, due=None, now=utc_now())
    inside.commit()


class Knows:
    """A phone as far as it remembers what came."""

    def __init__(self, caller: Caller, inside: Session) -> None:
        self.caller, self.inside = caller, inside
        self.words, self.own, self.others = "..", figures([]), folded(figures([]))

    def ask(self) -> dict[str, Any] | None:
        """What is new; None for nothing. From then on it is known."""
        here = f"{self.words}.{self.own}.{self.others}"
        reply = self.caller.get("/news", self.caller.phone.read, **{"BV-Here": here})
        if reply.status_code == 204:
            assert "Content-Security-Policy" not in reply.headers, "nothing came that it could speak of"
            return None
        found: dict[str, Any] = reply.json  # type: ignore[assignment]
        self.words, self.others = found["here"], found["library"]
        asked = {
            row.module
            for row in learning.assignments_of(
                self.inside, self.caller.phone.provider_id, (self.caller.phone.person_id,)
            )
        }
        listing = catalogue.listing(self.inside, self.caller.phone.provider_id)
        self.own = figures([offer.edition for offer in listing.offers if offer.edition.key in asked])
        return found


@pytest.fixture
def phone(caller: Caller, inside: Session, shas: dict[str, str]) -> Knows:
    ask_for(inside, caller, "a-module")
    return Knows(caller, inside)


def listed(parts: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    return {each["key"]: each for part in parts.values() for each in part}


def test_who_has_nothing_gets_all_that_concerns_them(phone: Knows, shas: dict[str, str]) -> None:
    found = phone.ask()

    assert found is not None
    assert found["state"]["person"]["name"] == "Ngozi Obi"
    assert [row["module"] for row in found["state"]["assignments"]] == ["a-module"]
    assert "catalogue" not in found["state"]
    assert found["about"]["withdrawn"] == []
    own = listed(found["own"])
    assert own.keys() == {"a-module"}
    assert (own["a-module"]["sha"], bool(own["a-module"]["summary"])) == (shas["a-module"], True)


def test_who_has_everything_is_sent_nothing(phone: Knows) -> None:
    phone.ask()

    assert phone.ask() is None


def test_one_changed_module_brings_its_entry_alone(phone: Knows, inside: Session, shas: dict[str, str]) -> None:
    phone.ask()
    newer = publish(inside, edition(key="a-module", number=2))

    found = phone.ask()

    assert found is not None
    assert found.keys() - {"proto", "server", "here", "library"} == {"own"}
    assert [each["sha"] for each in listed(found["own"]).values()] == [newer]
    assert phone.ask() is None


def test_a_module_of_the_others_changes_one_figure(phone: Knows, inside: Session, shas: dict[str, str]) -> None:
    first = phone.ask()
    publish(inside, edition(key="another", number=2))

    found = phone.ask()

    assert found is not None
    assert first is not None
    assert found.keys() == {"proto", "server", "here", "library"}
    assert found["library"] != first["library"]


def test_the_others_come_in_the_parts_that_differ(phone: Knows, inside: Session, shas: dict[str, str]) -> None:
    caller = phone.caller
    whole = listed(caller.get("/library", caller.phone.read).json["parts"])  # type: ignore[index]
    assert whole.keys() == {"another", "a-third"}
    offers = [offer.edition for offer in catalogue.listing(inside, caller.phone.provider_id).offers]
    known = figures([each for each in offers if each.key != "a-module"])
    assert caller.get("/library", caller.phone.read, **{"BV-Here": known}).json["parts"] == {}  # type: ignore[index]
    newer = publish(inside, edition(key="another", number=2))

    found = caller.get("/library", caller.phone.read, **{"BV-Here": known}).json["parts"]  # type: ignore[index]

    assert {each["sha"] for each in listed(found).values()} - {shas["a-third"]} == {newer}


def test_what_is_asked_for_from_now_on_is_no_longer_among_the_others(phone: Knows, inside: Session) -> None:
    phone.ask()
    ask_for(inside, phone.caller, "another")

    found = phone.ask()

    assert found is not None
    assert "another" in listed(found["own"])
    assert "state" in found
    assert "about" not in found
    whole = listed(phone.caller.get("/library", phone.caller.phone.read).json["parts"])  # type: ignore[index]
    assert whole.keys() == {"a-third"}


def test_a_withdrawal_is_told(phone: Knows, inside: Session, shas: dict[str, str]) -> None:
    phone.ask()
    withdraw(inside, "a-module", 1, reason="Wrong.", safety=True, now=utc_now())
    inside.commit()

    found = phone.ask()

    assert found is not None
    assert [each["sha"] for each in found["about"]["withdrawn"]] == [shas["a-module"]]
    assert listed(found["own"]) == {}


def test_what_the_phone_sent_comes_back_and_nothing_else(phone: Knows, shas: dict[str, str]) -> None:
    phone.ask()
    caller = phone.caller
    caller.send(caller.phone.answered(shas["a-module"], {"first-thing": ["b"]}, at=utc_now().isoformat()))

    found = phone.ask()

    assert found is not None
    assert found.keys() - {"proto", "server", "here", "library"} == {"state"}


def held(caller: Caller, asked: str) -> str | None:
    return caller.get("/news", caller.phone.read, **{"BV-Held": asked}).headers.get("BV-Held")


def test_what_is_held_for_a_phone_is_compared_without_a_batch(caller: Caller, shas: dict[str, str]) -> None:
    records = [caller.phone.record(), caller.phone.record()]
    for record in records:
        caller.send(record)
    before = utc_now()

    told = held(caller, f"{WORD} {caller.phone.dev}")

    expected = with_ids(NOTHING, [each["id"] for each in records])
    assert told is not None
    word, now, figure = told.split(" ")
    assert (word, figure) == (WORD, f"{expected.n}:{expected.x}")
    assert abs(int(now) / 1000 - before.timestamp()) < timedelta(minutes=1).total_seconds()


def test_nothing_is_said_of_a_phone_that_is_not_theirs(caller: Caller, other: Caller, shas: dict[str, str]) -> None:
    other.send(other.phone.record())

    told = held(caller, f"{WORD} {other.phone.dev}")

    assert told is not None
    assert told.split(" ")[2] == f"{NOTHING.n}:{NOTHING.x}"


@pytest.mark.parametrize("asked", ["", "short", "0123456789ABCDEF", f"{WORD} not-a-phone", f"{WORD}\t"])
def test_a_question_that_cannot_be_read_is_not_answered(caller: Caller, shas: dict[str, str], asked: str) -> None:
    assert held(caller, asked) is None


def test_a_phone_with_nothing_sent_still_learns_the_time(caller: Caller, shas: dict[str, str]) -> None:
    told = held(caller, WORD)

    assert told is not None
    assert len(told.split(" ")) == 2


@pytest.mark.parametrize("here", ["", "....", "x", "a.b.c.d.e.f.g", "." * 50, "0" * 3000])
def test_what_is_said_to_be_here_is_only_ever_compared(phone: Knows, here: str) -> None:
    caller = phone.caller
    found = caller.get("/news", caller.phone.read, **{"BV-Here": here}).json

    assert found is not None
    assert "a-module" in listed(found["own"])


def test_only_whoever_may_read_is_told(caller: Caller, shas: dict[str, str]) -> None:
    for path in ("/news", "/library"):
        assert caller.get(path).status_code == 401
        assert caller.get(path, caller.phone.append).status_code == 401


def test_a_providers_own_module_concerns_all_its_people_and_nobody_else(
    caller: Caller, other: Caller, inside: Session, shas: dict[str, str]
) -> None:
    row = inside.get(Edition, shas["another"])
    provider = providers.find_provider(inside, caller.phone.provider_id)
    assert row is not None
    assert provider is not None
    row.audience = provider.uuid
    inside.commit()

    mine = caller.get("/news", caller.phone.read).json
    theirs = [other.get(path, other.phone.read).get_data(as_text=True) for path in ("/news", "/library")]

    assert mine is not None
    assert listed(mine["own"])["another"]["private"] is True
    assert not [text for text in theirs if shas["another"] in text]
    assert shas["a-third"] in theirs[1]


GLOSSARY = {"stroke": "A.", "care plan": "B.", "act": "C.", "fall": "D.", "N.H.S.": "E."}


def test_words_are_found_as_the_phone_finds_them() -> None:
    found = words_in(GLOSSARY, "<p>Two <b>Strokes</b>&nbsp;and a care\n plan. An activity; the N.H.S.</p>")

    assert found == {"stroke", "care plan", "N.H.S."}


def test_meanings_are_of_the_words_in_these_lessons(inside: Session, shas: dict[str, str]) -> None:
    body = edition(key="falling")
    lesson = next(part for part in body["parts"] if part["kind"] == "lesson")
    lesson["html"] = "<p>After a fall, read the care plan.</p>"
    sha = publish(inside, body)
    glossary = DocumentInfo(sha="9" * 64, kind="glossary", name="en", bytes=1, data={"words": GLOSSARY})

    assert words_used(inside, glossary, [sha, shas["another"]]) == {"care plan": "B.", "fall": "D."}
    assert words_used(inside, glossary, [shas["another"]]) == {}
    assert words_used(inside, glossary, []) == {}
