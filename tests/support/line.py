"""A phone's line to a real server: one request, and whatever comes back, refusals too."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import sync
from app.kernel import prepare_engine, utc_now
from app.sync.digest import NOTHING
from tests.support.site import Site
from tests.support.world import Phone, one_phone


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply: its status, its headers, its JSON."""

    status: int
    headers: dict[str, str]
    json: dict[str, Any]

    @property
    def words(self) -> list[str]:
        """The word of each receipt."""
        return [each["r"] for each in self.json["receipts"]]


@dataclass
class Line:
    """One phone of one server."""

    site: Site
    phone: Phone
    server: str

    def body(self, *records: dict[str, Any]) -> bytes:
        """A batch, as it goes over the line."""
        batch = {
            "proto": 1,
            "server": self.server,
            "dev": str(self.phone.dev),
            "person": str(self.phone.person_uuid),
            "batch": "one",
            "app": "test",
            "now": "2026-06-15T12:00:00.000Z",
            "held": {"n": NOTHING.n, "x": NOTHING.x},
            "records": records,
        }
        return json.dumps(batch).encode()

    def send(self, *records: dict[str, Any]) -> Heard:
        """Send records and hear the reply. Raises URLError and its like when there is none."""
        return self._ask("records", self.phone.append, self.body(*records))

    def state(self) -> Heard:
        """Ask for the state."""
        return self._ask("state", self.phone.read, None)

    def _ask(self, path: str, token: str, body: bytes | None) -> Heard:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.site.origin}/api/v1/{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                return Heard(reply.status, dict(reply.headers), json.loads(reply.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Heard(error.code, dict(error.headers), json.loads(error.read()))


def join(site: Site, url: str | None = None) -> Line:
    """Enrol a phone straight in the database; joining is not what is tried."""
    engine = create_engine(url or f"sqlite:///{site.folder / 'between-visits.sqlite'}")
    prepare_engine(engine)
    with Session(engine) as session:
        line = Line(site, one_phone(session, now=utc_now()), str(sync.server_id(session)))
    engine.dispose()
    return line
