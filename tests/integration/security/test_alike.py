"""Who is here and which codes are good cannot be found out by asking: same words, same status, same work."""

from __future__ import annotations

from uuid import UUID

import pytest
from argon2 import Parameters
from flask import Flask

from app import identity
from app.extensions import db
from app.kernel import new_uuid7, utc_now
from tests.support.website import Browser, Page, Place
from tests.support.world import add_phone


def staff_try(app: Flask, name: str) -> Page:
    browser = Browser(app.test_client())
    browser.get("/staff/sign-in")
    return browser.post("/staff/sign-in", name=name, password="a guess of mine")


def test_a_wrong_name_and_a_wrong_password_look_the_same(app: Flask, bramble: Place) -> None:
    without_password = bramble.add("Nopassword Person")
    identity.set_sign_in_name(db.session(), without_password.person_id, "nopassword")
    db.session.commit()
    said = {}
    for name in ("priya", "nobody", "nopassword"):
        page = staff_try(app, name)
        assert page.status == 400
        said[name] = page.text.replace(name, "")
    assert len(set(said.values())) == 1


def pin_try(app: Flask, person: UUID, dev: UUID) -> tuple[int, str]:
    reply = app.test_client().post("/api/v1/sign-in", json={"dev": str(dev), "person": str(person), "pin": "111222"})
    return reply.status_code, reply.get_json()["error"]["message"]


def test_a_wrong_pin_and_an_unknown_person_sound_the_same(app: Flask, bramble: Place) -> None:
    known = bramble.add("Ngozi Obi")
    identity.set_pin(db.session(), known.person_id, "385024")
    phone = add_phone(db.session(), known, now=utc_now())
    gone = bramble.add("Gone Person")
    identity.archive_person(db.session(), gone.person_id, now=utc_now())
    never_joined = bramble.add("New Person")
    db.session.commit()
    people = (known.person_uuid, gone.person_uuid, never_joined.person_uuid, new_uuid7())
    assert len({pin_try(app, person, phone.dev) for person in people}) == 1


def test_codes_that_were_never_given_all_look_the_same(app: Flask, bramble: Place) -> None:
    pages = [
        Browser(app.test_client()).get(f"/join/{code}") for code in ("AAAA2222", "2222AAAA", "nonsense", "x" * 200)
    ]
    assert {page.status for page in pages} == {404}
    assert len({page.heading for page in pages}) == 1


@pytest.mark.parametrize("door", ["password", "pin"])
def test_somebody_unknown_costs_as_many_hashes(
    app: Flask, bramble: Place, door: str, worked_out: list[Parameters]
) -> None:
    """Nearly all the time of a try goes into its hash: without one for nobody the reply would come tenfold sooner."""
    known = bramble.add("Ngozi Obi")
    identity.set_pin(db.session(), known.person_id, "385024")
    db.session.commit()
    dev = new_uuid7()

    def cost(somebody: bool) -> list[Parameters]:
        worked_out.clear()
        if door == "password":
            staff_try(app, "priya" if somebody else "nobody")
        else:
            pin_try(app, known.person_uuid if somebody else new_uuid7(), dev)
        return list(worked_out)

    assert len(cost(True)) == 1
    assert cost(False) == cost(True)
