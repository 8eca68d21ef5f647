"""A carer joins with a code, a PIN, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import brotli
import pytest
from flask import Flask
from sqlalchemy import insert

from app import audit, identity, providers
from app.extensions import db
from app.kernel import new_uuid7, utc_now
from app.learning.models import AttemptResult
from app.providers import Role
from app.web.public.join import short_name
from tests.support.website import KEY, Browser, Place

IN_WHATSAPP = (
    "Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Version/4.0 Chrome/120 Mobile Safari/537.36 WhatsApp/2"
)
IN_FACEBOOK = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/21B74 [FBAN/FBIOS;FBAV/1]"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Version/17.1 Safari/604.1"


def test_from_a_code_typed_anyhow_to_a_phone_that_is_signed_in(bramble: Place, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    assert browser.get("/join").heading == "Type your code"
    page = browser.get(f"/join?code={code[:4].lower()}+{code[4:].lower()}")
    assert page.heading == "Is that you?"
    assert "Bramble Home Care has invited Ngozi O." in page.text
    assert browser.get(f"/join/{code}/pin").heading == "Choose a PIN"
    page = browser.post(f"/join/{code}/pin", pin="274 913", again="274913")
    assert browser.seen[-1] == "/join/home-screen"
    assert "Your PIN is saved, Ngozi." in page.text
    [component] = page.all(".//*[@data-component='enrol-phone']")
    assert component.get("data-devices") == "/api/v1/devices"
    token = page.all(".//meta[@name='csrf-token']")[0].get("content", "")
    reply = browser.send("POST", "/api/v1/devices", headers={"X-CSRFToken": token})
    assert reply.status_code == 201
    assert reply.get_json()["person"]["name"] == "Ngozi Obi"


def test_a_phone_that_can_keep_things_is_enrolled_by_the_reply_to_its_pin(bramble: Place, browser: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    code = bramble.code_for(ngozi)
    [form] = browser.get(f"/join/{code}").all(".//form[@data-component='choose-pin']")
    assert form.get("action") == f"/join/{code}/pin"
    page = browser.post(f"/join/{code}/pin", pin="274913", again="274913", phone="new")
    assert browser.seen[-1] == f"/join/{code}/pin"
    assert "Your PIN is saved, Ngozi." in page.text
    assert page.reply.headers["Cache-Control"] == "no-store"
    [component] = page.all(".//*[@data-component='enrol-phone']")
    enrolled = json.loads(component.get("data-enrolled") or "")
    assert (component.get("data-here"), enrolled["person"]["name"]) == ("/join/home-screen", "Ngozi Obi")
    assert utc_now() - datetime.fromisoformat(component.get("data-now") or "") < timedelta(minutes=1)
    asks = {"Authorization": f"Bearer {enrolled['read']}"}
    state = browser.send("GET", "/api/v1/state", headers=asks)
    assert state.get_json()["server"] == enrolled["server"]
    # What is news to it stands there as it would have been told.
    news, told = (
        json.loads(component.get("data-news") or ""),
        browser.send("GET", "/api/v1/news", headers=asks).get_json(),
    )
    for each in (news, told):
        assert each["state"].pop("now")
    assert news == told
    assert news["state"]["person"]["name"] == "Ngozi Obi"
    [phone] = identity.phones_of(db.session(), ngozi.person_id)
    assert str(phone.uuid) == enrolled["dev"]
    # Opened again at that address it gives nothing away.
    [component] = browser.get("/join/home-screen").all(".//*[@data-component='enrol-phone']")
    assert component.get("data-enrolled") is None
    assert component.get("data-news") is None


def test_what_is_new_for_somebody_with_years_behind_them_does_not_stand_in_the_page(
    bramble: Place, browser: Browser
) -> None:
    ngozi, now = bramble.add("Ngozi Obi"), utc_now()
    about = {"module": "m", "edition": 1, "sha": "a" * 64, "seconds": 9, "score": 100, "passed": True, "questions": []}
    whose = {"person_id": ngozi.person_id, "provider_id": bramble.provider.id, "record": new_uuid7()}
    when = {"at": now, "received_at": now, "attempt": str(new_uuid7()), "notes": {}}
    db.session.execute(insert(AttemptResult).values(**about, **whose, **when))
    db.session.commit()
    code = bramble.code_for(ngozi)
    browser.get(f"/join/{code}")
    page = browser.post(f"/join/{code}/pin", pin="274913", again="274913", phone="new")
    [component] = page.all(".//*[@data-component='enrol-phone']")
    assert json.loads(component.get("data-enrolled") or "")["person"]["name"] == "Ngozi Obi"
    assert component.get("data-news") == ""


@pytest.mark.parametrize("knows", ["", "0192f0c1-0000-7000-8000-000000000000"])
def test_a_phone_of_another_server_or_that_keeps_nothing_is_not_enrolled_by_the_reply(
    bramble: Place, browser: Browser, knows: str
) -> None:
    ngozi = bramble.add("Ngozi Obi")
    code = bramble.code_for(ngozi)
    browser.get(f"/join/{code}")
    browser.post(f"/join/{code}/pin", pin="274913", again="274913", phone=knows)
    assert browser.seen[-1] == "/join/home-screen"
    assert identity.phones_of(db.session(), ngozi.person_id) == ()


def test_the_first_page_of_an_invite_has_the_pin_for_those_who_choose_one_here(
    bramble: Place, browser: Browser
) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    page = browser.get(f"/join/{code}")
    assert page.all(".//a[@href='#your-pin']")
    # What takes the focus then says what it is.
    [named] = [each.get("aria-labelledby") for each in page.all(".//*[@id='your-pin']")]
    assert [each.text for each in page.all(f".//*[@id='{named}']")] == ["Choose a PIN"]
    assert "Obi" not in page.reply.get_data(as_text=True)
    browser.agent = IN_WHATSAPP
    assert not browser.get(f"/join/{code}").all(".//form")
    browser.agent = Browser.agent
    code = bramble.code_for(bramble.add("Tom Price", Role.TRAINER))
    page = browser.get(f"/join/{code}")
    assert page.all(f".//a[@href='/join/{code}/pin']")
    assert not page.all(".//form")


def test_that_a_pin_was_chosen_with_a_code_is_noted_once_it_stands(bramble: Place, browser: Browser) -> None:
    def noted() -> list[str]:
        db.session.rollback()
        found = audit.entries(db.session(), provider=bramble.provider.uuid)
        return [each.action for each in found if each.actor == audit.by_person(ngozi.person_uuid)]

    ngozi = bramble.add("Ngozi Obi")
    code = bramble.code_for(ngozi)
    browser.get(f"/join/{code}/pin")
    assert browser.post(f"/join/{code}/pin", pin="123456", again="123456").status == 400
    assert noted() == []
    browser.post(f"/join/{code}/pin", pin="274913", again="274913")
    assert noted() == ["pin.set", "code.used"]


def test_pages_on_the_way_in_are_packed_but_none_that_repeats_what_somebody_typed(
    bramble: Place, browser: Browser
) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    accepted = {"Accept-Encoding": "gzip, br"}
    plain = browser.send("GET", f"/join/{code}/pin").get_data(as_text=True)
    reply = browser.send("GET", f"/join/{code}/pin", headers=accepted)
    assert reply.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in reply.headers["Vary"]
    without_token = re.compile(r'value="[^"]{60,}"')
    assert without_token.sub("", brotli.decompress(reply.data).decode()) == without_token.sub("", plain)
    assert len(reply.data) < len(plain) / 2
    for path in ("/join/NOTACODE", "/join?code=NOTACODE", "/join?code="):
        wrong = browser.send("GET", path, headers=accepted)
        assert wrong.status_code >= 400
        assert "Content-Encoding" not in wrong.headers


def test_looking_at_a_link_again_and_again_does_not_use_it_up(bramble: Place, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    for _ in range(3):
        assert browser.get(f"/join/{code}").heading == "Is that you?"
        assert browser.get(f"/join/{code}/pin").heading == "Choose a PIN"


def test_a_pin_that_is_too_simple_leaves_the_code_good(bramble: Place, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    browser.get(f"/join/{code}/pin")
    for pin, again, words in (
        ("123456", "123456", "Digits in a row"),
        ("12345", "12345", "Use 6 digits."),
        ("274913", "274914", "The two PINs differ."),
    ):
        page = browser.post(f"/join/{code}/pin", pin=pin, again=again)
        assert page.status == 400
        assert words in page.text
        [summary] = page.all(".//div[@class='bv-summary']")
        assert summary.get("role") == "alert"
    assert "Your PIN is saved" in browser.post(f"/join/{code}/pin", pin="274913", again="274913").text


def test_a_used_code_says_so_and_whom_to_ask(bramble: Place, app: Flask, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    browser.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin", pin="274913", again="274913")
    other = Browser(app.test_client())
    for address in (f"/join/{code}", f"/join/{code}/pin", f"/join/{code}/not-me"):
        page = other.get(address)
        assert page.status == 410
        assert page.heading == "This code has been used"
        assert "Ask Priya for a new one." in page.text
        assert "Ngozi" not in page.text


def test_of_two_people_with_one_code_one_gets_in(bramble: Place, app: Flask, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    other = Browser(app.test_client())
    browser.get(f"/join/{code}/pin")
    other.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin", pin="274913", again="274913")
    page = other.post(f"/join/{code}/pin", pin="385024", again="385024")
    assert page.heading == "This code has been used"
    assert other.get("/join/home-screen").status == 401


def test_a_code_runs_out(bramble: Place, browser: Browser) -> None:
    member = bramble.add("Ngozi Obi")
    code = providers.issue_invite(
        db.session(),
        bramble.provider.id,
        member.person_id,
        secret=KEY.encode(),
        now=utc_now() - timedelta(days=15),
    )
    db.session.commit()
    page = browser.get(f"/join/{code}")
    assert (page.status, page.heading) == (410, "This code has run out")


def test_a_newer_code_stops_the_older_one(bramble: Place, browser: Browser) -> None:
    member = bramble.add("Ngozi Obi")
    older, newer = bramble.code_for(member), bramble.code_for(member)
    assert browser.get(f"/join/{older}").status == 410
    assert browser.get(f"/join/{newer}").status == 200


def test_a_wrong_code_can_be_corrected_and_guessing_is_slowed_down(bramble: Place, browser: Browser) -> None:
    good = bramble.code_for(bramble.add("Ngozi Obi"))
    page = browser.get("/join/AAAA2222")
    assert (page.status, page.heading) == (404, "That code does not match")
    assert page.all(".//input[@id='code']")[0].get("value") == "AAAA2222"
    for _ in range(9):
        browser.get("/join?code=BBBB3333")
    page = browser.get("/join/CCCC4444")
    assert (page.status, page.heading) == (429, "Wait a little")
    assert int(page.reply.headers["Retry-After"]) > 0
    assert browser.get(f"/join/{good}").status == 429


def test_somebody_else_is_told_what_to_do_and_the_code_stays_good(bramble: Place, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    page = browser.get(f"/join/{code}/not-me")
    assert "Tell Priya at Bramble Home Care" in page.text
    assert browser.get(f"/join/{code}").status == 200


@pytest.mark.parametrize(("agent", "browser_name"), [(IN_WHATSAPP, "Chrome"), (IN_FACEBOOK, "Safari")])
def test_inside_another_app_it_says_how_to_get_out(
    bramble: Place, browser: Browser, agent: str, browser_name: str
) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    browser.agent = agent
    page = browser.get(f"/join/{code}")
    assert "This opened inside another app" in page.text
    assert f"Open in {browser_name}" in page.text
    assert f"{code[:4]} {code[4:]}" in page.text


@pytest.mark.parametrize(
    ("agent", "words"),
    [(IPHONE, "On your iPhone"), (Browser.agent, "On your phone"), ("curl/8", "Best on your own phone")],
)
def test_the_steps_are_for_this_phone_only(bramble: Place, browser: Browser, agent: str, words: str) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    browser.agent = agent
    browser.get(f"/join/{code}/pin")
    page = browser.post(f"/join/{code}/pin", pin="274913", again="274913")
    assert words in page.text
    assert ("square with an arrow" in page.text) is (agent == IPHONE)


def test_a_forgotten_pin_is_replaced_with_a_new_code(bramble: Place, app: Flask, browser: Browser) -> None:
    member = bramble.add("Ngozi Obi")
    for pin in ("274913", "385024"):
        code = bramble.code_for(member)
        fresh = Browser(app.test_client())
        fresh.get(f"/join/{code}/pin")
        fresh.post(f"/join/{code}/pin", pin=pin, again=pin)
    assert identity.check_pin(db.session(), member.person_id, "385024")
    assert not identity.check_pin(db.session(), member.person_id, "274913")


def test_a_trainer_who_joins_chooses_a_password_instead(bramble: Place, browser: Browser) -> None:
    code = bramble.code_for(bramble.add("Tom Price", Role.TRAINER))
    assert browser.get(f"/join/{code}/pin").heading == "Join"
    page = browser.post(f"/join/{code}/pin")
    assert page.heading == "Choose a password"
    page = browser.post("/staff/password", sign_in_name="tom", password="a plain long one", again="a plain long one")
    assert page.heading == "Modules"


def test_a_browser_without_cookies_is_told_in_words(bramble: Place, app: Flask) -> None:
    code = bramble.code_for(bramble.add("Ngozi Obi"))
    browser = Browser(app.test_client(use_cookies=False))
    reply = browser.send("POST", f"/join/{code}/pin", data={"pin": "274913", "again": "274913"})
    assert reply.status_code == 400
    assert "keeps no cookies" in reply.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "short"), [("Ngozi Obi", "Ngozi O."), ("Ngozi", "Ngozi"), ("Maria da Silva", "Maria S.")]
)
def test_only_a_first_name_and_an_initial_are_shown(name: str, short: str) -> None:
    assert short_name(name) == short
