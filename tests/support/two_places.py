"""Ngozi at Bramble with her phone, and Thistle Care, who has just added her anew and made her a code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView
from tests.support.api import checked
from tests.support.website import Place, set_up

PIN = "274913"


@dataclass
class Two:
    """Ngozi at Bramble with her PIN and her phone, and Thistle, who has just added her anew and made a code."""

    app: Flask
    bramble: Place
    thistle: Place
    ngozi: MemberView
    fresh: MemberView
    code: str

    def add(self, **changes: object) -> TestResponse:
        """Send the code from her phone, the reply checked against the API's description."""
        sent = {"proto": 1, "code": self.code, "person": str(self.ngozi.person_uuid), "pin": PIN, **changes}
        client = self.app.test_client(use_cookies=False)
        db.session.rollback()
        reply = checked(client.post("/api/v1/places", data=json.dumps(sent), content_type="application/json"))
        db.session.rollback()
        return reply

    def error(self, **changes: object) -> tuple[int, str, str | None]:
        """The status, code and field of a refusal."""
        reply = self.add(**changes)
        error: dict[str, Any] = reply.get_json()["error"]
        return reply.status_code, error["code"], error.get("field")

    def places(self) -> list[str]:
        """Where Ngozi has a place now."""
        found = providers.memberships_of(db.session(), self.ngozi.person_id, now=utc_now())
        return sorted(place.provider.name for place in found)


def add_anew(app: Flask, bramble: Place) -> Two:
    """Ngozi joined at Bramble; then Maya of Thistle adds her, as she is not on Maya's list; committed."""
    ngozi = bramble.add("Ngozi Obi")
    identity.set_pin(db.session(), ngozi.person_id, PIN)
    identity.enrol_phone(db.session(), ngozi.person_id, provider_id=bramble.provider.id, now=utc_now())
    db.session.commit()
    thistle = set_up("Thistle Care", "Maya Lind", "maya")
    fresh = thistle.add("Ngozi Obi-Ade")
    return Two(app, bramble, thistle, ngozi, fresh, thistle.code_for(fresh))
