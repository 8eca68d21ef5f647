"""`flask backup …`: make, try, put back and list backups. Leaves with 0 when it did, 1 when it did not and says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import inspect

from app import backup, files
from app.backup import BackupError, Listed, Made, Manifest, Place
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble
from app.cli.person import settings
from app.config import Settings, shipped
from app.extensions import db
from app.kernel import begin_write, utc_now

command = AppGroup("backup", help="Backups: made while the server runs, and tried before they count.")
MEGABYTE = 1_000_000


def place_of(known: Settings) -> Place:
    """Return where this server's database and backups are."""
    # A copy is made by several sessions that show each other what they see: no pooler can pass that on.
    return Place(url=known.database_direct_url or known.database_url, folder=known.backups_folder, key=known.backup_key)


def _let_go() -> None:
    """Close this process's own connections, which would stand in the way."""
    db.session.remove()
    db.engine.dispose()


@contextmanager
def _plain() -> Iterator[None]:
    try:
        yield
    except BackupError as error:
        raise trouble(str(error)) from error


def _find(name: str) -> Path:
    """Return the path of a backup given by its path, or by its name in the folder."""
    inside = settings().backups_folder / name
    return inside if Path(name).name == name and inside.exists() else Path(name).resolve()


def revisions() -> set[str]:
    """Return the migrations this version knows."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")))
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _document(path: Path, manifest: Manifest, *, verified: bool) -> dict[str, Any]:
    return {
        "file": str(path),
        "verified": verified,
        "made_at": manifest.made_at.isoformat(),
        "server": manifest.survey.server,
        "database": manifest.sort,
        "revision": manifest.survey.revision,
        "encrypted": manifest.salt is not None,
        "records": manifest.survey.log.n,
        "tables": manifest.survey.tables,
        "log": {"n": manifest.survey.log.n, "x": manifest.survey.log.x, "sha256": manifest.survey.log.sha256},
        "sha256": manifest.sha256,
    }


def size_of(size: int) -> str:
    """Return a size in words."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE / 10 else f"{max(size // 1000, 1)} kB"


def told(made: Made) -> str:
    """Return what was made, in one line."""
    survey = made.manifest.survey
    lock = "encrypted" if made.manifest.salt else "not encrypted"
    return (
        f"{made.path.name}: verified, {survey.log.n} records, {size_of(made.path.stat().st_size)}, {lock}. "
        f"Copied in {made.copying:.1f} s, put back and compared in {made.trying:.1f} s."
    )


@command.command("create")
@json_option
def create(as_json: bool) -> None:
    """Make a backup while the server runs, put it back in a temporary place, compare, and delete the oldest."""
    with _plain():
        known = settings()
        made = backup.create(place_of(known), kept=known.backups_kept, now=utc_now())
    there = files.count(db.session())[1]
    db.session.rollback()
    say(
        as_json,
        {
            **_document(made.path, made.manifest, verified=True),
            "bytes": made.path.stat().st_size,
            "seconds": {"copying": round(made.copying, 3), "trying": round(made.trying, 3)},
            "deleted": made.deleted,
            "files_in_bucket": there,
        },
        told(made),
        *([f"{there} files lie in the bucket and are not in it. Its versions are their backup."] if there else []),
        *(f"Deleted: {name}" for name in made.deleted),
    )


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the backups there are, the newest first."""
    found = backup.listing(place_of(settings()))
    say(
        as_json,
        [
            _document(each.path, each.manifest, verified=each.verified) | {"bytes": each.size}
            if each.manifest
            else {"file": str(each.path), "verified": False, "bytes": each.size, "trouble": each.trouble}
            for each in found
        ],
        *(map(_line, found) if found else ["There are none yet. Make one with: flask backup create"]),
    )


def _line(each: Listed) -> str:
    if each.manifest is None:
        return f"{each.path.name}  {size_of(each.size)}  CANNOT BE READ: {each.trouble}"
    count, lock = each.manifest.survey.log.n, "encrypted" if each.manifest.salt else "not encrypted"
    state = "verified" if each.verified else "NOT VERIFIED"
    return f"{each.path.name}  {size_of(each.size)}  {count} records  {lock}  {state}"


@command.command("verify")
@click.argument("file", required=False)
@json_option
def verify(file: str | None, as_json: bool) -> None:
    """Put a backup (the newest when no FILE is named) back in a temporary place and compare."""
    place = place_of(settings())
    if file is None:
        newest = next(iter(backup.listing(place)), None)
        if newest is None:
            raise trouble("There are no backups yet. Make one with: flask backup create")
        path = newest.path
    else:
        path = _find(file)
    _let_go()
    with _plain():
        path, manifest = backup.verify(place, path)
    count = manifest.survey.log.n
    say(
        as_json,
        _document(path, manifest, verified=True),
        f"{path.name}: verified. It holds {count} records of {manifest.made_at:%d %B %Y %H:%M} UTC.",
    )


def _note_restored(manifest: Manifest) -> None:
    """Note the restore in the trail that came back. One made before there was a trail gets it at the next start."""
    if not inspect(db.engine).has_table("audit_head"):
        return
    begin_write(db.session())
    noted("backup.restored", made_at=f"{manifest.made_at:%Y-%m-%d}", records=manifest.survey.log.n)
    db.session.commit()
    _let_go()


@command.command("restore")
@click.argument("file")
@click.option("--another-server", is_flag=True, help="Put back a backup of another server, and become that server.")
@json_option
def restore(file: str, another_server: bool, as_json: bool) -> None:
    """Put the backup FILE in the place of the database, which is kept beside it. Stop the server first."""
    path = _find(file)
    _let_go()
    with _plain():
        done = backup.restore(
            place_of(settings()), path, revisions=revisions(), another_server=another_server, now=utc_now()
        )
    count = done.manifest.survey.log.n
    _note_restored(done.manifest)
    say(
        as_json,
        {**_document(path, done.manifest, verified=True), "kept": done.kept},
        f"Put back: {count} records of {done.manifest.made_at:%d %B %Y %H:%M} UTC.",
        f"The database before is kept as {done.kept}" if done.kept else "There was no database before.",
        "Start the server again: flask serve. Phones send again by themselves what came since.",
        *(["Files lie in a bucket. Look whether all are there: flask doctor"] if settings().files else []),
    )


@command.command("move-in")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def move_in(file: Path, as_json: bool) -> None:
    """Move everything in the SQLite FILE into the empty PostgreSQL of BV_DATABASE_URL. Stop the server first.

    Run `flask db upgrade` on the new one before. The file stays as it is.
    """
    with _plain(), db.engine.begin() as connection:
        moved = backup.move_in(connection, file)
    begin_write(db.session())
    noted("backup.moved-in", records=moved.log.n)
    db.session.commit()
    _let_go()
    say(
        as_json,
        {"server": moved.server, "records": moved.log.n, "tables": moved.tables},
        f"Moved and compared: {moved.log.n} records, {sum(moved.tables.values())} rows in all.",
        "Start the server again, with the settings it has now. Phones notice nothing.",
    )
