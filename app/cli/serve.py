"""`flask serve`: start Between Visits on this machine; the first time with a small believable provider."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app import providers
from app.cli import seed as seeding
from app.cli.content import publish_changes
from app.cli.output import trouble
from app.cli.person import settings
from app.cli.serve_info import tell
from app.config import shipped
from app.extensions import db
from app.kernel import begin_write, utc_now


def prepare() -> None:
    """Bring the tables up to date and publish the lessons; during development also fill an empty database.

    Safe to repeat: what is there already stays as it is.
    """
    known = settings()
    upgrade(directory=str(shipped("migrations")))
    report = publish_changes()
    click.echo(f"Lessons: {len(report.published)} published now, {len(report.unchanged)} as they were.")
    for refused in report.refused:
        click.echo(f"  Not published: {refused.module}. {refused.message}")
    if not known.production and not providers.list_providers(db.session()):
        begin_write(db.session())
        seeding.fill(db.session(), pin=seeding.DEVELOPMENT_PIN, now=utc_now())
        db.session.commit()
        click.echo("A small provider was made up for you to look at.")


@click.command("serve")
@with_appcontext
def command() -> None:
    """Bring this server up to date, say who can sign in, and serve until stopped."""
    prepare()
    tell(as_json=False)
    db.session.remove()
    db.engine.dispose()
    gunicorn = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or shutil.which("gunicorn")
    if gunicorn is None:
        raise trouble("gunicorn is not installed here. Run: pip install gunicorn")
    current_app.logger.info("Starting gunicorn")
    sys.stdout.flush()
    # Replaces this process, so that stopping it stops the server.
    os.execv(gunicorn, [gunicorn, "--config", str(shipped("gunicorn.conf.py")), "wsgi:app"])  # noqa: S606 - no shell is what we want
