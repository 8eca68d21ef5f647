"""What `flask worker` does with a pack that was asked for: read everything at one moment, make the file, keep it once.

Nothing is locked while it reads and prints, so phones go on sending. What it reads is one moment's: one transaction
that sees no later change. The file is kept in the transaction that ends the job, which fails for a worker whose job it
is not any more: so no pack is made twice, and a cancelled one is not kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from app import audit, files, jobs, providers
from app.compliance.evidence.pack import Step, build, steps
from app.compliance.evidence.parts import PARTS
from app.compliance.evidence.service import KIND
from app.compliance.evidence.sources import Messages, Sources, no_messages
from app.compliance.evidence.types import Contents, Made, Packed, Scope
from app.compliance.models import EvidencePack
from app.jobs import Claim, Stopped
from app.kernel import begin_write

Clock = Callable[[], datetime]
# Printing a large pack takes minutes in which nothing else is told.
BEAT_SECONDS = 20.0
OUT_OF_MEMORY = "The server had not enough memory for this pack. Ask for fewer people, or for a shorter time."
AWAY = "Our store of files did not answer, so this pack could not be kept. Try again later."
TROUBLE = "Something went wrong at our end: {}. Try again, and tell whoever runs this server if it happens twice."


def make_next(
    session: Session, *, server: str, clock: Clock, only: int | None = None, sent: Messages = no_messages
) -> str | None:
    """Make the pack that waits longest and return a line about it, or None when none waits. Commits.

    `server` is the address people type; `only`: this job's id and no other; `sent` hands messages in. What
    goes wrong is said in the job, and on the log.
    """
    begin_write(session)
    held = jobs.claim(session, (KIND,), now=clock(), only=only)
    session.commit()
    if held is None:
        return None
    with _Pulse(session, held, clock) as pulse:
        try:
            contents, made = _read(session, held, server, clock, pulse, sent)
            packed = build(contents, made, held.job.uuid, step=pulse.step)
            return _keep(session, held, packed, made, clock)
        except Stopped:
            session.rollback()
            return f"pack {held.job.uuid} was given up."
        except Exception as trouble:
            session.rollback()
            logging.getLogger(__name__).exception("Pack %s could not be made.", held.job.uuid)
            words = _words(trouble)
            begin_write(session)
            jobs.fail(session, held, words, now=clock())
            session.commit()
            return f"pack {held.job.uuid} failed: {type(trouble).__name__}."


def _words(trouble: Exception) -> str:
    if isinstance(trouble, files.FilesAway):
        return AWAY
    return OUT_OF_MEMORY if isinstance(trouble, MemoryError) else TROUBLE.format(type(trouble).__name__)


def _no_step(_words: str) -> None:
    """Tell nobody."""


def contents_of(
    session: Session,
    provider_id: int,
    scope: Scope,
    *,
    now: datetime,
    step: Step = _no_step,
    sent: Messages = no_messages,
) -> Contents:
    """Read all that a pack says. `now` is the moment of its making; nothing after the scope's `as_at` is looked at."""
    provider = providers.find_provider(session, provider_id)
    if provider is None:
        raise Stopped("This provider is not here any more.")
    sources = Sources(session=session, provider=provider, scope=scope, now=now, messages=sent)
    parts = []
    for key, (title, part) in PARTS.items():
        if key in scope.parts:
            step(f"Reading: {title}")
            parts.append(part(sources))
    return Contents(provider=provider.name, scope=scope, staff=sources.staff, parts=tuple(parts))


def _read(
    session: Session, held: Claim, server: str, clock: Clock, pulse: _Pulse, sent: Messages
) -> tuple[Contents, Made]:
    scope, now = Scope.of(held.job.arguments), clock()
    pulse.of = len(scope.parts) + 3
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    contents = contents_of(session, held.job.provider_id, scope, now=now, step=pulse.step, sent=sent)
    asked_by = providers.find_member(session, held.job.provider_id, held.job.asked_by) if held.job.asked_by else None
    head = audit.head(session)
    session.rollback()
    pulse.of = len(scope.parts) + steps(contents)
    made = Made(at=now, by=asked_by.name if asked_by else "", server=server, trail=f"{head.number}:{head.hash}")
    return contents, made


def _keep(session: Session, held: Claim, packed: Packed, made: Made, clock: Clock) -> str:
    pack = EvidencePack(
        job_id=held.job.id,
        provider_id=held.job.provider_id,
        made_at=made.at,
        size=len(packed.body),
        sha=packed.sha,
        manifest=packed.manifest,
    )
    # Before the lock: a store of files may take its time.
    files.keep(session, pack, packed.body)
    begin_write(session)
    session.add(pack)
    if not jobs.finish(session, held, now=clock()):
        session.rollback()
        # Perhaps somebody in it was erased: then it is not to wait for the next sweep.
        with suppress(files.FilesAway):
            files.take_back(session, pack)
        raise Stopped("This pack was given up while it was made.")
    session.commit()
    without = " without PDF" if packed.no_pdf else ""
    return f"pack {held.job.uuid} made{without}, {len(packed.body)} bytes."


class _Pulse:
    """Says how far a pack is, and that its worker lives, over a connection of its own."""

    def __init__(self, session: Session, held: Claim, clock: Clock) -> None:
        self._sessions = sessionmaker(session.get_bind())
        self._held, self._clock = held, clock
        self._over = Event()
        self._thread = Thread(target=self._beat, daemon=True)
        self.done, self.of, self.words = 0, 0, ""

    def __enter__(self) -> _Pulse:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def step(self, words: str) -> None:
        """Begin the next step. Raises Stopped when the job is not this worker's any more."""
        self.words = words
        if not self._say():
            raise Stopped("This pack was given up while it was made.")
        self.done += 1

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            # A busy database is no reason to stop: the next beat says it.
            with suppress(SQLAlchemyError):
                self._say()

    def _say(self) -> bool:
        with self._sessions() as session:
            begin_write(session)
            mine = jobs.beat(session, self._held, now=self._clock(), done=self.done, of=self.of, words=self.words)
            session.commit()
            return mine
