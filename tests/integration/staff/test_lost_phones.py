"""A manager ends a lost phone, and only of their own people."""

from __future__ import annotations

import pytest
from flask import Flask

from app import audit, identity, providers
from app.extensions import db
from app.identity import TokenKind, TokenRefused
from app.kernel import utc_now
from app.providers import MemberView, Role
from tests.support.website import Browser, Place, set_up


@pytest.fixture
def ngozi(bramble: Place) -> MemberView:
    return bramble.add("Ngozi Obi")


def enrol(member: MemberView) -> identity.Enrolment:
    made = identity.enrol_phone(db.session(), member.person_id, provider_id=member.provider_id, now=utc_now())
    db.session.commit()
    return made


def good(token: str | None, kind: TokenKind = TokenKind.APPEND) -> bool:
    try:
        identity.bearer(db.session(), token or "", kind, now=utc_now())
    except TokenRefused:
        return False
    return True


def page_of(member: MemberView, more: str = "") -> str:
    return f"/staff/people/{member.person_uuid}{more}"


def test_a_lost_phone_is_ended_and_the_page_says_what_that_means(priya: Browser, ngozi: MemberView) -> None:
    lost, kept = enrol(ngozi), enrol(ngozi)
    page = priya.get(page_of(ngozi))
    assert "Phone 1 Added today Heard of today Whether anything waits on it, only the phone knows" in page.text
    assert "What still waits on it cannot be sent, unless it is found" in page.text
    page = priya.post(page_of(ngozi, f"/phones/{lost.dev}/lost"))
    assert "That phone can no longer send or read." in page.text
    assert "Phone 1 Added today Heard of today Sign-in ended today" in page.text
    assert not good(lost.append)
    assert not good(lost.read, TokenKind.READ)
    assert good(kept.append)
    noted = audit.entries(db.session())[0]
    assert (noted.action, noted.details["phone"]) == ("phone.lost", str(lost.dev))


def test_ids_of_one_phone_are_one_phone(priya: Browser, ngozi: MemberView) -> None:
    first = enrol(ngozi)
    bearer = identity.bearer(db.session(), first.append, TokenKind.APPEND, now=utc_now())
    second = identity.rotate_phone(db.session(), bearer, now=utc_now())
    db.session.commit()
    page = priya.get(page_of(ngozi))
    assert "Phone 2" not in page.text
    priya.post(page_of(ngozi, f"/phones/{second.dev}/lost"))
    assert not good(first.append)
    assert not good(second.append)


def test_everything_at_once(priya: Browser, ngozi: MemberView, app: Flask) -> None:
    phones = [enrol(ngozi), enrol(ngozi)]
    before = identity.sign_in_generation(db.session(), ngozi.person_id)
    priya.get(page_of(ngozi))
    page = priya.post(page_of(ngozi, "/phones/end"))
    assert "Ngozi Obi is signed out on every phone." in page.text
    assert not any(good(each.append) for each in phones)
    assert identity.sign_in_generation(db.session(), ngozi.person_id) > before
    assert audit.entries(db.session())[0].action == "phones.ended"
    assert "This phone is lost" not in page.text


def test_a_manager_of_another_provider_ends_nothing(priya: Browser, ngozi: MemberView) -> None:
    phone = enrol(ngozi)
    thistle = set_up("Thistle Care", "Morag Reid", "morag")
    theirs = thistle.add("Eve Hart")
    their_phone = enrol(theirs)
    token = priya.get(page_of(ngozi)).form(page_of(ngozi, "/phones/end"))["csrf_token"]
    for address in (
        page_of(theirs, f"/phones/{their_phone.dev}/lost"),
        page_of(theirs, "/phones/end"),
        page_of(ngozi, f"/phones/{their_phone.dev}/lost"),
    ):
        assert priya.send("POST", address, data={"csrf_token": token}).status_code == 404
    assert good(their_phone.append)
    assert good(phone.append)


def test_what_somebody_uses_at_another_provider_goes_on(priya: Browser, ngozi: MemberView) -> None:
    thistle = set_up("Thistle Care", "Morag Reid", "morag")
    there = providers.add_membership(db.session(), thistle.provider.id, ngozi.person_id, (Role.LEARNER,), now=utc_now())
    here, elsewhere = enrol(ngozi), enrol(there)
    page = priya.get(page_of(ngozi))
    assert "Phone 2" not in page.text
    priya.post(page_of(ngozi, "/phones/end"))
    assert not good(here.append)
    assert good(elsewhere.append)


def test_a_manager_who_lost_their_own_phone_goes_on_here(priya: Browser, bramble: Place) -> None:
    phone = enrol(bramble.manager)
    priya.get(page_of(bramble.manager))
    page = priya.post(page_of(bramble.manager, f"/phones/{phone.dev}/lost"))
    assert page.heading == "Priya Nair"
    assert not good(phone.append)
