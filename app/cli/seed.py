"""`flask seed`: a small believable provider for development, with months of records that came the ordinary way.

The records are made as phones make them and taken in by the same intake, so every page and figure drawn from them is
one that real use would give.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app import catalogue, identity, learning, providers, sync
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.cli.person import settings
from app.content import Quiz
from app.content import queries as content
from app.extensions import db
from app.kernel import new_uuid7, utc_now
from app.learning import Question, quiz_of
from app.providers import MemberView, ProviderView, Role
from app.sync import Batch, Sender
from app.sync.digest import NOTHING

DEVELOPMENT_PASSWORD = "between visits dev"  # noqa: S105 - only `flask seed` sets it, and never in production
DEVELOPMENT_PIN = "274913"
PROVIDER = "Bramble Home Care"
# The same people with the same history each time, so that a picture taken today fits the one taken last week.
LUCK = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One attempt: the how-manyth module, how long ago, how well ("well", "mixed", "badly"), how long unsent."""

    module: int
    days_ago: float
    how: str = "well"
    hours_unsent: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """Somebody to make up. `asked`: the how-manyth module and the days from now it is due in, None for no date."""

    name: str
    days_here: int
    joined: bool = True
    studies: tuple[Study, ...] = ()
    asked: tuple[tuple[int, int | None], ...] = ()
    left_days_ago: int | None = None
    held: bool = False


CARERS = (
    Carer(
        name="Ngozi Obi",
        days_here=210,
        studies=tuple(Study(module=n, days_ago=150 - 20 * n, hours_unsent=n % 3 * 4) for n in range(6)),
        asked=((6, 20), (7, 45), (2, None)),
    ),
    Carer(
        name="Marta Kowalska",
        days_here=400,
        studies=(
            Study(module=0, days_ago=380),
            Study(module=1, days_ago=378, how="mixed"),
            Study(module=3, days_ago=40),
        ),
        asked=((0, -15), (1, -3), (4, 12)),
    ),
    Carer(name="Delroy Campbell", days_here=95, studies=(Study(module=0, days_ago=80),), asked=((1, -19), (2, 6))),
    Carer(
        name="Aisha Rahman",
        days_here=160,
        studies=tuple(Study(module=n, days_ago=120 - 12 * n, how="well" if n % 3 else "mixed") for n in range(8)),
        asked=((8, 60),),
    ),
    Carer(
        name="Gwen Pritchard",
        days_here=700,
        studies=tuple(Study(module=n, days_ago=200 - 9 * n, hours_unsent=30) for n in range(10)),
        asked=((3, None), (5, None)),
    ),
    Carer(
        name="Kwame Mensah",
        days_here=34,
        studies=(
            Study(module=0, days_ago=30),
            Study(module=1, days_ago=0.15, how="badly"),
            Study(module=1, days_ago=0.13, how="badly"),
            Study(module=1, days_ago=0.11, how="badly"),
        ),
        asked=((1, 4), (2, 18)),
    ),
    Carer(name="Sunita Thapa", days_here=60, studies=(Study(module=0, days_ago=50, how="badly"),), asked=((0, 9),)),
    Carer(
        name="Ioana Popescu",
        days_here=250,
        studies=(Study(module=2, days_ago=21, hours_unsent=260), Study(module=4, days_ago=20, hours_unsent=240)),
        asked=((2, 30), (4, 30), (5, 30)),
        held=True,
    ),
    Carer(name="Callum Reid", days_here=12, joined=False, asked=((0, 16), (1, 30))),
    Carer(name="Fatuma Ali", days_here=2, joined=False),
    Carer(name="Jean-Paul Mukendi", days_here=45, studies=(Study(module=0, days_ago=3),), asked=((0, 1), (1, 14))),
    Carer(name="Bronagh O'Neill", days_here=310, studies=(Study(module=5, days_ago=90),), left_days_ago=25),
    Carer(name="Chidi Eze", days_here=5, asked=((0, 25),)),
)


def fill(session: Session, *, pin: str, now: datetime) -> ProviderView:
    """Add the made-up provider, its people and their history. The caller commits.

    Modules must have been published before; without any, people are there but have no history.
    """
    luck = random.Random(LUCK)  # noqa: S311 - made-up history, not secrets
    provider = providers.add_provider(session, PROVIDER, contact="Priya", now=now - timedelta(days=800))
    _add_staff(session, provider, now)
    shas = [offer.edition.sha for offer in catalogue.listing(session, provider.id).offers]
    for carer in CARERS:
        _add_carer(session, provider, carer, shas, pin, luck, now)
    noted("server.seeded", provider=provider.uuid)
    return provider


def _add_staff(session: Session, provider: ProviderView, now: datetime) -> None:
    for name, sign_in, roles in (
        ("Priya Nair", "priya", (Role.MANAGER, Role.ASSESSOR)),
        ("Tom Price", "tom", (Role.TRAINER,)),
    ):
        member = providers.add_person(
            session, provider.id, name, roles, now=now - timedelta(days=790), sign_in_name=sign_in
        )
        identity.set_password(session, member.person_id, DEVELOPMENT_PASSWORD)


def _add_carer(
    session: Session,
    provider: ProviderView,
    carer: Carer,
    shas: list[str],
    pin: str,
    luck: random.Random,
    now: datetime,
) -> None:
    began = now - timedelta(days=carer.days_here)
    member = providers.add_person(session, provider.id, carer.name, (Role.LEARNER,), now=began)
    editions = content.quizzes(session, shas)
    for place, due in carer.asked:
        if place < len(shas):
            learning.assign(
                session,
                provider.id,
                member.person_id,
                editions[shas[place]].key,
                due=None if due is None else (now + timedelta(days=due)).date(),
                now=began + (now - began) * 0.2,
            )
    if carer.joined:
        identity.set_pin(session, member.person_id, pin)
        phone = _Phone(session, provider, member, began + timedelta(hours=3))
        for study in carer.studies:
            if study.module < len(shas):
                phone.study(editions[shas[study.module]], study, luck, now)
        if carer.held:
            phone.send_what_nobody_knows(now - timedelta(days=2))
        phone.is_heard_of()
    if carer.left_days_ago is not None:
        left = now - timedelta(days=carer.left_days_ago)
        providers.end_membership(session, provider.id, member.person_id, now=left)


class _Phone:
    """A phone that keeps records and sends them later, as the real one does."""

    def __init__(self, session: Session, provider: ProviderView, member: MemberView, since: datetime) -> None:
        enrolled = identity.enrol_phone(session, member.person_id, provider_id=provider.id, now=since)
        self.session = session
        self.dev: UUID = enrolled.dev
        self.sender = Sender(person_id=member.person_id, person_uuid=member.person_uuid, provider_id=provider.id)
        self.seq = 0
        self.last = since

    def is_heard_of(self) -> None:
        """Sign in with the PIN when it was last used, as it moves its tokens on: the server then knows of it."""
        identity.renew_tokens(
            self.session, self.sender.person_id, self.dev, provider_id=self.sender.provider_id, now=self.last
        )

    def study(self, quiz: Quiz, study: Study, luck: random.Random, now: datetime) -> None:
        """Read every lesson, answer every question, and send it all when there is signal."""
        edition, sha = quiz.edition, quiz.sha
        start = now - timedelta(days=study.days_ago)
        at = start
        records = []
        about = {"module": edition["key"], "edition_no": edition["edition"]}
        for number, part in enumerate(edition["parts"], 1):
            seconds = luck.randint(20, 75)
            at += timedelta(seconds=seconds)
            if part["kind"] == "lesson":
                data = {**about, "lesson": part["id"], "part": number, "seconds": seconds}
                records.append(self._record("lesson.read", at, sha, data))
        answers = {
            question.id: tries
            for question in quiz_of(edition, quiz.answer_key).questions
            if (tries := _tries(question, study.how, luck)) is not None
        }
        data = {
            **about,
            "attempt": str(new_uuid7()),
            "seed": luck.getrandbits(32),
            "started": _iso(start),
            "seconds": int((at - start).total_seconds()),
            "answers": answers,
        }
        records.append(self._record("quiz.answered", at, sha, data))
        self._send(records, min(now, at + timedelta(hours=study.hours_unsent, seconds=40)))

    def send_what_nobody_knows(self, at: datetime) -> None:
        """Send a record of a kind a newer app might make: the server holds it for somebody to see."""
        self._send([self._record("observation.made", at, None, {"note": "made by a newer app"})], at)

    def _record(self, kind: str, at: datetime, sha: str | None, data: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        return {
            "id": str(new_uuid7()),
            "v": 1,
            "kind": kind,
            "dev": str(self.dev),
            "seq": self.seq,
            "at": _iso(at),
            "mono": self.seq * 60_000,
            "off": 0,
            "edition": sha,
            "app": "seed",
            "lang": "en",
            "data": data,
        }

    def _send(self, records: list[dict[str, Any]], received: datetime) -> None:
        batch = Batch(dev=self.dev, person=self.sender.person_uuid, held=NOTHING, records=tuple(records))
        sync.accept(self.session, batch, self.sender, now=received)
        self.last = max(self.last, received)


def _tries(question: Question, how: str, luck: random.Random) -> list[Any] | None:
    """Return the tries somebody makes at a question, or None when they leave it out."""
    right, wrong = _right_answer(question), _wrong_answer(question)
    if right is None:
        return [{"written": True}] if question.kind == "reflection" else None
    if how == "well" and (question.must or luck.random() < 0.93):
        return [right]
    if how == "badly" and luck.random() < 0.7:
        return [wrong]
    return [right] if how == "mixed" and luck.random() < 0.5 else [wrong, right]


def _right_answer(question: Question) -> Any:
    if not question.can_mark:
        return None
    match question.kind:
        case "single" | "truefalse":
            return min(question.right)
        case "multiple":
            return sorted(question.right)
        case "ordering":
            return list(question.order)
        case "matching":
            return dict(question.pairs)
        case "branching":
            return next(_paths(question, question.start, (), "good"), None)
    return None


def _wrong_answer(question: Question) -> Any:
    match question.kind:
        case "single" | "truefalse":
            return min(question.choices - question.right, default=min(question.choices))
        case "multiple":
            return sorted(question.choices - question.right)[:1]
        case "ordering":
            return list(reversed(question.order))
        case "matching":
            return dict(zip(question.pairs, reversed(list(question.pairs.values())), strict=True))
        case _:
            return []


def _paths(question: Question, scene: str, walked: tuple[str, ...], ending: str) -> Iterator[list[str]]:
    """Walk a story in every way that ends in `ending`, without going round in circles."""
    if question.endings.get(scene) == ending:
        yield list(walked)
    for choice, to in question.scenes.get(scene, {}).items():
        if len(walked) < 12:
            yield from _paths(question, to, (*walked, choice), ending)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@click.command("seed")
@with_appcontext
@json_option
@writes
def command(as_json: bool) -> None:
    """Fill an empty development server with Bramble Home Care. Refuses in production, and when anybody is here."""
    if settings().production:
        raise trouble("This is a production server. Made-up people do not belong beside real ones.")
    if providers.list_providers(db.session()):
        raise trouble("There is a provider here already. Nothing was changed.")
    provider = fill(db.session(), pin=DEVELOPMENT_PIN, now=utc_now())
    members = providers.list_members(db.session(), provider.id, with_ended=True)
    modules = len(catalogue.listing(db.session(), provider.id).offers)
    say(
        as_json,
        {"provider": provider.name, "people": len(members), "modules": modules},
        f"{provider.name}: {len(members)} people, {modules} modules on offer.",
        f"Sign in as priya or tom with: {DEVELOPMENT_PASSWORD}",
        *([] if modules else ["No modules are published yet. Run flask content publish before flask seed."]),
    )
