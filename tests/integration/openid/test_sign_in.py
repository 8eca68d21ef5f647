"""An account that was added signs its owner in; what the provider's rules and ours ask for still holds."""

from __future__ import annotations

import pytest
from flask import Flask

from app import identity, providers
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.integration.openid.doors import actions, is_signed_in, linked, set_off, through
from tests.support.openid import BACK, CLIENT, START, query_of
from tests.support.openid_made_up import MadeUpProvider
from tests.support.second_step import give_app, in_production
from tests.support.website import PASSWORD, Browser, Place, sign_in


def test_the_way_there_asks_for_a_code_with_pkce_state_and_nonce(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    page = browser.get("/staff/sign-in?next=/staff/matrix")
    link = next(a for a in page.all(".//a") if "".join(a.itertext()) == "Sign in with Bramble Office")
    there = set_off(browser, link.get("href", ""))
    assert there.startswith(f"{office.issuer}/authorize?")
    asked = query_of(there)
    assert (asked["response_type"], asked["client_id"], asked["redirect_uri"]) == ("code", CLIENT, BACK)
    assert (asked["scope"], asked["code_challenge_method"]) == ("openid email profile", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    again = query_of(set_off(browser))
    assert not {again[name] for name in ("state", "nonce", "code_challenge")} & set(asked.values())


def test_a_linked_account_signs_in_and_leads_where_its_owner_wanted(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    linked(bramble, office)
    page = through(browser, office, f"{START}?next=/staff/matrix")
    assert (page.heading, browser.seen[-1]) == ("Matrix", "/staff/matrix")
    assert actions()[:2] == ["sign-in.done", "openid.used"]
    security = browser.get("/staff/security")
    assert "You came in with an account from elsewhere" in security.text
    assert "Used last" in security.text


def test_what_the_browser_carried_before_is_dropped(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    linked(bramble, office)
    there = set_off(browser)
    with browser.client.session_transaction() as cookie:
        cookie["id"], cookie["provider"], cookie["second_step"] = "planted", "planted", True
    browser.get(office.back(there))
    with browser.client.session_transaction() as cookie:
        assert cookie["id"] != "planted"
        assert not {"provider", "second_step", "openid", "outside", "proved"} & set(cookie)
        assert "access" not in str(dict(cookie)), "what the provider gave us for its own pages stays here"


def test_our_own_second_step_is_asked_for_all_the_same(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    app = give_app(bramble)
    linked(bramble, office)
    page = through(browser, office, amr=["pwd", "mfa"])
    assert page.heading == "One more step"
    assert not is_signed_in(browser)
    browser.get("/staff/second-step")
    assert browser.post("/staff/second-step", code=app.at(utc_now())).heading == "People"
    assert actions()[:2] == ["sign-in.done", "openid.used"]
    # The provider may have known this browser for hours: for changing how one signs in, the password is asked for.
    assert browser.get("/staff/security/set-up").heading == "Your password once more"


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
def test_what_the_provider_says_counts_as_a_second_step_only_by_setting(
    app: Flask, bramble: Place, office: MadeUpProvider, browser: Browser, said: dict[str, object]
) -> None:
    in_production(app)
    give_app(bramble)
    linked(bramble, office)
    office.strong = frozenset({"mfa"})
    app.extensions["bv.openid"].settings = office.settings
    assert through(browser, office, amr=["pwd"]).heading == "One more step"
    assert through(browser, office, **said).heading == "People"


def test_where_managers_need_a_second_step_the_provider_alone_is_none(
    app: Flask, bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    in_production(app)
    linked(bramble, office)
    through(browser, office)
    assert browser.get("/staff/people").heading == "Your password once more", "on the way to setting one up"


@pytest.mark.parametrize("how", ["archived", "left", "carer"])
def test_who_no_longer_works_here_stays_out(bramble: Place, office: MadeUpProvider, browser: Browser, how: str) -> None:
    linked(bramble, office)
    session, person_id, now = db.session(), bramble.manager.person_id, utc_now()
    if how == "archived":
        identity.archive_person(session, person_id, now=now)
    elif how == "left":
        bramble.add("Tom Reed", Role.MANAGER)
        providers.end_membership(session, bramble.provider.id, person_id, now=now)
    else:
        bramble.add("Tom Reed", Role.MANAGER)
        providers.change_roles(session, bramble.provider.id, person_id, [Role.LEARNER])
    session.commit()
    page = through(browser, office)
    assert page.heading == "Sign in"
    assert "You have no place on the staff pages now. Ask a manager." in page.text
    assert "sign-in.done" not in actions()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/staff/\\\\evil.example", "/learn"])
def test_it_leads_nowhere_else(bramble: Place, office: MadeUpProvider, browser: Browser, target: str) -> None:
    linked(bramble, office)
    through(browser, office, f"{START}?next={target}")
    assert browser.seen[-1] == "/staff/people"


def test_another_site_signs_nobody_in(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    reply = browser.send("GET", START, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.headers["Location"] == "/staff/sign-in"
    assert office.asked == []


def test_signing_out_says_that_the_provider_may_still_know_one(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    linked(bramble, office)
    through(browser, office)
    assert "Bramble Office may still know you in this browser" in browser.post("/staff/sign-out").text
    sign_in(browser, "priya")
    assert "may still know you" not in browser.post("/staff/sign-out").text


def test_a_password_given_by_an_operator_is_not_changed_without_it(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    """Else whoever finds a browser the provider still knows could choose the next one."""
    linked(bramble, office)
    identity.set_password(db.session(), bramble.manager.person_id, "four plain words here", temporary=True)
    db.session.commit()
    assert through(browser, office).heading == "Choose a password"
    page = browser.post("/staff/password", password="any other four words", again="any other four words")
    assert page.status == 400
    assert "not your password of now" in page.text
    new = "any other four words"
    assert browser.post("/staff/password", old="four plain words here", password=new, again=new).heading == "People"


def test_without_the_setting_there_is_no_such_page(sqlite_app: Flask) -> None:
    settings: Settings = sqlite_app.extensions["bv.settings"]
    assert settings.openid is None
    browser = Browser(sqlite_app.test_client())
    assert "Sign in with a passkey" in browser.get("/staff/sign-in").text
    assert not [a for a in browser.page.all(".//a") if "openid" in a.get("href", "")] if browser.page else False
    for address in (START, f"{START}/back", f"{START}/first"):
        assert browser.get(address).status == 404


def test_the_password_goes_on_working(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    linked(bramble, office)
    assert sign_in(browser, "priya", PASSWORD).heading == "People"
