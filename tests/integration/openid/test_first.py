"""A first sign-in: a verified e-mail address is a hint whom to ask, and opens nothing by itself."""

from __future__ import annotations

import pytest

from app import identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.integration.openid.doors import accounts_of, actions, is_signed_in, linked, set_off, through
from tests.support.openid import START
from tests.support.openid_made_up import MadeUpProvider
from tests.support.passkey import Authenticator
from tests.support.second_step import ask, give_app, give_passkey, make_older
from tests.support.website import PASSWORD, Browser, Page, Place, set_up, sign_in

FIRST = "/staff/sign-in/openid/first"
MAIL = {"email": "Priya@Bramble.example", "email_verified": True}


@pytest.fixture
def bramble(bramble: Place) -> Place:
    """Bramble Home Care, whose manager signs in with an e-mail address."""
    identity.set_sign_in_name(db.session(), bramble.manager.person_id, "priya@bramble.example")
    db.session.commit()
    return bramble


def test_with_the_password_the_account_is_kept_and_is_enough_from_then_on(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    page = through(browser, office, f"{START}?next=/staff/matrix", **MAIL)
    assert page.heading == "Is it you?"
    assert "Priya@Bramble.example" in page.text
    assert accounts_of(bramble) == []
    page = browser.post(FIRST, password=PASSWORD)
    assert (page.heading, browser.seen[-1]) == ("Matrix", "/staff/matrix")
    assert "From now on Bramble Office signs you in too." in page.text
    assert actions()[:2] == ["sign-in.done", "openid.linked"]
    browser.post("/staff/sign-out")
    assert through(browser, office).heading == "People"


def test_nobody_is_taken_over_by_an_e_mail_address(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    """Somebody else has got the address at the provider, verified and all; the account here is not theirs."""
    through(browser, office, sub="evil", **MAIL)
    for password in ("", "guess one", "guess two", "guess three", "guess four", "guess five"):
        page = browser.post(FIRST, password=password)
        assert page.status == 400
    assert browser.post(FIRST, password=PASSWORD).status == 429, "guesses are counted with those at the usual door"
    assert not is_signed_in(browser)
    assert accounts_of(bramble) == []
    assert "sign-in.refused" in actions()
    assert "Is it you?" in through(browser, office, sub="evil", **MAIL).heading, "and it still opens nothing"


@pytest.mark.parametrize(
    "said",
    [
        {"email": "priya@bramble.example"},
        {"email": "priya@bramble.example", "email_verified": False},
        {"email": "priya@bramble.example", "email_verified": "true"},
        {"email": "priya@bramble.example", "email_verified": 1},
        {"email": "priya@bramble.example.evil.example", "email_verified": True},
        # The Kelvin sign and the long s, which fold into plain letters.
        {"email": "priya@bramble.e\u212aample", "email_verified": True},
        {"email": "priya@bramble.example\u017f", "email_verified": True},
        {"email": ["priya@bramble.example"], "email_verified": True},
        {"email": "priya", "email_verified": True},
        {"preferred_username": "priya@bramble.example", "email_verified": True},
        {},
    ],
)
def test_what_is_no_verified_address_leads_to_nobody(
    bramble: Place, office: MadeUpProvider, browser: Browser, said: dict[str, object]
) -> None:
    page = through(browser, office, **said)
    assert page.heading == "Sign in"
    assert "signs nobody in here yet" in page.text
    assert browser.get(FIRST).heading == "Sign in"


def test_an_address_of_two_people_leads_to_nobody(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    other = set_up("Thistle Care", "Sam Lee", "sam")
    providers.set_details(
        db.session(), other.provider.id, other.manager.person_id, reference="", email="PRIYA@bramble.example"
    )
    db.session.commit()
    assert "signs nobody in here yet" in through(browser, office, **MAIL).text


def test_the_address_noted_among_the_details_is_a_hint_too(
    office: MadeUpProvider, browser: Browser, app: object
) -> None:
    thistle = set_up("Thistle Care", "Sam Lee", "sam")
    providers.set_details(
        db.session(), thistle.provider.id, thistle.manager.person_id, reference="", email="Sam@Thistle.example"
    )
    db.session.commit()
    through(browser, office, email="sam@thistle.example", email_verified=True)
    assert browser.post(FIRST, password=PASSWORD).heading == "People"


@pytest.mark.parametrize("how", ["carer", "left", "archived", "no password", "password for one sign-in"])
def test_only_staff_with_a_password_are_asked(
    bramble: Place, office: MadeUpProvider, browser: Browser, how: str
) -> None:
    session, person_id, now = db.session(), bramble.manager.person_id, utc_now()
    bramble.add("Tom Reed", Role.MANAGER)
    if how == "carer":
        providers.change_roles(session, bramble.provider.id, person_id, [Role.LEARNER])
    elif how == "left":
        providers.end_membership(session, bramble.provider.id, person_id, now=now)
    elif how == "archived":
        identity.archive_person(session, person_id, now=now)
    elif how == "no password":
        dawn = bramble.add("Dawn Reid", Role.TRAINER)
        identity.set_sign_in_name(session, person_id, "priya")
        identity.set_sign_in_name(session, dawn.person_id, "priya@bramble.example")
    else:
        identity.set_password(session, person_id, "four plain words here", temporary=True)
    session.commit()
    assert "signs nobody in here yet" in through(browser, office, **MAIL).text


def test_the_second_step_comes_before_the_account_is_kept(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    app = give_app(bramble)
    # At a first sign-in what the provider says of its own second step counts for nothing yet.
    through(browser, office, amr=["mfa"], **MAIL)
    assert browser.post(FIRST, password=PASSWORD).heading == "One more step"
    assert accounts_of(bramble) == []
    page = browser.post("/staff/second-step", code=app.at(utc_now()))
    assert page.heading == "People"
    assert accounts_of(bramble) == ["Priya@Bramble.example"]


def test_a_passkey_does_as_well(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    sign_in(browser, "priya@bramble.example")
    key = give_passkey(browser)
    browser.get("/staff/security")
    browser.post("/staff/sign-out")
    through(browser, office, **MAIL)
    page = with_passkey(browser, key)
    assert page.heading == "People"
    assert accounts_of(bramble) == ["Priya@Bramble.example"]


def test_the_passkey_of_another_keeps_nothing(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    other = set_up("Thistle Care", "Sam Lee", "sam")
    sign_in(browser, "sam")
    key = give_passkey(browser)
    browser.get("/staff/security")
    browser.post("/staff/sign-out")
    through(browser, office, **MAIL)
    page = with_passkey(browser, key)
    assert page.status == 400
    assert "somebody else’s" in page.text
    assert not is_signed_in(browser)
    assert accounts_of(bramble) == accounts_of(other) == []


def test_the_page_is_open_for_ten_minutes(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    through(browser, office, **MAIL)
    make_older(browser, "outside", "at", seconds=601)
    page = browser.post(FIRST, password=PASSWORD)
    assert (page.heading, accounts_of(bramble)) == ("Sign in", [])


def test_the_address_may_come_from_where_the_provider_tells_more(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    office.served["/me"] = {"sub": "dawn-1", **MAIL}
    assert through(browser, office).heading == "Is it you?"


def test_what_it_tells_about_another_counts_for_nothing(
    bramble: Place, office: MadeUpProvider, browser: Browser
) -> None:
    office.served["/me"] = {"sub": "dawn-2", **MAIL}
    page = through(browser, office)
    assert "proves nothing, so nobody was signed in" in page.text
    assert browser.get(FIRST).heading == "Sign in"


def test_once_linked_another_address_changes_nothing(bramble: Place, office: MadeUpProvider, browser: Browser) -> None:
    """Issuer and subject are the account: what it is called may be anything, also somebody else's address."""
    other = set_up("Thistle Care", "Sam Lee", "sam")
    linked(other, office)
    page = through(browser, office, **MAIL)
    assert page.heading == "People"
    assert "Sam Lee" in browser.get("/staff/security").text
    assert set_off(browser)


def with_passkey(browser: Browser, key: Authenticator) -> Page:
    form = f"{FIRST}/passkey"
    options = ask(browser, form, "/staff/sign-in/passkey/options")
    return browser.post(form, credential=key.get(options))
