"""`flask files`: move files between the database and the bucket, and delete objects that nobody names."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from app import audit, files, sync
from app.cli.output import json_option, say, trouble
from app.extensions import db
from app.files import Bucket, Swept
from app.kernel import DomainError, utc_now

command = AppGroup("files", help="Where certificates, pictures of drafts and evidence packs lie.")
NOT_SET = "BV_FILES names no bucket. Set it to s3://bucket/prefix first, and what goes with it (docs/settings.md)."
PLACES = {"bucket": "in the bucket", "database": "in the database"}


def bucket() -> Bucket:
    """Return the bucket of the settings."""
    found = files.kept_in(db.session())
    if found is None:
        raise trouble(NOT_SET)
    return found


@command.command("move")
@click.argument("to", type=click.Choice(list(PLACES)))
@json_option
def move(to: str, as_json: bool) -> None:
    """Move every file into the bucket, or back into the database. Stopped at any moment, it goes on where it was."""

    def said(done: int, of: int) -> None:
        if not as_json and (done % 100 == 0 or done >= of):
            click.echo(f"{done} of {of}")

    try:
        moved = files.move(db.session(), bucket(), into_bucket=to == "bucket", said=said)
    except DomainError as error:
        db.session.rollback()
        raise trouble(f"{error} What was moved so far stays moved; run this again.") from error
    here, there = files.count(db.session())
    db.session.rollback()
    say(
        as_json,
        {"moved": moved, "in_database": here, "in_bucket": there},
        f"{moved} moved. Now {here} files lie in the database, and {there} in the bucket.",
    )


@command.command("sweep")
@click.option("--many", is_flag=True, help="Also when so many are unnamed that this may be the wrong database.")
@json_option
def sweep(many: bool, as_json: bool) -> None:
    """Delete objects of the bucket that are older than a day and that nobody names. Safe to repeat."""
    bucket()
    try:
        done = swept(utc_now(), many=many)
    except DomainError as error:
        raise trouble(str(error)) from error
    say(as_json, {"deleted": done.gone, "refused": done.refused}, done.refused or f"{done.gone} deleted.")
    if done.refused:
        sys.exit(1)


def swept(now: datetime, *, many: bool = False) -> Swept:
    """Delete what nobody names."""
    session = db.session()
    head = audit.head(session)

    def goes_on(trail: str) -> bool:
        number, _, its_hash = trail.partition(":")
        last = audit.Head(number=int(number), hash=its_hash)
        # A backup made since the last sweep goes on from there, and names nothing of what came after it.
        restored = audit.entries(session, action="backup.restored", limit=1)
        return audit.goes_on_from(session, last) and not (restored and restored[0].number > last.number)

    return files.sweep(
        session,
        server=str(sync.server_id(session)),
        trail=f"{head.number}:{head.hash}",
        goes_on=goes_on,
        now=now,
        many=many,
    )


class Sweeping:
    """Sweeps at a worker's start, and once a day."""

    EVERY = timedelta(days=1)

    def __init__(self) -> None:
        self._last: datetime | None = None

    def __call__(self, now: datetime) -> str | None:
        """Sweep if there is a bucket and it is time; say what went, or why nothing may."""
        if files.kept_in(db.session()) is None or (self._last is not None and now - self._last < self.EVERY):
            return None
        done = swept(now)
        self._last = now
        return done.refused or (f"{done.gone} objects that nobody names were deleted." if done.gone else None)
