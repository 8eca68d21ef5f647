"""Staff come in with a name and a password, and nobody learns anything by trying."""

from __future__ import annotations

import pytest
from flask import Flask

from app import identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.web.access import safe_next
from tests.support.website import PASSWORD, Browser, Place, set_up, settings_in, sign_in


def test_a_manager_signs_in_and_out(bramble: Place, browser: Browser) -> None:
    page = sign_in(browser, "PRIYA")
    assert page.heading == "People"
    assert "Priya Nair, Bramble Home Care" in page.text
    page = browser.post("/staff/sign-out")
    assert "You are signed out." in page.text
    assert browser.get("/staff/people").heading == "Sign in"


def test_after_signing_in_people_land_where_they_wanted(bramble: Place, browser: Browser) -> None:
    bramble.add("Ngozi Obi")
    assert browser.get("/staff/people?q=Ngozi").heading == "Sign in"
    browser.post("/staff/sign-in", name="priya", password=PASSWORD)
    assert browser.page is not None
    assert browser.page.all(".//input[@id='q']")[0].get("value") == "Ngozi"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/join", "/staff/\nx", "", None, "staff/"]
)
def test_no_link_sends_people_elsewhere_after_signing_in(target: str | None) -> None:
    assert safe_next(target) is None


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(bramble: Place, browser: Browser) -> None:
    wrong = sign_in(browser, "priya", "not her password").text.replace("priya", "")
    unknown = sign_in(browser, "nobody", "not her password").text.replace("nobody", "")
    assert wrong == unknown
    assert "do not match" in wrong


def test_a_name_is_closed_after_five_wrong_tries_and_says_when_to_come_back(bramble: Place, browser: Browser) -> None:
    for _ in range(5):
        assert sign_in(browser, "priya", "wrong wrong wrong").status == 400
    page = sign_in(browser, "priya")
    assert page.status == 429
    assert "Wait 15 minutes, then try again." in page.text


def test_an_address_that_tries_many_names_is_closed_for_all_of_them(bramble: Place, browser: Browser) -> None:
    for number in range(25):
        sign_in(browser, f"guess{number}", "wrong wrong wrong")
    assert sign_in(browser, "priya").status == 429


def test_a_name_with_letters_nobody_sees_is_the_same_name(bramble: Place, browser: Browser) -> None:
    for number in range(5):
        sign_in(browser, "pri" + "\u200b" * number + "ya", "wrong wrong wrong")

    assert sign_in(browser, "priya").status == 429


def test_an_own_password_does_not_let_somebody_try_other_names_for_ever(bramble: Place, browser: Browser) -> None:
    for number in range(24):
        sign_in(browser, f"guess{number}", "wrong wrong wrong")
    assert sign_in(browser, "priya").heading == "People"
    browser.post("/staff/sign-out")

    assert sign_in(browser, "guess24", "wrong wrong wrong").status == 429


def test_success_forgets_the_tries_before_it(bramble: Place, browser: Browser) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(browser, "priya", "wrong wrong wrong")
        assert sign_in(browser, "priya").heading == "People"
        browser.post("/staff/sign-out")


def test_a_password_from_an_operator_has_to_be_replaced_first(bramble: Place, browser: Browser) -> None:
    identity.set_password(db.session(), bramble.manager.person_id, "told-on-the-telephone", temporary=True)
    db.session.commit()
    assert sign_in(browser, "priya", "told-on-the-telephone").heading == "Choose a password"
    assert browser.get("/staff/people").heading == "Choose a password"
    same = browser.post("/staff/password", password="told-on-the-telephone", again="told-on-the-telephone")
    assert "Choose another one" in same.text
    short = browser.post("/staff/password", password="short", again="short")
    assert "Use at least 10 characters" in short.text
    page = browser.post("/staff/password", password="her own long one", again="her own long one")
    assert page.heading == "People"


def test_a_new_password_needs_the_old_one_and_signs_other_browsers_out(
    bramble: Place, app: Flask, browser: Browser
) -> None:
    other = Browser(app.test_client())
    sign_in(other, "priya")
    sign_in(browser, "priya")
    browser.get("/staff/password")
    page = browser.post("/staff/password", old="wrong", password="her own long one", again="her own long one")
    assert "That is not your password of now" in page.text
    page = browser.post("/staff/password", old=PASSWORD, password="her own long one", again="her own long one")
    assert page.heading == "People"
    assert other.get("/staff/people").heading == "Sign in"


def test_a_carer_has_no_staff_pages(bramble: Place, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    browser.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin", pin="274913", again="274913")
    for address in ("/staff/", "/staff/people", "/staff/people/add", "/staff/modules"):
        page = browser.get(address)
        assert page.status == 403
        assert "Priya" not in page.text


def test_somebody_archived_or_without_a_place_is_out_at_once(bramble: Place, browser: Browser) -> None:
    sign_in(browser, "priya")
    providers.end_membership(db.session(), bramble.provider.id, bramble.manager.person_id, now=utc_now())
    db.session.commit()
    assert browser.get("/staff/people").status == 403
    identity.archive_person(db.session(), bramble.manager.person_id, now=utc_now())
    db.session.commit()
    assert browser.get("/staff/people").heading == "Sign in"


def test_somebody_with_two_places_chooses_one(bramble: Place, browser: Browser) -> None:
    thistle = set_up("Thistle Care", "Morag Reid", "morag")
    providers.add_membership(
        db.session(), thistle.provider.id, bramble.manager.person_id, (Role.MANAGER,), now=utc_now()
    )
    db.session.commit()
    sign_in(browser, "priya")
    browser.get("/staff/provider")
    page = browser.post("/staff/provider", provider=str(bramble.provider.uuid))
    assert "Priya Nair, Bramble Home Care" in page.text
    browser.get("/staff/provider")
    page = browser.post("/staff/provider", provider=str(thistle.provider.uuid))
    assert "Priya Nair, Thistle Care" in page.text
    assert "Morag Reid" in page.text
    other = set_up("Sorrel Care", "Eve Hart", "eve")
    browser.get("/staff/provider")
    assert browser.post("/staff/provider", provider=str(other.provider.uuid)).status == 404


def test_a_code_opens_nothing_at_another_provider(bramble: Place, browser: Browser) -> None:
    thistle = set_up("Thistle Care", "Morag Reid", "morag")
    providers.add_membership(
        db.session(), thistle.provider.id, bramble.manager.person_id, (Role.LEARNER,), now=utc_now()
    )
    member = providers.find_member(db.session(), thistle.provider.id, bramble.manager.person_id)
    assert member is not None
    code = thistle.code_for(member)
    browser.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin", pin="274913", again="274913")

    for address in ("/staff/", "/staff/people", "/staff/provider", "/staff/password"):
        assert browser.get(address).status == 403
    sign_in(browser, "priya")
    assert "Priya Nair, Bramble Home Care" in browser.get("/staff/people").text


def test_the_cookie_cannot_be_read_by_scripts_or_planted_before_signing_in(bramble: Place, browser: Browser) -> None:
    browser.get("/staff/sign-in")
    before = browser.client.get_cookie("bv")
    assert before is not None
    sign_in(browser, "priya")
    after = browser.client.get_cookie("bv")
    assert after is not None
    assert after.http_only
    assert after.same_site == "Lax"
    assert before.value != after.value
    with browser.client.session_transaction() as kept:
        assert "csrf_token" not in kept or kept["csrf_token"] not in before.value


def test_in_production_cookies_are_for_https_and_other_names_are_refused(
    bramble: Place, app: Flask, tmp_path: object
) -> None:
    from pathlib import Path

    from app import create_app
    from app.config import Mode

    settings = settings_in(Path(str(tmp_path)), mode=Mode.PRODUCTION, origin="https://learn.example.org")
    client = create_app(settings).test_client()
    browser = Browser(client)
    reply = browser.send("GET", "/staff/sign-in", base_url="https://learn.example.org")
    assert "Secure" in reply.headers["Set-Cookie"]
    assert reply.headers["Set-Cookie"].startswith("__Host-bv=")
    assert reply.headers["Strict-Transport-Security"]
    assert browser.send("GET", "/staff/sign-in", base_url="https://evil.example").status_code == 400


def test_a_form_without_its_token_changes_nothing(bramble: Place, browser: Browser) -> None:
    sign_in(browser, "priya")
    reply = browser.send("POST", "/staff/people/add", data={"name": "Planted"})
    assert reply.status_code == 400
    assert "open for too long" in reply.get_data(as_text=True)
    assert "Planted" not in browser.get("/staff/people").text
