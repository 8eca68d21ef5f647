"""A phone has two tokens: one adds and reads nothing, the other reads and adds nothing."""

from __future__ import annotations

import statistics
import time

import pytest
from flask import Flask
from sqlalchemy import select

from app import identity
from app.extensions import db
from app.identity import TokenKind, TokenRefused
from app.kernel import Base, utc_now
from app.web.access import access_of
from tests.support.routes import asked_for
from tests.support.website import Place
from tests.support.world import Phone, add_phone

NAME = "Xanthippe Nebuchadnezzar"
# Whoever may read a record may show it by a link to the passport, which is on the owner's list and ends with a tap.
SHOWING = {"api.share_passport", "api.print_passport", "api.take_link_back", "api.open_link_again"}
FOR_A_PIN = {"api.export", "api.offer_passkey", "api.add_passkey", "api.remove_passkey"}


@pytest.fixture
def phone(bramble: Place) -> Phone:
    """A phone of somebody whose name occurs nowhere else."""
    return add_phone(db.session(), bramble.add(NAME), now=utc_now())


def test_a_stolen_append_token_reads_nothing_anywhere(app: Flask, phone: Phone) -> None:
    client = app.test_client()
    readable = 0
    for rule, method, address in asked_for(app, {"person": str(phone.person_uuid)}):
        if method != "GET":
            continue
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        reply = client.open(address, method=method, headers={"Authorization": f"Bearer {phone.append}"})
        text = reply.get_data(as_text=True)
        assert "Xanthippe" not in text, rule.rule
        if access.bearer:
            assert reply.status_code == 401, rule.rule
            readable += 1
        elif access.roles:
            assert reply.status_code in (302, 401), rule.rule
    assert readable >= 2
    # The same walk with the token that reads does find her.
    assert NAME in client.get("/api/v1/state", headers={"Authorization": f"Bearer {phone.read}"}).get_data(as_text=True)


def test_a_stolen_read_token_changes_nothing_anywhere(app: Flask, phone: Phone) -> None:
    client = app.test_client()
    for rule, method, address in asked_for(app, {"person": str(phone.person_uuid)}):
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        if method == "GET" or not (access.bearer or access.roles):
            continue
        reply = client.open(address, method=method, headers={"Authorization": f"Bearer {phone.read}"})
        # By cookie only: without one there is no form's token either.
        # A copy, and adding or removing a passkey, are for a PIN, which comes as JSON.
        refused = (415,) if rule.endpoint in FOR_A_PIN | SHOWING else (400, 401)
        assert reply.status_code in refused, (rule.rule, reply.status)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "bearer {}", "Basic {}", "Bearer {}x", "Bearer  {}", "Token {}", "Bearer x" + "y" * 9000],
)
def test_nothing_but_the_whole_token_counts(app: Flask, phone: Phone, header: str) -> None:
    reply = app.test_client().get("/api/v1/state", headers={"Authorization": header.format(phone.read)})
    assert reply.status_code == 401
    assert "Xanthippe" not in reply.get_data(as_text=True)


def test_a_token_in_an_address_or_a_cookie_counts_for_nothing(app: Flask, phone: Phone) -> None:
    client = app.test_client()
    for cookie in ("bv", "__Host-bv", "token"):
        client.set_cookie(cookie, phone.read)
    for query in ("token", "access_token", "authorization", "read"):
        assert client.get(f"/api/v1/state?{query}={phone.read}").status_code == 401


def test_looking_for_a_token_takes_as_long_whether_it_is_near_or_far(app: Flask, phone: Phone) -> None:
    """It is looked up by its hash, so how much of it was right cannot be read from a clock."""
    near, far = phone.read[:-1] + ("A" if phone.read[-1] != "A" else "B"), "A" * len(phone.read)

    def took(token: str) -> float:
        start = time.perf_counter()
        with pytest.raises(TokenRefused):
            identity.bearer(db.session(), token, TokenKind.READ, now=utc_now())
        return time.perf_counter() - start

    took(near), took(far)
    times = [(took(near), took(far)) for _ in range(40)]
    near_time, far_time = (statistics.median(each) for each in zip(*times, strict=True))
    assert 0.5 < near_time / far_time < 2


def test_the_database_holds_no_token_that_could_be_used(app: Flask, phone: Phone) -> None:
    dump = "".join(str(row) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table)))
    assert str(phone.dev) in dump
    assert phone.read not in dump
    assert phone.append not in dump
