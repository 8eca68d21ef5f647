"""Another system that reads a provider's feed, every reply checked against the feed's own description."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from app import requirements
from app.extensions import db
from app.interop import feed
from app.kernel import utc_now
from app.providers import MemberView
from app.web.api.feed import document
from tests.support.required import asks
from tests.support.website import Place

PEOPLE = "/api/v1/feed/people"


def token_of(place: Place, *fields: feed.Field, name: str = "Rota") -> str:
    """A new token of a provider; committed."""
    _, text = feed.make_token(db.session(), place.provider, name, fields or feed.DEFAULT, now=utc_now())
    db.session.commit()
    return text


def needs(place: Place, *members: MemberView, title: str = "Fire safety", **changes: Any) -> requirements.TrainingView:
    """Put a training on the list and ask these people for it, by a job of its own; committed."""
    session, here, now = db.session(), place.provider.id, utc_now()
    uuid = requirements.add_training(session, here, asks(title, **changes), now=now)
    job = requirements.add_profile(session, here, f"Job of {title}", None, [uuid], now=now)
    requirements.give(session, here, job, [each.person_id for each in members], now=now)
    session.commit()
    return next(each for each in requirements.trainings(session, here) if each.uuid == uuid)


@dataclass
class Rota:
    """Reads a feed with one token."""

    app: Flask
    token: str

    def ask(self, *, known: str | None = None, **query: Any) -> TestResponse:
        """Ask for one page; the reply is as the description says."""
        db.session.rollback()
        headers = {"Authorization": f"Bearer {self.token}"} | ({"If-None-Match": known} if known else {})
        address = f"{PEOPLE}?{urlencode(query)}"
        client = self.app.test_client(use_cookies=False)
        reply = Context().run(lambda: client.get(address, headers=headers))
        described = document()["paths"][PEOPLE]["get"]["responses"]
        assert str(reply.status_code) in described, reply.status_code
        if reply.status_code != 304:
            schema = described[str(reply.status_code)]["content"]["application/json"]["schema"]
            whole = {**schema, "components": document()["components"]}
            Draft202012Validator(whole).validate(json.loads(reply.data))
        return reply

    def page(self, **query: Any) -> dict[str, Any]:
        """One page that is there."""
        reply = self.ask(**query)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = json.loads(reply.data)
        return found

    def everybody(self, **query: Any) -> tuple[list[dict[str, Any]], str]:
        """All pages, one after the other, and the moment to ask from next time."""
        found = self.page(**query)
        people, as_of = list(found["people"]), found["as_of"]
        while "next" in found:
            found = self.page(limit=query.get("limit", 100), cursor=found["next"])
            assert found["as_of"] == as_of
            people += found["people"]
        return people, as_of


def ids(people: Iterable[dict[str, Any]]) -> list[str]:
    """Whom a page is about."""
    return [each["id"] for each in people]
