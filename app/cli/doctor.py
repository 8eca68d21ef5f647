"""`flask doctor`: is this server well? In plain words, each line with what to do about it.

Leaves with 0 when all is fine, 1 when something wants a look, 2 when something is broken.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app import audit, backup, credentials, files, providers, sync
from app.cli.output import json_option, say
from app.cli.person import settings
from app.config import DEVELOPMENT_MARK, ROOT, Settings, shipped
from app.content.soundness import soundness
from app.extensions import db
from app.interop.openid import Client as OpenIdClient
from app.interop.openid import OpenIdError
from app.kernel import DomainError, utc_now

WHY_NOT = "Look at the lines above, then at BV_FILES and the settings that go with it."
BUILD = ROOT / "app" / "static" / "build"
MEGABYTE = 1024 * 1024
LITTLE_SPACE = 500 * MEGABYTE
NO_SPACE = 50 * MEGABYTE
OLD_BACKUP = timedelta(hours=26)
# How many damaged lessons are named before they are only counted.
NAMED = 5
# The day this was written: a clock before it is certainly wrong, as is a build from the future.
NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


class Level(IntEnum):
    """How bad it is; also the number the command leaves with."""

    FINE = 0
    LOOK = 1
    BROKEN = 2


SIGNS = {Level.FINE: "ok   ", Level.LOOK: "look ", Level.BROKEN: "BAD  "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: its name, how it is, and the words for it."""

    about: str
    level: Level
    words: str


def fine(about: str, words: str) -> Finding:
    """Return a finding that needs nothing done."""
    return Finding(about=about, level=Level.FINE, words=words)


def look(about: str, words: str) -> Finding:
    """Return a finding somebody should look at."""
    return Finding(about=about, level=Level.LOOK, words=words)


def broken(about: str, words: str) -> Finding:
    """Return a finding that stops people from working, or loses records."""
    return Finding(about=about, level=Level.BROKEN, words=words)


def check_database(known: Settings) -> Iterator[Finding]:
    """Look whether the database answers, keeps its promises and has today's tables."""
    try:
        connection = db.session.connection()
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        yield broken("Database", f"It does not answer ({type(error).__name__}). Check BV_DATABASE_URL.")
        return
    yield fine("Database", f"It answers ({connection.dialect.name}).")
    if connection.dialect.name == "postgresql":
        yield from _check_pooler(connection, known)
    if connection.dialect.name == "sqlite":
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        full = connection.execute(text("PRAGMA synchronous")).scalar_one()
        if mode != "wal" or full != 2:
            yield broken("Durability", "A power cut could lose answered records. Put the database on a local disk.")
        sound = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if sound != "ok":
            yield broken("Database file", "It is damaged. Stop the server and restore the last backup.")
    from alembic.runtime.migration import MigrationContext

    wanted = _heads()
    found = set(MigrationContext.configure(connection).get_current_heads())
    if found == wanted:
        yield fine("Tables", "They are up to date.")
    else:
        yield broken("Tables", "They are not those of this version. Run: flask db upgrade")
    db.session.rollback()


def _check_pooler(connection: Connection, known: Settings) -> Iterator[Finding]:
    """Look whether a pooler stands before the database without our knowing.

    A pooler invents the number of the process that a connection is told of.
    """
    told = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    if told == connection.execute(text("SELECT pg_backend_pid()")).scalar_one():
        return
    if known.database_direct_url is None:
        yield broken(
            "Pooler",
            "BV_DATABASE_URL leads to a pooler, which mixes up prepared statements and cannot be backed up through. "
            "Set BV_DATABASE_DIRECT_URL to the database itself.",
        )
    else:
        yield fine("Pooler", "The database is reached through a pooler, and backed up directly.")


def _heads() -> set[str]:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")))
    return set(ScriptDirectory.from_config(config).get_heads())


def check_content(_settings: Settings) -> Iterator[Finding]:
    """Look whether every published lesson, picture and sound is still what was published."""
    found = soundness(db.session())
    db.session.rollback()
    if found.damaged:
        names = ", ".join(found.damaged[:NAMED])
        more = f" and {len(found.damaged) - NAMED} more" if len(found.damaged) > NAMED else ""
        yield broken(
            "Lessons",
            f"Damaged in the database: {names}{more}. Phones will not take them. Check the disk, then restore the last "
            "backup; phones send again what came since.",
        )
    elif not found.editions:
        yield look("Lessons", "None is published yet. Run: flask content publish")
    else:
        yield fine(
            "Lessons",
            f"Editions: {found.editions}, pictures and sounds: {found.media}, documents: {found.documents}. "
            "Every one is as it was published.",
        )


def check_secrets(known: Settings) -> Iterator[Finding]:
    """Look whether the signing key is this server's own and nobody else can read it."""
    if known.secret_key.startswith(DEVELOPMENT_MARK):
        path = known.instance / "secret-key"
        if path.exists() and path.stat().st_mode & 0o077:
            yield look("Key", f"Others on this machine can read {path.name}. Run: chmod 600 on it.")
        else:
            yield fine("Key", "Made for development; production asks for another.")
    else:
        yield fine("Key", f"It has {len(known.secret_key)} characters.")


def check_folders(known: Settings) -> Iterator[Finding]:
    """Look whether the instance folder can be written to and has room."""
    try:
        with tempfile.NamedTemporaryFile(dir=known.instance) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield broken("Instance folder", f"We cannot write to it ({type(error).__name__}). Check BV_INSTANCE.")
        return
    yield fine("Instance folder", "We can write to it.")
    free = shutil.disk_usage(known.instance).free
    words = f"{free // MEGABYTE:,} MB are free."
    if free < NO_SPACE:
        yield broken("Disk", f"{words} Records cannot be taken in much longer. Make room now.")
    elif free < LITTLE_SPACE:
        yield look("Disk", f"{words} Make room soon.")
    else:
        yield fine("Disk", words)


def check_clock(known: Settings) -> Iterator[Finding]:
    """Look whether the clock can be right: due dates and the ends of sign-ins come from it."""
    now = utc_now()
    times = [p.stat().st_mtime for p in (known.instance, Path(__file__)) if p.exists()]
    newest = datetime.fromtimestamp(max(times), tz=UTC)
    if now < NOT_BEFORE:
        yield broken("Clock", f"It says {now:%d %B %Y}, which has long passed. Set the clock.")
        return
    if newest > now + timedelta(minutes=5):
        yield look("Clock", f"It says {now:%d %B %Y %H:%M} UTC, but files here are newer. Has it jumped back?")
        return
    before = time.time() - time.monotonic()
    time.sleep(0.05)
    drift = abs(time.time() - time.monotonic() - before)
    if drift > 0.5:
        yield look("Clock", f"It jumped {drift:.1f} seconds while we looked. Check the time service.")
        return
    yield fine("Clock", f"It says {now:%d %B %Y %H:%M} UTC.")


def check_build(_settings: Settings) -> Iterator[Finding]:
    """Look whether the files phones load were built."""
    if (BUILD / "manifest.json").is_file():
        yield fine("Build", "Scripts and styles are there.")
    else:
        yield broken("Build", "Scripts and styles are missing. Run: npm run build")


def check_backup(known: Settings) -> Iterator[Finding]:
    """Look how old the newest verified backup is, and whether every byte of it is still right."""
    server = str(sync.server_id(db.session()))
    db.session.rollback()
    newest = backup.newest_verified(known.backups_folder, server, now=utc_now(), whole=True)
    if newest is None or newest.manifest is None:
        yield look(
            "Backup",
            "There is none that was verified. A disk that fails would take every record with it. "
            "Run: flask backup create, and keep flask worker running.",
        )
        return
    age = utc_now() - newest.manifest.made_at
    words = f"The last verified one is {int(age.total_seconds() // 3600)} hours old."
    if age > OLD_BACKUP:
        yield look("Backup", f"{words} Look whether flask worker runs, and what it says.")
    else:
        yield fine("Backup", words)


def check_audit(_settings: Settings) -> Iterator[Finding]:
    """Look whether the audit trail is whole."""
    verdict = audit.verify(db.session())
    db.session.rollback()
    if verdict.broken:
        yield broken(
            "Audit trail",
            f"{verdict.broken.words} Somebody changed the database by hand, or it was damaged. See: flask audit verify",
        )
    else:
        yield fine("Audit trail", f"It is whole: {verdict.entries} entries.")


def check_credentials(known: Settings) -> Iterator[Finding]:
    """Look whether credentials can be issued, and the keys that sign them opened."""
    site = credentials.issuing_site(known.origin, known.secret_key.encode())
    if site is None:
        words = "None are issued: others could not check them. Set BV_ORIGIN to the https:// address of this server."
        yield look("Credentials", words) if known.production else fine("Credentials", words)
        return
    shut = [
        provider.name
        for provider in providers.list_providers(db.session())
        if not credentials.keys_open(db.session(), provider.id, site)
    ]
    db.session.rollback()
    if shut:
        yield broken(
            "Credentials",
            f"The signing keys of {', '.join(shut)} cannot be opened: BV_SECRET_KEY was changed. Put the old one back, "
            "or run: flask credential rotate-key",
        )
    else:
        yield fine("Credentials", f"They are issued under {known.origin}.")


def check_openid(known: Settings) -> Iterator[Finding]:
    """Look whether the OpenID provider staff may sign in with answers, if one is set."""
    if known.openid is None:
        return
    about = f"Sign in with {known.openid.name}"
    try:
        OpenIdClient(known.openid, known.origin).look(now=utc_now())
    except OpenIdError as error:
        yield look(about, f"{known.openid.issuer}: {error} Staff sign in with their password or passkey meanwhile.")
        return
    yield fine(about, f"{known.openid.issuer} answers, and shows keys we can use.")


def check_files(known: Settings) -> Iterator[Finding]:
    """Look whether files can be put where the settings say, read and deleted, and whether all are there."""
    session = db.session()
    here, there = files.count(session)
    bucket = files.kept_in(session)
    if bucket is None:
        session.rollback()
        if there:
            words = f"{there} lie in a bucket, and BV_FILES names none. Set it as it was, or move them back from there."
            yield broken("Files", words)
        return
    where = f"The bucket at {known.files.endpoint if known.files else ''}"
    try:
        bucket.try_out()
        ours = bucket.belongs_to(str(sync.server_id(session)))
        found = files.compare(session, bucket, now=utc_now())
    except DomainError as error:
        words = f"{where} cannot be written, read, listed and deleted from. {WHY_NOT}"
        session.rollback()
        current_app.logger.debug("doctor", exc_info=error)
        yield broken("Files", words)
        return
    if not ours:
        yield broken("Files", f"{where} holds another server's files there. Give each a prefix of its own in BV_FILES.")
    elif found.missing:
        words = f"{len(found.missing)} of {there} are not in the bucket. Bring back their deleted versions there: "
        yield broken("Files", words + ", ".join(map(str, sorted(found.missing)[:NAMED])))
    elif found.unnamed:
        yield look("Files", f"{len(found.unnamed)} objects are named by nobody. See: flask files sweep")
    elif here:
        yield look("Files", f"{where} takes them, and {here} still lie in the database. Run: flask files move bucket")
    else:
        yield fine("Files", f"{where} takes, gives and deletes them, and has all {there}.")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    check_database,
    check_content,
    check_secrets,
    check_folders,
    check_clock,
    check_build,
    check_backup,
    check_audit,
    check_credentials,
    check_openid,
    check_files,
)


def examine(known: Settings) -> list[Finding]:
    """Run every check. One that fails itself is a finding too, and does not stop the others."""
    findings: list[Finding] = []
    for check in CHECKS:
        about = (check.__doc__ or check.__name__).split("\n")[0]
        try:
            findings += check(known)
        except (SQLAlchemyError, DomainError, OSError, ValueError) as error:
            db.session.rollback()
            current_app.logger.debug("doctor", exc_info=error)
            findings.append(broken("Doctor", f"We could not do this: {about} ({type(error).__name__})"))
    return findings


@click.command("doctor")
@with_appcontext
@json_option
def command(as_json: bool) -> None:
    """Say whether this server is well; leave with 0 (fine), 1 (something wants a look) or 2 (broken)."""
    findings = examine(settings())
    worst = max(finding.level for finding in findings)
    document = {
        "level": worst.name.lower(),
        "findings": [{"about": f.about, "level": f.level.name.lower(), "words": f.words} for f in findings],
    }
    verdict = {Level.FINE: "All is well.", Level.LOOK: "It works, and something wants a look.", Level.BROKEN: "Broken."}
    say(as_json, document, *(f"{SIGNS[f.level]} {f.about}: {f.words}" for f in findings), verdict[worst])
    sys.exit(int(worst))
