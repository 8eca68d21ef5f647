"""Somebody who was added anew and turned out to be known: what staff find of her, by either uuid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import audit, identity, providers
from app.compliance.evidence.parts.trail import trail
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Scope
from app.extensions import db
from app.identity import TokenKind, TokenRefused
from app.kernel import day_of, utc_now
from app.providers import Role
from tests.support.two_places import Two, add_anew
from tests.support.website import Browser, Place, sign_in


@pytest.fixture
def two(app: Flask, bramble: Place) -> Two:
    """Thistle's trail tells that she was added and, then, that she joined."""
    two = add_anew(app, bramble)
    audit.note(
        db.session(),
        "person.added",
        actor=audit.by_person(two.thistle.manager.person_uuid),
        now=utc_now(),
        provider=two.thistle.provider.uuid,
        subject=two.fresh.person_uuid,
        details={"roles": "learner"},
    )
    db.session.commit()
    assert two.add().status_code == 201
    return two


@pytest.fixture
def maya(two: Two, app: Flask) -> Browser:
    browser = Browser(app.test_client())
    sign_in(browser, "maya")
    return browser


def test_an_address_of_before_leads_to_her_page(two: Two, maya: Browser) -> None:
    for uuid in (two.fresh.person_uuid, two.ngozi.person_uuid):
        page = maya.get(f"/staff/people/{uuid}")
        assert (page.status, page.heading) == (200, "Ngozi Obi-Ade")


def test_the_trail_is_hers_before_and_after(two: Two, maya: Browser) -> None:
    added, joined = "Maya Lind added Ngozi Obi-Ade", "Ngozi Obi-Ade joined with a code"
    for address in (
        "/staff/audit",
        f"/staff/audit?person={two.ngozi.person_uuid}",
        f"/staff/audit?person={two.fresh.person_uuid}",
    ):
        page = maya.get(address)
        assert added in page.text, address
        assert joined in page.text, address
        assert "erased" not in page.text.replace("Copies and erasing", "")
    assert "Ngozi Obi joined" not in page.text


@pytest.mark.parametrize("chosen", ["all", "before", "now"])
def test_an_evidence_pack_has_her_once_with_what_was_noted_of_either(two: Two, chosen: str) -> None:
    people = {"all": None, "before": (two.fresh.person_uuid,), "now": (two.ngozi.person_uuid,)}[chosen]
    today = day_of(utc_now())
    scope = Scope(since=today - timedelta(days=1), until=today, as_at=today, people=people, parts=("trail",), labels=())
    sources = Sources(session=db.session(), provider=two.thistle.provider, scope=scope, now=utc_now())
    hers = [each for each in sources.staff if each.person_id == two.ngozi.person_id]
    assert [(each.uuid, each.name, each.roles) for each in hers] == [(two.ngozi.person_uuid, "Ngozi Obi-Ade", "carer")]
    assert len(sources.staff) == (2 if chosen == "all" else 1)
    rows = trail(sources).tables[0].rows
    assert [list(row[3:5]) for row in rows if row[2] == "person.added"] == [["Maya Lind", "Ngozi Obi-Ade"]]


def test_a_page_that_stood_open_meanwhile_still_means_her(two: Two, maya: Browser) -> None:
    maya.get("/staff/people/ask")
    reply = maya.send("GET", f"/staff/people/ask?who=ticked&people={two.fresh.person_uuid}")
    ticked = f'value="{two.ngozi.person_uuid}" checked'
    assert reply.status_code == 200
    assert ticked in reply.get_data(as_text=True)


def test_who_is_let_go_and_brought_back_at_one_is_untouched_at_the_other(two: Two, maya: Browser) -> None:
    phones = {each.provider_id: each for each in identity.phones_of(db.session(), two.ngozi.person_id)}
    assert phones.keys() == {two.bramble.provider.id, two.thistle.provider.id}
    address = f"/staff/people/{two.ngozi.person_uuid}"
    maya.get(address)
    maya.post(f"{address}/leave")
    assert two.places() == ["Bramble Home Care"]
    db.session.rollback()
    person = identity.find_person(db.session(), two.ngozi.person_id)
    assert person is not None
    assert person.archived_at is None
    maya.get(address)
    maya.post(f"{address}/return")
    db.session.rollback()
    assert two.places() == ["Bramble Home Care", "Thistle Care"]
    back = providers.find_member(db.session(), two.thistle.provider.id, two.fresh.person_uuid)
    assert back is not None
    assert (back.name, back.roles) == ("Ngozi Obi-Ade", {Role.LEARNER})


def test_ending_her_phones_at_one_leaves_her_phone_at_the_other(app: Flask, bramble: Place) -> None:
    two = add_anew(app, bramble)
    here = identity.enrol_phone(db.session(), two.ngozi.person_id, provider_id=two.bramble.provider.id, now=utc_now())
    db.session.commit()
    there = two.add().get_json()
    maya = Browser(app.test_client())
    sign_in(maya, "maya")
    address = f"/staff/people/{two.ngozi.person_uuid}"
    maya.get(address)
    maya.post(f"{address}/phones/end")
    db.session.rollback()
    with pytest.raises(TokenRefused):
        identity.bearer(db.session(), there["append"], TokenKind.APPEND, now=utc_now())
    assert identity.bearer(db.session(), here.append, TokenKind.APPEND, now=utc_now()).dev == here.dev


def test_commands_find_her_by_either_uuid_at_either_provider(two: Two) -> None:
    runner = two.app.test_cli_runner()
    for place, name in (("Thistle Care", "Ngozi Obi-Ade"), ("Bramble Home Care", "Ngozi Obi")):
        for who in (name, str(two.ngozi.person_uuid), str(two.fresh.person_uuid)):
            done = runner.invoke(args=["person", "invite", who, "--provider", place, "--json"])
            assert done.exit_code == 0, (who, done.output)
        listed = runner.invoke(args=["person", "list", "--provider", place])
        assert f"{name} (learner)" in listed.output.splitlines()
    for who in (two.ngozi.person_uuid, two.fresh.person_uuid):
        noted = runner.invoke(args=["audit", "list", "--person", str(who)])
        assert "person.added" in noted.output
        assert "phone.added" in noted.output
    left = runner.invoke(args=["person", "archive", "Ngozi Obi-Ade", "--provider", "Thistle Care"])
    assert left.exit_code == 0
    erased = runner.invoke(args=["person", "erase", "Ngozi Obi-Ade", "--provider", "Thistle Care", "--yes", "--json"])
    assert erased.exit_code == 0
    assert '"wholly": false' in erased.output
    assert two.places() == ["Bramble Home Care"]
