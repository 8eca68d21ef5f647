"""A phone that keeps records and sends them later, as the real one does, through the same intake."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import identity, sync
from app.cli.seeding.answers import tries
from app.content import Quiz
from app.kernel import new_uuid7
from app.learning import Question, quiz_of
from app.providers import CODE_ALPHABET, MemberView, ProviderView
from app.sync import Batch, ReceiptWord, Sender
from app.sync.digest import NOTHING, with_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record as it is kept on a phone, before it has its number. `sha` is the edition it is about, or None."""

    at: datetime
    kind: str
    data: dict[str, Any]
    sha: str | None = None
    id: UUID | None = None


class Phone:
    """One person's phone."""

    def __init__(self, session: Session, provider: ProviderView, member: MemberView, since: datetime) -> None:
        enrolled = identity.enrol_phone(session, member.person_id, provider_id=provider.id, now=since)
        self.session = session
        self.dev: UUID = enrolled.dev
        self.sender = Sender(person_id=member.person_id, person_uuid=member.person_uuid, provider_id=provider.id)
        self.seq = 0
        self.held = NOTHING
        self.last = since

    def is_heard_of(self) -> None:
        """Sign in with the PIN when it was last used, as it moves its tokens on: the server then knows of it."""
        identity.renew_tokens(
            self.session, self.sender.person_id, self.dev, provider_id=self.sender.provider_id, now=self.last
        )

    def send(self, kept: Sequence[Kept], received: datetime) -> None:
        """Send records in one batch, which the server gets at `received`. Raises ValueError when it refuses one."""
        records = tuple(self._record(each) for each in kept)
        batch = Batch(dev=self.dev, person=self.sender.person_uuid, held=self.held, records=records)
        reply = sync.accept(self.session, batch, self.sender, now=received)
        refused = [receipt for receipt in reply.receipts if receipt.r is ReceiptWord.REFUSED]
        if refused:
            raise ValueError(f"A made-up record was refused: {refused[0]}")
        self.held = with_ids(self.held, (receipt.id for receipt in reply.receipts))
        self.last = max(self.last, received)

    def _record(self, kept: Kept) -> dict[str, Any]:
        self.seq += 1
        return {
            "id": str(kept.id or new_uuid7()),
            "v": 1,
            "kind": kept.kind,
            "dev": str(self.dev),
            "seq": self.seq,
            "at": iso(kept.at),
            "mono": self.seq * 60_000,
            "off": 0,
            "edition": kept.sha,
            "app": "seed",
            "lang": "en",
            "data": kept.data,
        }


def studied(quiz: Quiz, start: datetime, how: str, luck: random.Random, *, lessons: bool = True) -> list[Kept]:
    """Return what a phone keeps when somebody does a module once: each lesson read, then the questions."""
    edition, sha, at = quiz.edition, quiz.sha, start
    about = {"module": edition["key"], "edition_no": edition["edition"]}
    kept = []
    for number, part in enumerate(edition["parts"], 1):
        seconds = luck.randint(20, 75)
        at += timedelta(seconds=seconds)
        if part["kind"] == "lesson" and lessons:
            data = {**about, "lesson": part["id"], "part": number, "seconds": seconds}
            kept.append(Kept(at=at, kind="lesson.read", data=data, sha=sha))
    answers = {question.id: tried for question in _questions(quiz) if (tried := tries(question, how, luck)) is not None}
    data = {
        **about,
        "attempt": str(new_uuid7()),
        "seed": luck.getrandbits(32),
        "started": iso(start),
        "seconds": int((at - start).total_seconds()),
        "answers": answers,
    }
    kept.append(Kept(at=at, kind="quiz.answered", data=data, sha=sha))
    return kept


_known: dict[str, tuple[Question, ...]] = {}


def _questions(quiz: Quiz) -> tuple[Question, ...]:
    """Return an edition's questions; read once, as an edition never changes."""
    if quiz.sha not in _known:
        _known[quiz.sha] = tuple(quiz_of(quiz.edition, quiz.answer_key).questions)
    return _known[quiz.sha]


def short_code(luck: random.Random) -> str:
    """Return eight characters as an assessor's phone shows them."""
    return "".join(luck.choices(CODE_ALPHABET, k=8))


def iso(moment: datetime) -> str:
    """Return a moment as phones write it, with milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
