"""`flask worker`: do what is due, until stopped.

What is due is read from what is there (is the newest verified backup older than last night?), not from a list of jobs:
so nothing has to be kept in step, and a worker that was off catches up. Two workers are harmless: on PostgreSQL, which
several servers may share, one at a time does a job; and the folder of backups is held by one at a time, which looks
again while it holds it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app import audit, backup, built, privacy, sync
from app.backup import BackupError, Busy
from app.backup.rules import is_due
from app.cli import backup as backups
from app.cli import (
    catalogue_job,
    connections_job,
    credential,
    evidence_job,
    files,
    messages_job,
    needs,
    recognition_job,
    retention,
    suggestions_job,
)
from app.cli.person import settings
from app.extensions import db
from app.kernel import begin_write, turn, utc_now

EVERY_SECONDS = 30
# After a failure the cause needs time, or a person.
AGAIN_AFTER = timedelta(minutes=15)
# A database that was away, as when another machine takes its place, is soon there again.
AGAIN_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing the worker looks after. `do` does it if it is due, and returns a line to print, or None.

    `by_many`: workers of several servers may be at it at the same moment, as each claims what it does, or does its own.
    """

    name: str
    do: Callable[[datetime], str | None]
    by_many: bool = False


def nightly_backup(now: datetime) -> str | None:
    """Make last night's backup, if it is missing."""
    known = settings()
    made = backup.create_due(backups.place_of(known), hour=known.backup_hour, kept=known.backups_kept, now=now)
    return backups.told(made) if made else None


def built_files(now: datetime) -> str | None:
    """Note that this release's built files are current, and delete those of releases 180 days gone."""
    instance = settings().instance
    copied, gone = built.keep(instance, now=now), built.let_go(instance, now=now)
    told = [f"{copied} kept"] * (copied > 0) + [f"{gone} of earlier releases deleted"] * (gone > 0)
    return f"{', '.join(told)}." if told else None


def nightly_retention(now: datetime) -> str | None:
    """Remove what was kept long enough, once a day from the hour of the backup, which is made first."""
    known = settings()
    session = db.session()
    if not is_due(now, known.backup_hour, privacy.last_swept(session)):
        return None
    begin_write(session)
    # Asked again while nobody else can write: two workers do it once.
    if not is_due(now, known.backup_hour, privacy.last_swept(session)):
        return None
    swept = privacy.sweep(session, retention.keeping(), actor=audit.WORKER, now=now)
    head = audit.head(session)
    session.commit()
    return f"{retention.told(swept)} Audit trail: {head.number}:{head.hash}"


class HeldRecords:
    """Judges what is held, at a worker's start, which follows an upgrade, and once an hour; publishing does it too.

    An hour later, because a server not yet restarted may have held what this release can judge.
    """

    EVERY = timedelta(hours=1)

    def __init__(self) -> None:
        self._last: datetime | None = None

    def __call__(self, now: datetime) -> str | None:
        """Judge them if it is time and there are any; nothing is locked otherwise."""
        if self._last is not None and now - self._last < self.EVERY:
            return None
        session = db.session()
        if sync.any_held(session):
            begin_write(session)
            judged = sync.judge_held(session)
            session.commit()
        else:
            judged = None
        self._last = now
        done = judged.records - judged.held if judged else 0
        return f"{done} held records could be judged now." if done else None


RETENTION = Job(name="retention", do=nightly_retention)
# Retention comes last: what it thins has been judged by then.
JOBS = (Job(name="backup", do=nightly_backup), Job(name="built files", do=built_files, by_many=True))


def jobs() -> tuple[Job, ...]:
    """Return what a worker that starts now looks after, in this order."""
    nudging = Job(name="automatic nudges", do=messages_job.AutomaticNudges())
    sending = Job(name="messages", do=messages_job.send_what_waits, by_many=True)
    return (
        *JOBS,
        Job(name="held records", do=HeldRecords()),
        Job(name="what is needed", do=needs.Needs()),
        nudging,
        sending,
        Job(name="credentials", do=credential.Issuing()),
        Job(name="recognised", do=recognition_job.Issuers()),
        Job(name="evidence", do=evidence_job.packs, by_many=True),
        Job(name="catalogues", do=catalogue_job.daily_looks),
        Job(name="taking modules", do=catalogue_job.asked_for, by_many=True),
        Job(name="where people stand", do=connections_job.Looking()),
        Job(name="webhooks", do=connections_job.tell_webhooks, by_many=True),
        Job(name="statements", do=connections_job.Forwarding(), by_many=True),
        Job(name="suggestions", do=suggestions_job.due),
        RETENTION,
        Job(name="files", do=files.Sweeping()),
    )


class Worker:
    """Runs jobs that are due, and remembers which of them failed lately."""

    def __init__(self, does: tuple[Job, ...] | None = None) -> None:
        self._jobs = jobs() if does is None else does
        self._not_before: dict[str, datetime] = {}

    def look(self, now: datetime) -> bool:
        """Do every job that is due; say whether all that was tried was done. One that fails is tried again later."""
        well = True
        for job in self._jobs:
            if now < self._not_before.get(job.name, now):
                continue
            try:
                with nullcontext(True) if job.by_many else turn(db.engine, f"worker: {job.name}") as mine:
                    # Without a turn another worker is at it: look again soon.
                    if mine and (line := job.do(now)):
                        click.echo(f"{job.name}: {line}")
            except Busy:
                # Another worker is at it, or somebody by hand: look again soon.
                continue
            except Exception as error:
                # Of any kind: one job that cannot go on must not take the others with it, the backup least of all.
                well = False
                rest = AGAIN_SOON if isinstance(error, OperationalError) else AGAIN_AFTER
                self._not_before[job.name] = now + rest
                words = str(error) if isinstance(error, BackupError) else type(error).__name__
                minutes = f"{rest // timedelta(minutes=1)} minute{'s' * (rest > AGAIN_SOON)}"
                current_app.logger.error("%s: %s Trying again in %s.", job.name, words, minutes)
            finally:
                # A restore has to find nobody at the database.
                db.session.remove()
                db.engine.dispose()
        _give_back()
        return well


def _give_back() -> None:
    """Hand memory that jobs are done with back to the machine: on a small one the server beside us needs it."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # another C library than GNU's has no such function
        ctypes.CDLL(None).malloc_trim(0)


class _Stopping:
    """Ends the worker when it is told to.

    Whatever is under way is left as after a power cut, which every job withstands; what it had begun is tidied up.
    """

    def __init__(self) -> None:
        self.told = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        # Python drops what is raised while it collects garbage or ends an object: so it is remembered as well.
        self.told = True
        raise SystemExit(0)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then leave: for a timer of your own.")
@with_appcontext
def command(once: bool) -> None:
    """Do what is due until stopped. Two at once do no harm.

    It makes the nightly backup; keeps built files of earlier releases for phones; judges records that are held; brings
    what is needed of whom into line; nudges by itself where a provider lets it; sends messages by push and e-mail;
    issues and revokes credentials; asks trusted issuers what they withdrew; makes evidence packs; looks at followed
    catalogues and takes what managers asked for; sees where people stand, tells webhooks and forwards statements; sends
    suggestions and asks for their answers; removes what was kept long enough, and objects of the bucket nobody names.
    """
    worker = Worker()
    if once:
        raise SystemExit(0 if worker.look(utc_now()) else 1)
    stopping = _Stopping()
    signal.signal(signal.SIGTERM, stopping)
    signal.signal(signal.SIGINT, stopping)
    known = settings()
    click.echo(f"Working. A backup a day from {known.backup_hour:02d}:00 UTC, into {known.backups_folder}")
    while not stopping.told:
        worker.look(utc_now())
        for _ in range(EVERY_SECONDS):
            if not stopping.told:
                time.sleep(1)
