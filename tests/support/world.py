"""A small world for tests: one provider, its people, their phones, and records as a phone makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import identity, providers, sync
from app.kernel import new_uuid7
from app.providers import MemberView, ProviderView, Role
from app.sync import Batch, Digest, Reply, Sender
from app.sync.digest import NOTHING

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


@dataclass(kw_only=True)
class Phone:
    """One person's phone, and the records it makes."""

    person_id: int
    person_uuid: UUID
    provider_id: int
    dev: UUID
    append: str
    read: str
    seq: int = 0
    made: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sender(self) -> Sender:
        return Sender(person_id=self.person_id, person_uuid=self.person_uuid, provider_id=self.provider_id)

    def record(self, kind: str = "look-back.answered", data: Any = None, **changes: Any) -> dict[str, Any]:
        """A new record with the next number. `changes` replace parts of the envelope."""
        self.seq += 1
        made = {
            "id": str(new_uuid7()),
            "v": 1,
            "kind": kind,
            "dev": str(self.dev),
            "seq": self.seq,
            "at": "2026-06-15T10:00:00.000Z",
            "mono": 1000 * self.seq,
            "off": 0,
            "edition": None,
            "app": "test",
            "lang": "en",
            "data": {"items": []} if data is None else data,
            **changes,
        }
        self.made.append(made)
        return made

    def answered(self, sha: str, answers: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A record of one attempt."""
        data = {
            "module": "a-module",
            "edition_no": 1,
            "attempt": str(new_uuid7()),
            "seed": 7,
            "started": "2026-06-15T09:55:00.000Z",
            "seconds": 240,
            "answers": answers,
        }
        return self.record("quiz.answered", data, edition=sha, **changes)

    def read_lesson(self, sha: str, lesson: str = "look", **changes: Any) -> dict[str, Any]:
        """A record of a lesson read."""
        data = {"module": "a-module", "edition_no": 1, "lesson": lesson, "part": 1, "seconds": 40}
        return self.record("lesson.read", data, edition=sha, **changes)

    def batch(self, *records: Any, held: Digest = NOTHING) -> Batch:
        """These records as they come in one request."""
        return Batch(dev=self.dev, person=self.person_uuid, held=held, records=records)

    def send(self, session: Session, *records: Any, held: Digest = NOTHING, now: datetime = NOW) -> Reply:
        """Send records and commit, as the edge does."""
        reply = sync.accept(session, self.batch(*records, held=held), self.sender, now=now)
        session.commit()
        return reply


def words(reply: Reply) -> list[str]:
    """The receipts, as words with their codes."""
    return [f"{each.r}:{each.code}" if each.code else str(each.r) for each in reply.receipts]


def add_provider(session: Session, name: str = "Bramble Home Care") -> ProviderView:
    """A provider whose people are told to ask Priya."""
    return providers.add_provider(session, name, contact="Priya", now=NOW - timedelta(days=400))


def add_person(
    session: Session, provider: ProviderView, name: str = "Ngozi Obi", roles: tuple[Role, ...] = (Role.LEARNER,)
) -> MemberView:
    """One of the provider's people."""
    return providers.add_person(session, provider.id, name, roles, now=NOW - timedelta(days=300))


def add_phone(session: Session, member: MemberView, *, now: datetime = NOW) -> Phone:
    """A phone of this person, enrolled; committed."""
    enrolled = identity.enrol_phone(session, member.person_id, provider_id=member.provider_id, now=now)
    session.commit()
    return Phone(
        person_id=member.person_id,
        person_uuid=member.person_uuid,
        provider_id=member.provider_id,
        dev=enrolled.dev,
        append=enrolled.append,
        read=enrolled.read or "",
    )


def one_phone(session: Session, *, now: datetime = NOW) -> Phone:
    """A phone of the only person of the only provider."""
    return add_phone(session, add_person(session, add_provider(session)), now=now)
