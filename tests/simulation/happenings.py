"""What befalls the server's people, phones and content, done by the services that the screens and commands use.

Each public function but the first two answers one `do` of the simulator, in a transaction its caller commits; `said` is
the message.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import content, identity, learning, providers, sync
from app.cli.worker import HeldRecords
from app.content.errata import errata_of
from app.content.service import withdraw as withdraw_edition
from app.identity.models import Device, Person, Token
from app.kernel import utc_now
from app.providers import Role
from app.sync.copies import read_copy, take_copy
from app.sync.rebuild import judge_held
from tests.support.editions import edition, option, pick_one
from tests.support.publishing import add_edition, publish_core

Message = dict[str, Any]

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
PROVIDERS = (("Bramble Home Care", "Priya"), ("Clover Care", "Joan"))
NAMES = ("Ngozi", "Tom", "Ela", "Sam")
# Asked for of everybody; "meals" is there for who wants it, and runs out soonest.
ASKED = ("falls", "hands")
MONTHS = {"falls": 12, "hands": 24, "meals": 1}
PIN = "384756"


def fill(session: Session) -> None:
    """Two providers, four people of the first, three modules."""
    for name, contact in PROVIDERS:
        providers.add_provider(session, name, contact=contact, now=START)
    publish_core(session)
    for key in MONTHS:
        _publish(session, {"key": key, "number": 1, "change": "minor", "right": "bb", "format": 1}, _long_ago())
    first = providers.list_providers(session)[0]
    for name in NAMES:
        member = providers.add_person(session, first.id, name, (Role.LEARNER,), now=START)
        identity.set_pin(session, member.person_id, PIN)
        _ask(session, first.id, member.person_id, START)
    session.commit()


def who_is_here(session: Session) -> Message:
    """The server's name for itself, its people and its providers, in the order they were added."""
    people = session.scalars(select(Person).order_by(Person.id)).all()
    return {
        "server": str(sync.server_id(session)),
        "people": [{"id": str(each.uuid), "name": each.name} for each in people],
        "providers": [str(each.uuid) for each in providers.list_providers(session)],
    }


def _long_ago() -> datetime:
    return START - timedelta(days=200)


def _ask(session: Session, provider_id: int, person_id: int, now: datetime) -> None:
    for key in ASKED:
        due = (now + timedelta(days=20)).date()
        learning.assign(session, provider_id, person_id, key, due=due, now=now)


def _publish(session: Session, said: Message, at: datetime) -> None:
    key, number = said["key"], said["number"]
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{key} {number}</title></svg>'.encode()
    picture = content.models.Media(
        sha=hashlib.sha256(drawing).hexdigest(), type="image/svg+xml", kind="picture", body=drawing, published_at=at
    )
    session.add(picture)
    questions = [pick_one(), pick_one("and-then", must=True)]
    for question, right in zip(questions, said["right"], strict=True):
        question["options"] = [option(letter, right=letter == right) for letter in "ab"]
    body = edition(
        key,
        number,
        change=said["change"],
        format=said["format"],
        valid_for_months=MONTHS[key],
        questions=questions,
        media=[
            {"sha": picture.sha, "name": "a.svg", "type": picture.type, "kind": picture.kind, "bytes": len(drawing)}
        ],
    )
    add_edition(session, body, at=at)


def publish(session: Session, said: Message) -> Message:
    """Publish what is missing of `editions`, as the operator does again after a restore."""
    numbers = content.models.Edition.module, content.models.Edition.number
    known = set(session.execute(select(*numbers)).tuples())
    for each in said["editions"]:
        if (each["key"], each["number"]) not in known:
            _publish(session, each, datetime.fromisoformat(each["at"]))
    judge_held(session)
    for each in said["editions"]:
        _put_right(session, each)
    return {}


def _put_right(session: Session, said: Message) -> None:
    """Put right what is missing of an edition's `errata`, in their order; what is there is left alone."""
    editions = content.models.Edition
    where = (editions.module == said["key"], editions.number == said["number"])
    sha = session.scalars(select(editions.sha).where(*where)).one()
    known = len(errata_of(session, [sha]).get(sha, ()))
    for question, right in said["errata"][known:]:
        sync.correct(session, said["key"], said["number"], question, [right], reason="It was wrong.", now=utc_now())


def decide(session: Session, said: Message) -> Message:
    """A manager decides about the first pass of a person that only a wrong key gave."""
    person, now = _person(session, said), utc_now()
    for provider in providers.list_providers(session):
        for each in learning.passes_to_decide(session, provider.id):
            if each.person_id == person.id:
                stands = bool(said["stands"])
                learning.decide_pass(session, provider.id, person.id, each.record, stands=stands, now=now, by=None)
                return {"record": str(each.record)}
    return {"record": None}


def look(session: Session, _said: Message) -> Message:
    """What the worker does after an upgrade, through its own job."""
    HeldRecords()(utc_now())
    return {}


def withdraw(session: Session, said: Message) -> Message:
    withdraw_edition(
        session, said["key"], said["number"], reason="Wrong", safety=bool(said.get("safety")), now=utc_now()
    )
    return {}


def rebuild(session: Session, _said: Message) -> Message:
    sync.rebuild(session)
    return {}


def _person(session: Session, said: Message) -> identity.PersonView:
    person = identity.find_person(session, UUID(said["person"]))
    assert person is not None
    return person


def leave(session: Session, said: Message) -> Message:
    """End a person's places, as a manager does on the person's page."""
    person, now = _person(session, said), utc_now()
    places = providers.memberships_of(session, person.id, now=now)
    for place in places:
        providers.end_membership(session, place.provider.id, person.id, now=now)
        providers.revoke_invites(session, place.provider.id, person.id, now=now)
    return {"left": [str(place.provider.uuid) for place in places]}


def take_on(session: Session, said: Message) -> Message:
    """Give a person a place at a provider: new there, or brought back."""
    person, now = _person(session, said), utc_now()
    provider = providers.find_provider(session, UUID(said["provider"]))
    assert provider is not None
    providers.add_membership(session, provider.id, person.id, (Role.LEARNER,), now=now)
    _ask(session, provider.id, person.id, now)
    return {}


def enrol(session: Session, said: Message) -> Message:
    """What POST /devices does for somebody who came in by a code of `provider`, or of the one they joined last."""
    person, now = _person(session, said), utc_now()
    places = providers.memberships_of(session, person.id, now=now)
    found = [place for place in places if said["provider"] in (None, str(place.provider.uuid))]
    if not found:
        return {}
    provider = found[0].provider
    made = identity.enrol_phone(session, person.id, provider_id=provider.id, now=now)
    return {
        "dev": str(made.dev),
        "append": made.append,
        "read": made.read,
        "provider": {"id": str(provider.uuid), "name": provider.name},
    }


def home_of(session: Session, said: Message) -> Message:
    """At which provider the server has this phone."""
    found = session.scalars(select(Device.provider_id).where(Device.uuid == UUID(said["dev"]))).one_or_none()
    provider = None if found is None else providers.find_provider(session, found)
    return {"provider": provider and str(provider.uuid)}


def end_sign_in(session: Session, said: Message) -> Message:
    """End all tokens of one phone."""
    for token in session.scalars(select(Token).join(Device).where(Device.uuid == UUID(said["dev"]))):
        token.revoked_at = utc_now()
    return {}


def lost_phone(session: Session, said: Message) -> Message:
    """A manager ends a phone that was lost, whichever of its ids they saw. Returns every id it had."""
    person, dev = _person(session, said), UUID(said["dev"])
    phones = identity.phones_of(session, person.id)
    glass = {phone.glass for phone in phones if phone.uuid == dev}
    identity.end_phone(session, person.id, dev, now=utc_now())
    return {"ended": [str(phone.uuid) for phone in phones if phone.glass in glass]}


def hand_in(session: Session, said: Message) -> Message:
    """A manager of each provider hands in the copy a phone saved: what was made elsewhere is not theirs to take."""
    copy = read_copy(json.dumps(said["copy"]).encode())
    person = identity.find_person(session, copy.person)
    assert person is not None
    for provider in providers.list_providers(session):
        sender = sync.Sender(person_id=person.id, person_uuid=person.uuid, provider_id=provider.id)
        take_copy(session, copy, sender, server=sync.server_id(session), by=provider.uuid, now=utc_now())
    return {}
