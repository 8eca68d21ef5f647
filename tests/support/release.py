"""Believable rows in every table, for `tools/keep_release.py`, and reading what releases left behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import catalogue, identity, learning, providers, sync
from app.content import load
from app.content import queries as content
from app.content.service import publish, withdraw
from app.providers import Role
from app.sync import Batch, Sender
from app.sync.digest import NOTHING, with_ids
from tests.support.library import Place
from tests.support.site import ROOT

RELEASES = ROOT / "tests" / "releases"
NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
PASSWORD = "three quiet teapots"  # of made-up people, in a database nobody else has
PIN = "280417"


def versions() -> list[str]:
    """The versions whose databases and phones are kept, the oldest first."""
    found = [path.parent.name for path in RELEASES.glob("*/release.json")]
    return sorted(found, key=numbers)


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, to be compared."""
    return tuple(int(part) for part in version.split("."))


def kept(version: str, name: str) -> Any:
    """One of a release's JSON files, parsed."""
    return json.loads((RELEASES / version / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Who is in the database that was filled, and what they learned from. All of it is text, to be kept as JSON."""

    server: str
    person: dict[str, Any]
    edition: dict[str, Any]
    sha: str
    bytes: int
    right: dict[str, Any]
    sender: Sender


def right_answers(edition: dict[str, Any]) -> dict[str, Any]:
    """The right answer to each question that is marked, as a phone gives it: of a story, choices that end well."""
    questions = [part["question"] for part in edition["parts"] if part["kind"] == "question"]
    return {question["id"]: _right(question) for question in questions if _marked_here(question)}


def _marked_here(question: dict[str, Any]) -> bool:
    return question["kind"] != "reflection" and question["feedback"] == "instant"


def _right(question: dict[str, Any]) -> Any:
    match question["kind"]:
        case "ordering":
            return question["order"]
        case "matching":
            return question["pairs"]
        case "branching":
            return _path(question, question["start"], [])
    keys = [option["key"] for option in question["options"] if option["right"]]
    return keys if question["kind"] == "multiple" else keys[0]


def _path(question: dict[str, Any], key: str, walked: list[str]) -> list[str] | None:
    scene = next(each for each in question["scenes"] if each["key"] == key)
    if scene["ending"] == "good":
        return walked
    tries = (_path(question, choice["to"], [*walked, choice["key"]]) for choice in scene["choices"] if len(walked) < 9)
    return next((path for path in tries if path is not None), None)


def fill(session: Session, scratch: Path) -> Made:
    """Fill a database that has tables: lessons, a provider with its people, what was asked of them. Commits."""
    place = Place(scratch / "content")
    publish(session, load(place.root), now=NOW - timedelta(days=200))
    place.edit(("edition: 1", "edition: 2\nchange: minor"), ("one step down", "a step down"))
    publish(session, load(place.root), now=NOW - timedelta(days=20))
    bramble = providers.add_provider(session, "Bramble Home Care", contact="Priya", now=NOW - timedelta(days=300))
    providers.add_provider(session, "Willow Care", contact="Sam", now=NOW - timedelta(days=100))

    def add(name: str, *roles: Role, sign_in_name: str | None = None) -> providers.MemberView:
        return providers.add_person(
            session, bramble.id, name, roles, now=NOW - timedelta(days=250), sign_in_name=sign_in_name
        )

    priya = add("Priya Nair", Role.MANAGER, Role.ASSESSOR, sign_in_name="priya")
    identity.set_password(session, priya.person_id, PASSWORD)
    ngozi, marta, callum = (add(name, Role.LEARNER) for name in ("Ngozi Obi", "Marta Kowalska", "Callum Reid"))
    identity.set_pin(session, ngozi.person_id, PIN)
    phone = identity.enrol_phone(session, ngozi.person_id, provider_id=bramble.id, now=NOW - timedelta(days=2))
    providers.issue_invite(
        session, bramble.id, callum.person_id, secret=b"a key of tests", now=NOW, issued_by=priya.person_id
    )
    providers.end_membership(session, bramble.id, marta.person_id, now=NOW - timedelta(days=3))
    module = "on-the-stairs"
    learning.assign(
        session, bramble.id, ngozi.person_id, module, due=date(2026, 7, 1), now=NOW - timedelta(days=9),
        by=priya.person_id,
    )  # fmt: skip
    learning.reset_attempts(session, bramble.id, ngozi.person_id, module, now=NOW, by=priya.person_id)
    catalogue.let_go(session, bramble.id, "extra", now=NOW, by=priya.person_id)
    catalogue.adopt(session, bramble.id, "extra", now=NOW, by=priya.person_id)
    catalogue.let_go(session, bramble.id, "extra", now=NOW, by=priya.person_id)
    identity.take_try(session, f"pin:{ngozi.person_uuid}", now=NOW)
    info = next(each for each in content.all_editions(session) if each.number == 1)
    withdraw(session, module, 1, reason="A step was named wrongly.", safety=False, now=NOW - timedelta(days=19))
    stored = content.edition_by_sha(session, info.sha)
    assert stored is not None
    edition = json.loads(stored.body)
    session.commit()
    return Made(
        server=str(sync.server_id(session)),
        person={
            "id": str(ngozi.person_uuid),
            "name": ngozi.name,
            "provider": {"id": str(bramble.uuid), "name": bramble.name},
            "contact": bramble.contact,
            "dev": str(phone.dev),
            "append": phone.append,
            "read": phone.read,
        },
        edition=edition,
        sha=info.sha,
        bytes=info.bytes,
        right=right_answers(edition),
        sender=Sender(person_id=ngozi.person_id, person_uuid=ngozi.person_uuid, provider_id=bramble.id),
    )


def take(session: Session, made: Made, sent: list[dict[str, Any]]) -> None:
    """Take in what the phone sent, one record that nobody can judge, and other content under a known id. Commits."""
    dev = UUID(made.person["dev"])
    strange = {**sent[0], "id": "019af3c2-7d50-7000-8000-00000000dead", "kind": "observation.made", "seq": 900}
    changed = {**sent[0], "lang": "cy"}
    for batch in ([*sent, strange], [changed]):
        held = with_ids(NOTHING, [])
        sync.accept(
            session, Batch(dev=dev, person=made.sender.person_uuid, held=held, records=tuple(batch)), made.sender,
            now=NOW,
        )  # fmt: skip
    session.commit()
