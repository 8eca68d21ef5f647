"""What was shown at one provider, and is looked at by another."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import credentials, learning, recognised, requirements
from app.credentials import Kind
from app.interop import recognition
from app.interop.recognition import Item, Preview
from app.interop.sharing import NotReached
from app.providers import MemberView, ProviderView, Role
from app.recognised import Decision, RecognitionView, Stands, Statement
from tests.support.credentials import ORIGIN, SITE, Issuing
from tests.support.required import asks, cell
from tests.support.world import NOW, add_person, add_provider


def statement(**changes: object) -> Statement:
    """A statement as it is kept, whose signature held."""
    values: dict[str, object] = {
        "issuer": "did:web:heather.example",
        "issuer_name": "Heather Homes",
        "credential": "https://heather.example/credentials/1",
        "title": "Standard 13, Health and safety: knowledge",
        "named": "Ngozi Obi",
        "on": NOW.date(),
        "expires": None,
        "places": (("https://heather.example/status/1", 7),),
        "key": "did:web:heather.example#p256-1",
        "body": "a.statement.signed",
    }
    return Statement(**{**values, **changes})  # type: ignore[arg-type]


def recognised_something(
    session: Session, provider: ProviderView, member: MemberView, *, by: int | None = None
) -> None:
    """A statement about a person, handed in and decided on, by themselves unless another is named; committed."""
    here, me = provider.id, member.person_id
    by = me if by is None else by
    kept = recognised.keep(session, here, me, statement(title="recognised-canary", named=member.name), now=NOW, by=by)
    recognised.decide(
        session, here, me, kept, Decision.ACCEPTED, "decided-canary", stands=Stands(codes=("13.1a",)), now=NOW, by=by
    )
    session.commit()


class Abroad(Issuing):
    """A provider of another server, which issues there. What it serves is had by `fetch`, without a network between.

    `lies`: what is sent instead, by address; an error is raised. `asked`: what was asked for.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Thistle Care")
        self.lies: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []

    @property
    def did(self) -> str:
        return credentials.did_of(SITE, self.provider.uuid)

    @property
    def did_address(self) -> str:
        return f"{ORIGIN}/credentials/{self.provider.uuid}/did.json"

    @property
    def list_address(self) -> str:
        return credentials.address_of(SITE, self.provider.uuid, 1)

    def fetch(self, address: str, most: int) -> bytes:
        self.asked.append(address)
        body = self.lies.get(address) or self._body(address)
        if isinstance(body, Exception):
            raise body
        assert len(body) <= most
        return body

    def _body(self, address: str) -> bytes:
        here, uuid = self.provider.id, self.provider.uuid
        if address == self.did_address:
            return json.dumps(credentials.did_document(self.session, here, uuid, SITE)).encode()
        if address == self.list_address:
            signer = credentials.signer(self.session, here, uuid, SITE, now=NOW)
            return json.dumps(credentials.list_credential(self.session, here, address, 1, signer)).encode()
        raise NotReached(f"There is nothing at {address}. Does that server offer a catalogue?")

    def passport(self, *more: Any) -> bytes:
        """Everything that was issued to Ngozi, as she carries it in a file."""
        found = [credentials.find_signed(self.session, view.uuid) for view in self.live().values()]
        return presentation(*[each.jwt for each in found if each is not None], *more)

    def revokes(self, kind: Kind) -> None:
        uuid = self.live()[kind].uuid
        credentials.revoke(self.session, self.provider.id, uuid, "It was another person.", by=None, now=NOW)
        self.session.commit()


def presentation(*items: Any) -> bytes:
    """A file of signed statements, tokens and documents as they come."""
    listed = [
        {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{each}"}
        if isinstance(each, str)
        else each
        for each in items
    ]
    return json.dumps({"type": ["VerifiablePresentation"], "verifiableCredential": listed}).encode()


class Receiving:
    """Heather Homes, where Maya manages and Ngozi begins, known to nobody of Thistle Care by any number."""

    def __init__(self, session: Session, far: Abroad) -> None:
        self.session, self.far = session, far
        self.provider: ProviderView = add_provider(session, "Heather Homes")
        self.maya = add_person(session, self.provider, "Maya Lind", (Role.MANAGER,))
        self.ngozi = add_person(session, self.provider, "Ngozi Obi")
        session.commit()

    def needs(self, **changes: Any) -> UUID:
        """What a job needs: by default the module about safety, and line 13.2a seen at work."""
        values = {"modules": ("safe-at-work",), "practice": ("13.2a",), "refresh_months": None, **changes}
        training = requirements.add_training(self.session, self.provider.id, asks("Safe", **values), now=NOW)
        job = requirements.add_profile(self.session, self.provider.id, "Carer", None, [training], now=NOW)
        requirements.give(self.session, self.provider.id, job, [self.ngozi.person_id], now=NOW)
        requirements.carry_out(self.session, self.provider.id, NOW)
        self.session.commit()
        return training

    def look(self, data: bytes | None = None, *, who: MemberView | None = None, now: datetime = NOW) -> Preview:
        """Look at a passport as the page does, asking those who are trusted first."""
        data = self.far.passport() if data is None else data
        looked = recognition.ask(self.session, recognition.signed_by(data), self.far.fetch, now=now)
        recognition.take_in(self.session, looked, site=None, now=now)
        self.session.commit()
        return recognition.preview(self.session, who or self.ngozi, data, fetch=self.far.fetch, site=None, now=now)

    def trust(self, now: datetime = NOW) -> UUID:
        document = recognition.fetch_document(self.far.did, self.far.fetch)
        made = recognition.trust(self.session, self.provider.id, document, "Thistle Care", "I rang them.", now=now)
        recognition.settle(self.session, self.far.did, site=None, now=now)
        self.session.commit()
        return made

    def recognise(self, item: Item, *, now: datetime = NOW, **more: Any) -> UUID:
        more.setdefault("target", item.maps)
        reason = more.pop("reason", "I rang them and saw her passport.")
        made = recognition.recognise(
            self.session, self.provider.id, self.ngozi.person_id, item, reason, now=now, by=self.maya.person_id, **more
        )
        requirements.carry_out(self.session, self.provider.id, now)
        self.session.commit()
        return made

    def worker(self, now: datetime) -> None:
        """Look as the worker does."""
        recognition.look_at_due(self.session, self.far.fetch, site=None, now=now)

    def kept(self, moment: datetime | None = None) -> tuple[RecognitionView, ...]:
        return recognised.recognitions(self.session, self.provider.id, [self.ngozi.person_id], moment=moment)

    def cell(self, training: UUID, now: datetime = NOW, as_at: date | None = None) -> requirements.Cell:
        found = cell(self.session, self.provider.id, self.ngozi, training, now, as_at)
        assert found is not None
        return found

    def asked(self) -> set[str]:
        """The modules Ngozi is asked for."""
        found = learning.assignments_of(self.session, self.provider.id, [self.ngozi.person_id])
        return {each.module for each in found}
