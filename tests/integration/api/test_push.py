"""A phone asks to be told on its lock screen; what browsers name is looked at first."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from app import messages
from app.messages.push import new_key
from tests.support.api import Caller
from tests.support.messaged import ENDPOINT, SECRET, browser_key

KEY = browser_key(ec.generate_private_key(ec.SECP256R1()))


def asked(endpoint: str = ENDPOINT, p256dh: str = KEY, auth: str = SECRET) -> dict[str, object]:
    """What a browser says of itself."""
    return {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}, "expirationTime": None}


def test_a_phone_is_told_and_asks_to_be_left_alone(app: Flask, caller: Caller, inside) -> None:  # type: ignore[no-untyped-def]
    phone = caller.phone
    for _ in range(2):
        reply = caller.post("/push", asked(), phone.append)
        assert (reply.status_code, reply.json["on"]) == (201, True)  # type: ignore[index]
    assert messages.with_push(inside, phone.provider_id) == {phone.person_id}
    inside.rollback()
    assert caller.post("/push/end", {}, phone.append).status_code == 200
    assert messages.with_push(inside, phone.provider_id) == frozenset()


@pytest.mark.parametrize(
    "body",
    [
        asked("https://127.0.0.1/x"),
        asked("http://push.example.org/x"),
        asked(p256dh="AAAA"),
        asked(auth="AAAA"),
        asked(p256dh="!" * 80),
        {"endpoint": ENDPOINT},
    ],
)
def test_what_cannot_be_reached_or_read_is_refused(caller: Caller, body: dict[str, object]) -> None:
    assert caller.post("/push", body, caller.phone.append).status_code == 400


def test_the_read_token_adds_nothing(caller: Caller) -> None:
    assert caller.post("/push", asked(), caller.phone.read).status_code == 401


def test_the_key_is_offered_only_where_there_is_one(app: Flask, caller: Caller) -> None:
    assert "push" not in caller.get("/state", caller.phone.read).json  # type: ignore[operator]
    path = app.extensions["bv.settings"].instance / "push-key.pem"
    path.write_bytes(new_key())
    offered = caller.get("/state", caller.phone.read).json["push"]  # type: ignore[index]
    assert len(offered) == 87
