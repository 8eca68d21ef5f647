"""A carer's phone that has a fingerprint or a face: adds it with the PIN, and signs in with it."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.test import TestResponse

from tests.support.api import Caller
from tests.support.passkey import Authenticator

PIN = "402918"


def finger(caller: Caller) -> Authenticator:
    """What keeps a passkey on this phone, at the address the server believes it has."""
    return Authenticator(origin=caller.app.extensions["bv.settings"].origin)


def offered(caller: Caller, pin: str = PIN) -> TestResponse:
    """What this phone is to make."""
    return caller.post("/passkey/options", {"pin": pin}, caller.phone.read)


def made(caller: Caller, key: Authenticator, offer: TestResponse) -> TestResponse:
    """Make it, and say so."""
    return caller.post("/passkey", answer(key.create, offer), caller.phone.read)


def add(caller: Caller, key: Authenticator, pin: str = PIN) -> TestResponse:
    """Both, one after the other."""
    offer = offered(caller, pin)
    return made(caller, key, offer) if offer.status_code == 200 else offer


def asked(caller: Caller, **changes: str) -> TestResponse:
    """What a passkey has to answer to sign in."""
    return caller.post("/sign-in/passkey/options", {**who(caller), **changes})


def shown(caller: Caller, key: Authenticator, offer: TestResponse, **changes: str) -> TestResponse:
    """Sign in with the passkey's answer to an offer."""
    return caller.post("/sign-in/passkey", {**who(caller), **answer(key.get, offer), **changes})


def sign_in(caller: Caller, key: Authenticator, **changes: str) -> TestResponse:
    """Both, one after the other."""
    return shown(caller, key, asked(caller, **changes), **changes)


def who(caller: Caller) -> dict[str, str]:
    """The phone and its person."""
    return {"dev": str(caller.phone.dev), "person": str(caller.phone.person_uuid)}


def answer(act: Any, offer: TestResponse) -> dict[str, Any]:
    """The authenticator's answer to an offer, and its ticket."""
    body: Any = offer.json
    return {"ticket": body["ticket"], "credential": json.loads(act(json.dumps(body["options"])))}
