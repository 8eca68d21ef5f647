"""What a phone is told does not depend on which questions were left out, or on what was remembered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import catalogue, recognised, supervision
from app.catalogue import queries
from app.content.service import withdraw
from app.extensions import db
from app.kernel import utc_now
from app.recognised import Decision, Stands
from app.supervision import MeetingKind, Period, Unit
from app.web.api import state as asked
from tests.support.api import Caller
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.recognition import statement
from tests.support.statements import statements
from tests.support.whole_person import whole_person
from tests.support.world import add_provider


class _AskEverything:
    """As though there were something of everything."""

    def first(self, _session: Session, **_parameters: Any) -> Any:
        names = (name for part in asked._PARTS for name in part.ANY_OF_ONE)
        return SimpleNamespace(**dict.fromkeys(names, True))


def told(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/state", caller.phone.read).json  # type: ignore[assignment]
    return found | {"now": ""}


@pytest.fixture
def whole(app: Flask, inside: Session) -> Caller:
    _, phone = whole_person(inside, add_provider(inside, "Elm Court"))
    inside.commit()
    return Caller(app, phone)


def test_there_is_something_of_everything_of_somebody_of_whom_there_is(inside: Session, whole: Caller) -> None:
    phone = whole.phone
    found = asked._ANY.first(inside, provider=phone.provider_id, person=phone.person_id, person_uuid=phone.person_uuid)
    # A provider's own habit is nothing of a person, and what was recognised has a test of its own.
    assert {name for name, there in found._asdict().items() if not there} <= {"periods", "held"}


@pytest.mark.parametrize("who", ["caller", "whole"])
def test_what_was_not_asked_had_no_answer(
    who: str, request: pytest.FixtureRequest, inside: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_core(inside)
    publish(inside, edition())
    one: Caller = request.getfixturevalue(who)
    short = told(one)
    monkeypatch.setattr(asked, "_ANY", _AskEverything())

    whole_way = told(one)

    if who == "caller":
        # Where nobody was ever named an assessor phones fetch nothing for it, which this one cannot know.
        whole_way["practice"] = None
    assert short == whole_way


def test_what_a_provider_recognised_and_how_often_it_meets_reach_the_phone(caller: Caller, inside: Session) -> None:
    publish_core(inside)
    publish(inside, edition(key="a-module"))
    here, me, now = caller.phone.provider_id, caller.phone.person_id, utc_now()
    before = told(caller)
    kept = recognised.keep(inside, here, me, statement(), now=now, by=me)
    stands = Stands(modules=("a-module",))
    recognised.decide(inside, here, me, kept, Decision.ACCEPTED, "Seen.", stands=stands, now=now, by=me)
    never = Period(every=None, unit=Unit.MONTHS)
    supervision.set_period(inside, here, MeetingKind.SUPERVISION, never, now=now, by=me)
    inside.commit()

    after = told(caller)

    assert ("a-module" in before["modules"], "a-module" in after["modules"]) == (False, True)
    assert [[each["kind"] for each in found["meetings"]] for found in (before, after)] == [
        ["supervision", "appraisal"],
        ["appraisal"],
    ]


def test_a_phone_with_nothing_new_is_answered_in_fewer_than_fifteen_statements(
    caller: Caller, inside: Session, app: Flask
) -> None:
    publish_core(inside)
    publish(inside, edition())
    engine: Engine = db.engine
    caller.get("/news", caller.phone.read)

    with statements(engine) as sent:
        caller.get("/news", caller.phone.read)

    assert len([each for each in sent if each.lstrip().startswith("SELECT")]) < 15


def test_a_list_that_is_remembered_is_the_one_made_anew(caller: Caller, inside: Session) -> None:
    publish_core(inside)
    shas = [publish(inside, edition(key=key)) for key in ("a-module", "another")]
    here, elsewhere = caller.phone.provider_id, add_provider(inside, "Elm Court").id
    before = catalogue.listing(inside, here)
    assert catalogue.listing(inside, here) is before

    withdraw(inside, "a-module", 1, reason="It said the opposite.", safety=True, now=utc_now())
    inside.commit()

    for provider in (here, elsewhere):
        after = catalogue.listing(inside, provider)
        queries._latest.clear()
        assert after == catalogue.listing(inside, provider)
        assert [each.sha for each in after.withdrawn] == [shas[0]]
        assert [offer.edition.sha for offer in after.offers] == [shas[1]]
