"""Adding an account under Security, and taking it away."""

from __future__ import annotations

import pytest
from flask import Flask

from app import identity
from app.cli.phones import end_accounts
from app.extensions import db
from app.identity import LastWayIn, LinkTaken
from app.kernel import utc_now
from tests.integration.openid.doors import accounts_of, actions, is_signed_in, linked, set_off, through
from tests.support.openid import START
from tests.support.openid_made_up import MadeUpProvider
from tests.support.second_step import make_older
from tests.support.website import Browser, Place, set_up, sign_in

GO = "/staff/security/openid/go"
WHO = {"email": "dawn@work.example", "email_verified": False}


def test_its_owner_sees_which_account_it_is_and_adds_it(bramble: Place, office: MadeUpProvider, priya: Browser) -> None:
    page = priya.get("/staff/security")
    assert "Sign in with Bramble Office too" in page.text
    assert priya.get("/staff/security/openid").heading == "Sign in with Bramble Office too"
    page = through(priya, office, GO, **WHO)
    assert "knows you as dawn@work.example" in page.text
    assert accounts_of(bramble) == [], "the provider's word alone keeps nothing"
    page = priya.post("/staff/security/openid")
    assert "From now on Bramble Office signs you in too." in page.text
    assert accounts_of(bramble) == ["dawn@work.example"]
    assert actions()[0] == "openid.linked"
    priya.post("/staff/sign-out")
    assert through(priya, office).heading == "People"


def test_the_password_is_asked_for_first(bramble: Place, office: MadeUpProvider, priya: Browser) -> None:
    make_older(priya, "proved", seconds=601)
    for address in ("/staff/security/openid", GO):
        assert priya.get(address).heading == "Your password once more"
    assert office.asked == []
    # Browsers hold the redirects of a form to our own pages too: after the password comes a page, and then the way out.
    page = priya.post("/staff/security/confirm", old="three plain words")
    assert page.heading == "Sign in with Bramble Office too"


def test_what_was_held_for_one_person_is_not_kept_for_another(
    bramble: Place, office: MadeUpProvider, priya: Browser
) -> None:
    other = set_up("Thistle Care", "Sam Lee", "sam")
    page = through(priya, office, GO, **WHO)
    fields = page.form("/staff/security/openid")
    with priya.client.session_transaction() as cookie:
        held = cookie["outside"]
    sign_in(priya, "sam")
    with priya.client.session_transaction() as cookie:
        assert "outside" not in cookie
        cookie["outside"] = held
    token = priya.get("/staff/security").form("/staff/security/sign-out-everywhere")["csrf_token"]
    page = priya._show(priya.send("POST", "/staff/security/openid", data={**fields, "csrf_token": token}))
    assert "That took too long. Try again." in page.text
    assert accounts_of(bramble) == accounts_of(other) == []


def test_who_comes_back_as_somebody_else_adds_nothing(bramble: Place, office: MadeUpProvider, priya: Browser) -> None:
    there = set_off(priya, GO)
    set_up("Thistle Care", "Sam Lee", "sam")
    with priya.client.session_transaction() as cookie:
        way = cookie["openid"]
    sign_in(priya, "sam")
    with priya.client.session_transaction() as cookie:
        cookie["openid"] = way
    page = priya.get(office.back(there, **WHO))
    assert "begun in another window" in page.text
    assert priya.get("/staff/security/openid").all(".//form[@action='/staff/security/openid']") == []


def test_an_account_signs_in_one_person(bramble: Place, office: MadeUpProvider, priya: Browser) -> None:
    linked(set_up("Thistle Care", "Sam Lee", "sam"), office)
    through(priya, office, GO, **WHO)
    assert "That account signs somebody else in here." in priya.post("/staff/security/openid").text
    assert accounts_of(bramble) == []


def test_a_person_has_one_account_of_an_issuer(bramble: Place, office: MadeUpProvider, priya: Browser) -> None:
    linked(bramble, office)
    through(priya, office, GO, sub="dawn-2", **WHO)
    assert "Take that one away first." in priya.post("/staff/security/openid").text
    assert accounts_of(bramble) == ["dawn@work"]


def test_taken_away_it_signs_nobody_in_and_may_be_added_again(
    bramble: Place, office: MadeUpProvider, priya: Browser
) -> None:
    linked(bramble, office)
    page = priya.get("/staff/security")
    action = next(f.get("action", "") for f in page.all(".//form") if f.get("action", "").endswith("/remove"))
    assert "That account signs you in no longer." in priya.post(action).text
    assert actions()[0] == "openid.ended"
    priya.post("/staff/sign-out")
    assert "signs nobody in here yet" in through(priya, office).text
    assert not is_signed_in(priya)
    linked(bramble, office)
    assert through(priya, office).heading == "People"


def test_nobody_takes_away_the_account_of_another(bramble: Place, office: MadeUpProvider, priya: Browser) -> None:
    other = set_up("Thistle Care", "Sam Lee", "sam")
    linked(other, office)
    link = identity.links_of(db.session(), other.manager.person_id)[0].uuid
    token = priya.get("/staff/security").form("/staff/security/sign-out-everywhere")["csrf_token"]
    priya.send("POST", f"/staff/security/openid/{link}/remove", data={"csrf_token": token})
    assert accounts_of(other) == ["dawn@work"]
    assert "openid.ended" not in actions()


def test_the_only_way_in_stays(bramble: Place, office: MadeUpProvider) -> None:
    """Nobody comes so far by our pages, as adding an account asks for a password."""
    session, now = db.session(), utc_now()
    dawn = bramble.add("Dawn Reid")
    account = {"issuer": office.issuer, "subject": "dawn-9", "shown": "dawn"}
    link = identity.add_link(session, dawn.person_id, **account, now=now)
    with pytest.raises(LastWayIn):
        identity.end_link(session, dawn.person_id, link.uuid, now=now)
    assert identity.add_link(session, dawn.person_id, **account, now=now) == link, "safe to repeat"
    with pytest.raises(LinkTaken):
        identity.add_link(session, bramble.manager.person_id, **account, now=now)
    identity.set_password(session, dawn.person_id, "three other words")
    assert identity.end_link(session, dawn.person_id, link.uuid, now=now)
    assert not identity.end_link(session, dawn.person_id, link.uuid, now=now)


def test_an_operator_ends_every_account_and_every_sign_in(
    app: Flask, bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    linked(bramble, office)
    assert through(browser, office).heading == "People"
    db.session.rollback()
    done = app.test_cli_runner().invoke(end_accounts, ["Priya Nair", "--json"])
    assert done.exit_code == 0, done.output
    assert '"ended": 1' in done.output
    assert browser.get("/staff/people").heading == "Sign in"
    assert "signs nobody in here yet" in through(browser, office, START).text
    assert actions()[0] == "openid.ended"
