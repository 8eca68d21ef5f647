"""A team joins in one room, at one moment, on a server that is hard put to it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app import identity
from app.extensions import db
from tests.support.website import Browser, Place, set_up

TEAM = 8


def test_all_who_keep_their_pin_at_one_moment_get_their_phone(app: Flask) -> None:
    place = set_up()
    people = [place.add(f"Carer {number}") for number in range(TEAM)]
    browsers = []
    for person in people:
        browser, code = Browser(app.test_client()), place.code_for(person)
        browser.get(f"/join/{code}")
        assert browser.page is not None
        browsers.append((browser, code, browser.page.form(f"/join/{code}/pin")))
    start = Barrier(TEAM)

    def keep_pin(number: int) -> int:
        browser, code, form = browsers[number]
        start.wait()
        sent = {**form, "pin": "274913", "again": "274913", "phone": "new"}
        return browser.client.post(f"/join/{code}/pin", data=sent).status_code

    db.session.rollback()
    with ThreadPoolExecutor(TEAM) as pool:
        assert list(pool.map(keep_pin, range(TEAM))) == [200] * TEAM
    assert [len(identity.phones_of(db.session(), person.person_id)) for person in people] == [1] * TEAM


def test_a_used_up_code_lets_in_though_the_phone_could_not_be_enrolled(bramble: Place, browser: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    code = bramble.code_for(ngozi)
    browser.get(f"/join/{code}")

    def full(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "INSERT INTO devices" in statement:
            raise OperationalError(statement, {}, Exception("database or disk is full"))

    event.listen(db.engine, "before_cursor_execute", full)
    page = browser.post(f"/join/{code}/pin", pin="274913", again="274913", phone="new")
    event.remove(db.engine, "before_cursor_execute", full)

    assert (page.status, browser.seen[-1]) == (200, "/join/home-screen")
    token = page.all(".//meta[@name='csrf-token']")[0].get("content", "")
    assert browser.send("POST", "/api/v1/devices", headers={"X-CSRFToken": token}).status_code == 201
    assert len(identity.phones_of(db.session(), ngozi.person_id)) == 1


@pytest.mark.parametrize("asked", ["FROM tokens", "FROM assignments", "FROM editions"])
def test_a_used_up_code_brings_the_phone_its_tokens_though_the_news_could_not_be_asked_for(
    bramble: Place, browser: Browser, asked: str
) -> None:
    ngozi = bramble.add("Ngozi Obi")
    code = bramble.code_for(ngozi)
    browser.get(f"/join/{code}")
    enrolled = failed = 0

    def away(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        nonlocal enrolled, failed
        enrolled += "INSERT INTO devices" in statement
        if enrolled and statement.startswith("SELECT") and asked in statement.replace("\n", ""):
            failed += 1
            raise OperationalError(statement, {}, Exception("the database is away for a moment"))

    event.listen(db.engine, "before_cursor_execute", away)
    page = browser.post(f"/join/{code}/pin", pin="274913", again="274913", phone="new")
    event.remove(db.engine, "before_cursor_execute", away)

    assert (page.status, failed) == (200, 1)
    [component] = page.all(".//*[@data-component='enrol-phone']")
    read = json.loads(component.get("data-enrolled") or "")["read"]
    assert component.get("data-news") == ""
    assert browser.send("GET", "/api/v1/news", headers={"Authorization": f"Bearer {read}"}).status_code == 200
    assert browser.get("/join/home-screen").status == 200
