"""Every request of the program, made with something real in it: whose cookie or token it takes, and what it sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import providers, sync
from app.content import queries as content
from app.extensions import db
from app.interop import feed
from app.kernel import utc_now
from app.providers import Role
from app.web.access import access_of
from app.web.api.operations import OPERATIONS
from tests.support.crowd import LINK, Crowd
from tests.support.routes import asked_for
from tests.support.two_providers import addresses
from tests.support.website import PASSWORD, Browser, sign_in

PIN = "274913"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request: `name` is its method and rule."""

    name: str
    endpoint: str
    method: str
    address: str
    more: Mapping[str, Any] = field(default_factory=dict)


class Asking:
    """A member of staff with every role, the phone of a carer, and another system, all of the crowd's provider."""

    def __init__(self, app: Flask, crowd: Crowd) -> None:
        self.app, self.crowd = app, crowd
        session, place = db.session(), crowd.place
        providers.change_roles(session, place.provider.id, place.manager.person_id, Role)
        _, self.feed_token = feed.make_token(session, place.provider, "Rota", list(feed.Field), now=utc_now())
        session.commit()
        # For somebody new at the other provider, whom the carer turns out to be.
        mine = crowd.world.mine
        self.code = mine.code_for(mine.add("Somebody New"))
        self.server = str(sync.server_id(session))
        self.staff = Browser(app.test_client())
        sign_in(self.staff, place.sign_in)
        self.nobody = Browser(app.test_client(use_cookies=False))
        app.config["WTF_CSRF_ENABLED"] = False

    def requests(self) -> Iterator[Asked]:
        """Each rule and method once, with the names of the crowd's provider in its gaps."""
        bodies = self.bodies()
        ways: dict[str, tuple[Rule, str, str]] = {}
        for rule, method, address in self.addresses():
            ways[f"{method} {rule.rule}"] = rule, method, address
        for name, (rule, method, address) in ways.items():
            more: dict[str, Any] = {}
            access = access_of(self.app.view_functions[rule.endpoint])
            assert access is not None
            if access.bearer is not None:
                phone = self.crowd.world.victim.phone
                token = phone.append if access.bearer.value == "append" else phone.read
                more["headers"] = {"Authorization": f"Bearer {token}"}
            elif access.feed:
                more["headers"] = {"Authorization": f"Bearer {self.feed_token}"}
            if rule.endpoint in bodies:
                more["json"] = bodies[rule.endpoint]
            elif method != "GET":
                more["data"] = self.form()
            yield Asked(name=name, endpoint=rule.endpoint, method=method, address=address, more=more)

    def addresses(self) -> Iterator[tuple[Rule, str, str]]:
        """Rule, method and address; what comes later is more fitting."""
        world = self.crowd.world
        yield from addresses(self.app, world)
        everybodys = content.current_editions(db.session())[0].sha
        known = {"key": "falls", "sha": everybodys, "names": everybodys, "code": world.code, "token": LINK}
        known |= {"credential": str(self.crowd.credential), "provider": str(self.crowd.place.provider.uuid)}
        known |= {"number": "1", "part": "1", "form": "json", "endorser": str(self.crowd.endorser)}
        fitting = ("learner.", "join.", "files.", "passport.", "credentials.")
        for rule, method, address in asked_for(self.app, known):
            if rule.endpoint.startswith(fitting) and "<ending>" not in rule.rule:
                yield rule, method, address
            elif rule.endpoint == "api.ping":
                yield rule, method, f"{address}?n=1"
            elif rule.endpoint == "trainer.export":
                yield rule, method, f"/staff/modules/{world.draft.key}/export/scorm"

    def send(self, asked: Asked) -> TestResponse:
        """Make a request, read its whole answer, and close it. The cookies stay what they were."""
        browser = self.nobody if "Authorization" in asked.more.get("headers", {}) else self.staff
        before = dict(self.staff.client._cookies or {})
        reply = browser.send(asked.method, asked.address, **asked.more)
        reply.get_data()
        reply.close()
        self.staff.client._cookies = before
        return reply

    def form(self) -> dict[str, str]:
        """Fields that some form or other takes."""
        world = self.crowd.world
        return {
            "person": str(world.victim.member.person_uuid),
            "module": "falls",
            "roles": "learner",
            "name": "Somebody New",
            "text": "Some words",
            "based_on": str(world.draft.revision),
            "revision": "1",
            "line": "1",
            "role": "nurse",
            "change": "major",
            "reason": "Because I say so.",
            "title": "A title",
            "topic": "Doors",
            "password": PASSWORD,
        }

    def bodies(self) -> dict[str, dict[str, Any]]:
        """What each operation of the API that takes JSON is sent, by endpoint."""
        who = self.crowd.world.victim
        fresh = who.phone.record("unheard.of")
        here = {"dev": str(who.phone.dev), "person": str(who.member.person_uuid)}
        provider = str(self.crowd.place.provider.uuid)
        passkey = {"ticket": "a ticket", "credential": {}}
        batch = {
            "proto": 1,
            "server": self.server,
            "batch": "one",
            "app": "test",
            "now": "2026-06-15T12:00:00.000Z",
            "held": {"n": 0, "x": "0" * 16},
            "records": [fresh],
        }
        made = {
            "enrol": {},
            "add_place": {"proto": 1, "code": self.code, "person": here["person"], "pin": PIN},
            "rotate": {},
            "end_phone": {},
            "sign_in": {**here, "provider": provider, "pin": PIN},
            "offer_sign_in_by_passkey": here,
            "sign_in_by_passkey": {**here, "provider": provider, **passkey},
            "offer_passkey": {"pin": PIN},
            "add_passkey": passkey,
            "remove_passkey": {"pin": PIN},
            "send_records": {**here, **batch},
            "push": {"endpoint": "https://push.example.org/1", "keys": {"p256dh": "A" * 87, "auth": "A" * 22}},
            "end_push": {},
            "share_passport": {"id": str(uuid4()), "token": "B" * 22, "items": [], "for": "", "days": 7},
            "print_passport": {"items": []},
            "take_link_back": {"id": str(uuid4())},
            "open_link_again": {"id": str(uuid4())},
            "export": {"pin": PIN},
        }
        forgotten = {each.name for each in OPERATIONS if each.method == "POST"} ^ made.keys()
        assert not forgotten, f"say here what the API's {forgotten} is sent"
        return {f"api.{name}": body for name, body in made.items()}
