"""`flask serve`: start Between Visits on this machine; the first time with a small believable provider."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, select

from app.cli import seeding
from app.cli.content.publish import publish_changes
from app.cli.output import trouble
from app.cli.person import settings
from app.cli.seeding import Size
from app.cli.serve_info import tell
from app.config import shipped
from app.extensions import db
from app.kernel import begin_write, turn, utc_now
from app.providers import Provider


def prepare(made_up: Size = Size.SMALL) -> None:
    """Bring the tables up to date and publish the lessons; during development also fill an empty database.

    Safe to repeat: what is there already stays as it is. The large made-up provider is added to no other's folder.
    """
    known = settings()
    if made_up is Size.LARGE and known.production:
        raise trouble("This is a production server. Made-up people do not belong beside real ones.")
    if made_up is Size.LARGE and any(name != seeding.NAMES[made_up] for name in _here()):
        raise trouble(f"{_here()[0]} is here already. Start the large provider in a folder of its own: BV_INSTANCE.")
    from flask_migrate import upgrade

    upgrade(directory=str(shipped("migrations")))
    # Several servers may be started at once: each finds what the one before it published.
    with turn(db.engine, "publishing", wait=True):
        report = publish_changes()
    click.echo(f"Lessons: {len(report.published)} published now, {len(report.unchanged)} as they were.")
    for refused in report.refused:
        click.echo(f"  Not published: {refused.module}. {refused.message}")
    if not known.production and not _here():
        if made_up is Size.LARGE:
            click.echo("Making up a large provider, once. This takes some minutes.")
        begin_write(db.session())
        seeding.make_up(db.session(), made_up, carers=seeding.CARERS_OF_LARGE, now=utc_now(), tell=click.echo)
        db.session.commit()
        click.echo(f"A {made_up} provider was made up for you to look at.")


def _here() -> list[str]:
    """Return the names of the providers here; none where the database is still empty."""
    session = db.session()
    there = inspect(session.connection()).has_table("providers")
    names = list(session.scalars(select(Provider.name))) if there else []
    session.rollback()
    return names


@click.command("serve")
@click.option(
    "--made-up",
    type=click.Choice([size.value for size in Size]),
    default=Size.SMALL.value,
    help="Which made-up provider an empty database gets during development.",
)
@with_appcontext
def command(made_up: str) -> None:
    """Bring this server up to date, say who can sign in, and serve until stopped."""
    prepare(Size(made_up))
    tell(as_json=False)
    db.session.remove()
    db.engine.dispose()
    gunicorn = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or shutil.which("gunicorn")
    if gunicorn is None:
        raise trouble("gunicorn is not here. Install again: `sh deploy/install.sh FOLDER WHEEL`.")
    current_app.logger.info("Starting gunicorn")
    sys.stdout.flush()
    # Without it the C library gives every thread a heap of its own, and each keeps what it freed.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    # Replaces this process, so that stopping it stops the server.
    os.execv(gunicorn, [gunicorn, "--config", str(shipped("gunicorn.conf.py")), "wsgi:app"])  # noqa: S606 - no shell is what we want
