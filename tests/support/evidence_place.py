"""A provider with something to show an inspector, on days that never change; and its packs, opened."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import audit, learning, providers
from app.compliance import evidence
from app.compliance.evidence import Made, Packed, Scope
from app.content.exports import PdfMissing
from app.providers import MemberView, ProviderView, Role
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.world import NOW, Phone, add_phone

RIGHT, WRONG = {"first-thing": ["b"]}, {"first-thing": ["a"]}
DAY = date(2026, 6, 10)
MADE = Made(
    at=datetime(2026, 6, 15, 12, 0, tzinfo=UTC),
    by="Priya Nair",
    server="https://learn.example.org",
    trail="7:" + "a" * 64,
)
ALL_PARTS = tuple(evidence.PARTS)
PACK = UUID("018f0000-0000-7000-8000-000000000001")


def no_printer(_html: str) -> bytes:
    """What a server without WeasyPrint has."""
    raise PdfMissing("PDFs need WeasyPrint and Pango.")


def scope(**changes: Any) -> Scope:
    """What a pack is about: everything of three months, as at the tenth of June."""
    usual = Scope(
        since=date(2026, 3, 1),
        until=DAY,
        as_at=DAY,
        people=None,
        parts=ALL_PARTS,
        labels=evidence.usual_labels(),
    )
    return replace(usual, **changes)


@dataclass
class Bramble:
    """Priya manages; Ngozi is late with one module, Marta did hers late, Old Tom has left. Everything is committed."""

    session: Session
    provider: ProviderView
    priya: MemberView
    ngozi: MemberView
    marta: MemberView
    tom: MemberView
    phone: Phone
    shas: dict[str, str]

    def contents(self, wanted: Scope | None = None, *, now: datetime = NOW) -> evidence.Contents:
        """Read a pack's contents as they are at `now`."""
        found = evidence.contents_of(self.session, self.provider.id, wanted or scope(), now=now)
        self.session.rollback()
        return found

    def pack(self, wanted: Scope | None = None, *, made: Made = MADE, now: datetime = NOW) -> Packed:
        """Make a pack at `now`, as it would be made at `made`; without PDFs, which take a second each."""
        return evidence.build(self.contents(wanted, now=now), made, PACK, printer=no_printer)

    def uuids(self) -> dict[str, str]:
        """The uuids of everybody, each with a name to stand for it: they differ each time."""
        members = providers.list_members(self.session, self.provider.id, with_ended=True)
        return {str(member.person_uuid): f"<{member.name}>" for member in members}


def bramble(session: Session) -> Bramble:
    """Make the provider."""
    publish_core(session)
    provider = providers.add_provider(session, "Bramble Home Care", contact="Priya", now=NOW - timedelta(days=400))
    people = {
        name: _add(session, provider, name, roles)
        for name, roles in (
            ("Priya Nair", (Role.MANAGER,)),
            ("Ngozi Obi", (Role.LEARNER,)),
            ("Marta Kowalska", (Role.LEARNER, Role.ASSESSOR)),
            ("Old Tom", (Role.LEARNER,)),
        )
    }
    shas = {
        key: publish(session, edition(key, title=title, criteria=["13.1a"], sources=["HSE, INDG 401"]))
        for key, title in (("falls", "Falls"), ("choking", "Choking"))
    }
    made = Bramble(
        session,
        provider,
        people["Priya Nair"],
        people["Ngozi Obi"],
        people["Marta Kowalska"],
        people["Old Tom"],
        add_phone(session, people["Ngozi Obi"], now=NOW - timedelta(days=200)),
        shas,
    )
    _ask(made, made.ngozi, "falls", due=date(2026, 5, 1), on=datetime(2026, 4, 1, 9, tzinfo=UTC))
    _ask(made, made.ngozi, "choking", due=date(2026, 5, 20), on=datetime(2026, 4, 1, 9, tzinfo=UTC))
    _ask(made, made.marta, "falls", due=date(2026, 5, 1), on=datetime(2026, 4, 1, 9, tzinfo=UTC))
    answer(made, made.phone, "falls", WRONG, "2026-04-20T10:00:00.000Z")
    answer(made, made.phone, "falls", RIGHT, "2026-04-21T10:00:00.000Z")
    marta = add_phone(session, made.marta, now=NOW - timedelta(days=200))
    answer(made, marta, "falls", RIGHT, "2026-05-09T10:00:00.000Z")
    providers.end_membership(session, provider.id, made.tom.person_id, now=datetime(2026, 2, 1, tzinfo=UTC))
    session.commit()
    return made


def answer(made: Bramble, phone: Phone, module: str, answers: dict[str, Any], at: str, **sent: Any) -> None:
    """Answer a module on a phone at a moment, and send it then."""
    stamp = datetime.fromisoformat(at)
    phone.send(made.session, phone.answered(made.shas[module], answers, at=at), now=sent.get("now", stamp))


def opened(packed: Packed) -> dict[str, bytes]:
    """The files of a pack by name."""
    with zipfile.ZipFile(io.BytesIO(packed.body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    """The rows of one table."""
    found: list[dict[str, Any]] = json.loads(files[f"tables/{name}.json"])["rows"]
    return found


def without_uuids(made: Bramble, body: bytes) -> bytes:
    """A file with a name for each person's uuid, and nothing of the chain of the trail, whose hashes hold moments."""
    text = body.decode()
    for uuid, name in made.uuids().items():
        text = text.replace(uuid, name)
    return re.sub(r"\b[0-9a-f]{64}\b", "<hash>", text).encode()


def _add(session: Session, provider: ProviderView, name: str, roles: tuple[Role, ...]) -> MemberView:
    then = NOW - timedelta(days=300)
    member = providers.add_person(session, provider.id, name, roles, now=then)
    audit.note(
        session,
        "person.added",
        actor=audit.OPERATOR,
        now=then,
        provider=provider.uuid,
        subject=member.person_uuid,
        details={"roles": ",".join(sorted(roles))},
    )
    session.commit()
    return member


def _ask(made: Bramble, member: MemberView, module: str, *, due: date, on: datetime) -> None:
    by = made.priya
    learning.assign(made.session, made.provider.id, member.person_id, module, due=due, now=on, by=by.person_id)
    audit.note(
        made.session,
        "assignment.made",
        actor=audit.by_person(by.person_uuid),
        now=on,
        provider=made.provider.uuid,
        subject=member.person_uuid,
        details={"module": module, "due": due.isoformat()},
    )
    made.session.commit()
