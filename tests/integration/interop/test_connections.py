"""The page of other systems: what a manager lets them read and tells them, how it goes, and what is noted of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app import audit
from app.cli.connections_job import Forwarding, Looking, tell_webhooks
from app.extensions import db
from app.interop import feed, webhooks, xapi
from app.interop.webhooks.models import Webhook
from app.kernel import day_of, utc_now
from tests.support.learning_place import RIGHT, joined, publish_modules
from tests.support.receiver import Receiver
from tests.support.rota import Rota, needs
from tests.support.statements import statements
from tests.support.website import Browser, Page, Place, set_up, settings_in, sign_in

PAGE = "/staff/connections"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def anywhere(app: Flask) -> None:
    """The operator allows systems of the own network."""
    known = app.extensions["bv.settings"]
    app.extensions["bv.settings"] = settings_in(known.instance, database_url=known.database_url, follow="any")


def made_token(browser: Browser, *fields: str) -> str:
    browser.get(f"{PAGE}/token")
    page = browser.post(f"{PAGE}/token", name="Our rota", fields=list(fields))
    assert page.reply.headers["Cache-Control"] == "no-store"
    [text] = re.findall(r"bvf_[\w-]{43}", page.text)
    return str(text)


def add_webhook(browser: Browser, address: str, **changes: str | list[str]) -> Page:
    browser.get(f"{PAGE}/webhook")
    fields: dict[str, str | list[str]] = {
        "name": "Our rota",
        "address": address,
        "events": ["training.lapsed"],
        "tells": ["name"],
    }
    return browser.post(f"{PAGE}/webhook", **{**fields, **changes})


def add_store(browser: Browser, address: str, **changes: str) -> Page:
    browser.get(f"{PAGE}/store")
    fields = {"name": "Our store", "address": address, "user": "key", "password": "hush-hush"}
    day = (day_of(utc_now()) - timedelta(days=9)).isoformat()
    return browser.post(f"{PAGE}/store", **{**fields, "from_day": day, **changes})


def actions(place: Place) -> list[str]:
    """What the trail says was done here, the oldest first."""
    found = audit.acts_after(db.session(), place.provider.uuid, 0, anywhere=())
    return [action for action, _ in found if action.split(".")[0] in ("feed", "webhook", "store", "export")]


def test_a_token_is_shown_once_opens_what_was_ticked_and_is_ended_at_once(
    app: Flask, bramble: Place, priya: Browser
) -> None:
    bramble.add("Ngozi Obi")
    text = made_token(priya, "name")
    [told] = Rota(app, text).page()["people"]
    assert set(told) == {"id", "here", "changed_at", "name"}
    page = priya.get(PAGE)
    assert text not in page.reply.get_data(as_text=True)
    assert "Last read today" in page.text
    [token] = feed.tokens(db.session(), bramble.provider)
    assert "reads nothing any more" in priya.post(f"{PAGE}/token/{token.uuid}/end").text
    assert Rota(app, text).ask().status_code == 401
    assert "Our rota read where people stand, until" in priya.get(PAGE).text
    assert actions(bramble) == ["feed.token-made", "feed.token-ended"]
    assert "let Our rota read where people stand: name" in priya.get("/staff/audit").text


def test_what_is_missing_is_told_beside_its_field_and_nothing_typed_is_lost(priya: Browser) -> None:
    priya.get(f"{PAGE}/token")
    page = priya.post(f"{PAGE}/token", name="Our rota", fields=[])
    assert (page.status, "Pick at least one thing it may read." in page.text) == (400, True)
    assert [each.get("value") for each in page.all(".//input[@id='name']")] == ["Our rota"]
    page = add_webhook(priya, "http://rota.example/hook", events=["training.due_soon"])
    assert page.status == 400
    assert "It begins with https://" in page.text
    assert [each.get("value") for each in page.all(".//input[@id='address']")] == ["http://rota.example/hook"]
    ticked = [each.get("value") for each in page.all(".//input[@name='events']") if each.get("checked") is not None]
    assert ticked == ["training.due_soon"]
    page = add_store(priya, "https://store.example/xapi", from_day="2026-02-31")
    assert (page.status, "Pick a day." in page.text) == (400, True)


@pytest.mark.usefixtures("anywhere")
def test_a_system_is_told_by_the_worker_and_the_page_says_how_it_went(
    bramble: Place, priya: Browser, receiver: Receiver
) -> None:
    page = add_webhook(priya, f"{receiver.address}/hook")
    assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", page.text)
    [hook] = webhooks.webhooks(db.session(), bramble.provider.id)
    priya.get(PAGE)
    assert "A test goes to Our rota" in priya.post(f"{PAGE}/webhook/{hook.uuid}/try").text
    assert "1 message waits" in priya.get(PAGE).text
    assert tell_webhooks(utc_now()) == "1 of 1 told."
    assert [each.json["type"] for each in receiver.got] == ["test"]
    page = priya.get(PAGE)
    assert "All told, last today" in page.text
    assert "Answer 204" in page.text
    assert "told nothing any more" in priya.post(f"{PAGE}/webhook/{hook.uuid}/end").text
    assert actions(bramble) == ["webhook.added", "webhook.tried", "webhook.ended"]


@pytest.mark.usefixtures("anywhere")
def test_one_that_stopped_waits_for_the_manager_and_goes_on_when_told_to(
    bramble: Place, priya: Browser, receiver: Receiver
) -> None:
    add_webhook(priya, receiver.address)
    receiver.usual = (410, b"We moved")
    [hook] = webhooks.webhooks(db.session(), bramble.provider.id)
    priya.get(PAGE)
    priya.post(f"{PAGE}/webhook/{hook.uuid}/try")
    assert tell_webhooks(utc_now()) == "0 of 1 told."
    assert "1 other system does not take what we tell: Our rota" in priya.get("/staff/people/waiting").text
    page = priya.get(PAGE)
    assert "Stopped. 1 message waits" in page.text
    assert "It said: We moved" in page.text
    receiver.usual = 204
    priya.post(f"{PAGE}/webhook/{hook.uuid}/again")
    assert tell_webhooks(utc_now()) == "1 of 1 told."
    assert "other system" not in priya.get("/staff/people/waiting").text


@pytest.mark.usefixtures("anywhere")
def test_the_worker_sees_a_lapse_by_itself(bramble: Place, priya: Browser, receiver: Receiver) -> None:
    publish_modules("Fire")
    ngozi = joined(bramble, "Ngozi Obi")
    needs(bramble, ngozi.member, first_due_days=2)
    add_webhook(priya, receiver.address)
    now, looking = utc_now(), Looking()
    looking(now)
    assert looking(now + timedelta(days=6)) == "1 changes to tell."
    assert looking(now + timedelta(days=6, seconds=30)) is None
    assert tell_webhooks(utc_now()) == "1 of 1 told."
    [got] = receiver.got
    assert got.json["data"]["person"] == {"id": str(ngozi.member.person_uuid), "name": "Ngozi Obi"}


@pytest.mark.usefixtures("anywhere")
def test_a_store_is_given_statements_by_the_worker(bramble: Place, priya: Browser, receiver: Receiver) -> None:
    sha = publish_modules("Falls")["falls"]
    ngozi = joined(bramble, "Ngozi Obi")
    ngozi.answers(sha, RIGHT, at=utc_now() - timedelta(days=2))
    db.session.commit()
    page = add_store(priya, f"{receiver.address}/xapi")
    assert "Statements go to Our store" in page.text
    assert "hush-hush" not in priya.get(PAGE).reply.get_data(as_text=True)
    forwarding, now = Forwarding(), utc_now()
    receiver.usual = 401
    assert forwarding(now) is None
    page = priya.get(PAGE)
    assert "It does not accept the key and secret (401). Put them right." in page.text
    assert "not take what we tell: Our store" in priya.get("/staff/people/waiting").text
    [store] = xapi.stores(db.session(), bramble.provider.id)
    receiver.usual = 204
    priya.get(PAGE)
    priya.post(f"{PAGE}/store/{store.uuid}/again")
    assert forwarding(now + timedelta(minutes=3)) == "5 statements forwarded."
    ngozi.answers(sha, RIGHT, at=utc_now() - timedelta(days=1))
    db.session.commit()
    assert forwarding(now + timedelta(minutes=4)) is None, "not after every single record"
    assert forwarding(now + timedelta(minutes=6)) == "5 statements forwarded."
    assert "10 statements taken" in priya.get(PAGE).text
    priya.post(f"{PAGE}/store/{store.uuid}/end")
    assert forwarding(now + timedelta(minutes=9)) is None
    assert actions(bramble) == ["store.added", "store.sent-again", "store.ended"]


def test_of_another_provider_nothing_is_seen_or_changed(bramble: Place, priya: Browser) -> None:
    other = set_up("Elder Care", "Sam Oak", "sam")
    token, text = feed.make_token(db.session(), other.provider, "Their rota", ["name"], now=utc_now())
    db.session.commit()
    assert "Their rota" not in priya.get(PAGE).text
    made_token(priya, "name")
    priya.get(PAGE)
    [own] = feed.tokens(db.session(), bramble.provider)
    form = priya.page.form(f"{PAGE}/token/{own.uuid}/end") if priya.page else {}
    assert priya.send("POST", f"{PAGE}/token/{token.uuid}/end", data=form).status_code == 404
    assert feed.opened_by(db.session(), text).name == "Their rota"
    for kind in ("webhook", "store"):
        address = f"{PAGE}/{kind}/{token.uuid}/again"
        assert priya.send("POST", address, data=form).status_code == 404


def test_only_managers_come_here(app: Flask, bramble: Place) -> None:
    browser = Browser(app.test_client())
    assert sign_in(browser, "nobody").heading
    assert browser.get(PAGE).heading == "Sign in"


def test_the_page_asks_as_often_for_many_systems_as_for_few(bramble: Place, priya: Browser) -> None:
    def asked() -> int:
        with statements(db.engine) as sent:
            priya.get(PAGE)
        return len(sent)

    few = asked()
    for number in range(6):
        feed.make_token(db.session(), bramble.provider, f"Rota {number}", ["name"], now=utc_now())
        uuid, _ = webhooks.add(
            db.session(),
            bramble.provider.id,
            name=f"Rota {number}",
            address="https://rota.example/",
            events=["training.lapsed"],
            tells=[],
            anywhere=False,
            key=b"key",
            now=utc_now(),
        )
        webhooks.try_it(db.session(), bramble.provider.id, uuid, now=utc_now())
    db.session.execute(update(Webhook).values(stopped_at=utc_now()))
    db.session.commit()
    assert asked() == few
