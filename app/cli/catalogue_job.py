"""Looking at followed catalogues and taking what they offer, for commands and for `flask worker`.

Nothing is locked while another server answers or while lessons are rendered; then one short transaction writes it all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from app import audit, jobs
from app.audit import Actor
from app.cli.person import settings
from app.extensions import db
from app.interop import sharing
from app.interop.sharing import Changes, Place, SharingError, SourceView, Taken, Web
from app.interop.sharing.gather import Progress
from app.jobs import Claim
from app.kernel import begin_write, utc_now

KIND = "catalogue"
LOOK_EVERY = timedelta(hours=24)
# What was asked for on a page, a few a look.
A_LOOK = 3
STILL = "The server could not go on. Try again, and tell whoever runs it if it happens twice."


def place_of(source: SourceView, file: Path | None = None) -> Place:
    """Return where a source's catalogue is read from. Raises SharingError for one that comes by file only."""
    if file is not None:
        return sharing.Zipped(path=file)
    if source.address is None:
        raise SharingError(f"{source.name} comes by file. Give the file: --file catalogue.zip", code="by-file")
    return Web(address=source.address, anywhere=settings().follow == "any")


def look_at(source: SourceView, place: Place, *, now: datetime) -> Changes:
    """See what a source offers now, carry out its withdrawals and errata, and say what else is different.

    Raises SharingError, which is noted beside the source too.
    """
    session = db.session()
    session.rollback()
    try:
        raw, _ = sharing.fetch_manifest(place)
        begin_write(session)
        manifest = sharing.seen(session, source.id, raw, now=now)
        done = sharing.urgent(session, source.id, manifest, now=now)
    except SharingError as trouble:
        session.rollback()
        begin_write(session)
        sharing.went_wrong(session, source.id, str(trouble), now=now)
        session.commit()
        raise
    if done.withdrawn or done.errata or done.by_hand:
        audit.note(
            session,
            "catalogue.urgent",
            actor=audit.WORKER,
            now=now,
            details={"source": str(source.uuid), "withdrawn": done.withdrawn, "errata": done.errata},
        )
    session.commit()
    return sharing.changes_of(session, source.id)[1]


def take_from(
    source: SourceView, place: Place, *, actor: Actor, now: datetime, progress: Progress | None = None
) -> Taken:
    """Take everything a source offers that is new here. Raises SharingError, and then nothing of it is stored."""
    session = db.session()
    look_at(source, place, now=now)
    manifest, changes = sharing.changes_of(session, source.id)
    session.rollback()
    folder = settings().instance / "catalogue" / str(source.uuid)
    gathered = sharing.gather(place, changes.coming, folder, clock=time.monotonic, progress=progress)
    rendered, documents = sharing.render(session, manifest, gathered, now=now)
    begin_write(session)
    try:
        taken = sharing.store(session, source.id, manifest, rendered, documents, now=now)
        if taken.published or taken.packs:
            details: dict[str, str | int | bool | None] = {"source": str(source.uuid), "editions": len(taken.published)}
            audit.note(session, "catalogue.taken", actor=actor, now=now, details=details)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    sharing.forget(folder)
    return taken


def daily_looks(now: datetime) -> str | None:
    """Look at each followed catalogue once a day. What is new waits for a person; one that fails is told beside it."""
    told: list[str] = []
    due = [each for each in sharing.sources(db.session()) if each.address and now - each.looked_at >= LOOK_EVERY]
    for source in due:
        try:
            changes = look_at(source, place_of(source), now=now)
        except SharingError as trouble:
            told.append(f"{source.name}: {trouble}")
            continue
        if changes.coming:
            told.append(f"{source.name} has {changes.words}.")
    return " ".join(told) or None


def asked_for(now: datetime) -> str | None:
    """Take what managers asked for on their page. What goes wrong is said there."""
    told: list[str] = []
    while len(told) < A_LOOK:
        session = db.session()
        begin_write(session)
        held = jobs.claim(session, [KIND], now=now)
        session.commit()
        if held is None:
            break
        told.append(_do(held))
    return " ".join(told) or None


def _do(held: Claim) -> str:
    session, now = db.session(), utc_now()

    def progress(done: int, of: int) -> None:
        begin_write(session)
        jobs.beat(session, held, now=utc_now(), done=done, of=of, words="Fetching.")
        session.commit()

    def end(finished: Callable[[], bool], words: str) -> str:
        session.rollback()
        begin_write(session)
        finished()
        session.commit()
        return words

    try:
        source = sharing.find(session, str(held.job.arguments["source"]))
        taken = take_from(source, place_of(source), actor=audit.WORKER, now=now, progress=progress)
    except SharingError as trouble:
        words = str(trouble)
        return end(lambda: jobs.fail(session, held, words, now=utc_now()), words)
    except Exception:
        end(lambda: jobs.fail(session, held, STILL, now=utc_now()), "")
        raise
    told = f"{len(taken.published)} editions taken from {source.name}."
    return end(lambda: jobs.finish(session, held, now=utc_now()), told)
