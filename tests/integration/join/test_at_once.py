"""A team joins in one room, at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from app import identity
from app.extensions import db
from tests.support.website import Browser, set_up

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
