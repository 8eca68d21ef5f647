"""Codes for several people at once, on cards to cut out."""

from __future__ import annotations

import re

from flask import Flask

from app import audit, identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.website import Browser, Page, Place, look_at, set_up

ADDRESS = "/staff/people/codes"


def codes(page: Page) -> list[str]:
    return [each.text or "" for each in page.all(".//p[@class='bv-cards__code']")]


def ticked(page: Page) -> list[str]:
    return [box.get("value", "") for box in page.all(".//input[@name='people']") if box.get("checked") is not None]


def test_those_without_a_code_are_ticked_and_each_card_lets_its_person_in(
    app: Flask, bramble: Place, priya: Browser
) -> None:
    ngozi, ada, marta = (bramble.add(name) for name in ("Ngozi Obi", "Ada Bell", "Marta Kowalska"))
    identity.set_pin(db.session(), marta.person_id, "274913")
    kept = bramble.code_for(ada)
    page = priya.get(ADDRESS)
    assert ticked(page) == [str(ngozi.person_uuid)]
    assert "Marta" not in page.text
    assert "Priya Nair" not in page.text.partition("Who gets a code")[2]
    page = priya.post(ADDRESS, people=[str(ngozi.person_uuid), str(ada.person_uuid)])
    assert page.heading == "Codes for 2 people"
    assert [len(list(each)) for each in page.all(".//div[@class='bv-cards__qr']")] == [1, 1]
    for told in (
        "Ngozi Obi",
        "Ada Bell",
        "Bramble Home Care has invited you",
        "localhost/join",
        "It works once, until",
    ):
        assert told in page.text
    made = [code.replace(" ", "") for code in codes(page)]
    assert len(set(made)) == 2
    phone = Browser(app.test_client())
    assert phone.get(f"/join/{kept}").status == 410
    assert [phone.get(f"/join/{code}").status for code in made] == [200, 200]
    noted = [each.action for each in audit.entries(db.session(), provider=bramble.provider.uuid)]
    assert noted.count("code.made") == 2


def test_a_reload_makes_no_new_codes(app: Flask, bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    page = priya.get(ADDRESS)
    form = {**page.form(ADDRESS), "people": str(ngozi.person_uuid)}
    [code] = codes(look_at(priya.send("POST", ADDRESS, data=form)))
    again = look_at(priya.send("POST", ADDRESS, data=form))
    assert again.heading == "These codes were shown once"
    assert Browser(app.test_client()).get(f"/join/{code.replace(' ', '')}").status == 200


def test_a_hundred_codes_leave_the_cookie_small(bramble: Place, priya: Browser) -> None:
    for number in range(100):
        providers.add_person(db.session(), bramble.provider.id, f"Carer {number}", (Role.LEARNER,), now=utc_now())
    db.session.commit()
    page = priya.get(ADDRESS)
    page = priya.post(ADDRESS, people=ticked(page))
    assert len(set(codes(page))) == 100
    cookie = priya.client.get_cookie("bv")
    assert cookie is not None
    assert len(cookie.value) < 1500
    assert len(page.reply.get_data()) < 1_500_000


def test_nobody_ticked_is_said(bramble: Place, priya: Browser) -> None:
    bramble.add("Ngozi Obi")
    priya.get(ADDRESS)
    page = priya.post(ADDRESS)
    assert page.status == 400
    assert "Tick somebody first." in page.text


def test_everybody_of_a_team_can_be_given_new_codes(bramble: Place, priya: Browser) -> None:
    north = providers.add_team(db.session(), bramble.provider.id, "North", now=utc_now())
    marta, other = bramble.add("Marta Kowalska"), bramble.add("Ada Bell")
    for member in (marta, other):
        identity.set_pin(db.session(), member.person_id, "274913")
    providers.set_teams(db.session(), bramble.provider.id, marta.person_id, [north.uuid], now=utc_now())
    db.session.commit()
    assert "Everybody who learns here has joined." in priya.get(ADDRESS).text
    page = priya.get(f"{ADDRESS}?all=yes&team={north.uuid}")
    assert [box.get("value") for box in page.all(".//input[@name='people']")] == [str(marta.person_uuid)]
    assert ticked(page) == []


def test_another_providers_people_get_no_code(bramble: Place, priya: Browser) -> None:
    theirs = set_up("Thistle Care", "Zoe Adair", "zoe").add("Ngozi Obi")
    priya.get(ADDRESS)
    form = {**(priya.page.form("/staff/sign-out") if priya.page else {}), "people": str(theirs.person_uuid)}
    page = look_at(priya.send("POST", ADDRESS, data=form))
    assert page.status == 400
    assert not re.search("Ngozi", page.text)
    assert providers.people_with_codes(db.session(), theirs.provider_id, now=utc_now()) == frozenset()
