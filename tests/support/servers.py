"""Real servers on loopback that share: gunicorn each, with a shelf of its own, driven by an operator's commands."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from app import create_app, jobs, providers
from app.cli.catalogue_job import KIND
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from tests.support.sharing import Shelf
from tests.support.site import Site


@dataclass
class Server:
    """A site with a shelf of its own, and what its commands answer.

    The server is gunicorn in processes of its own. Commands run in this one: starting Python for each takes longer than
    what they do.
    """

    site: Site
    shelf: Shelf

    def app(self) -> Flask:
        own = {name: value for name, value in self.site.environment.items() if name.startswith("BV_")}
        return create_app(Settings.from_environment(own))

    def flask(self, *words: str) -> Result:
        app = self.app()
        try:
            return app.test_cli_runner().invoke(args=words)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

    def run(self, *words: str) -> Any:
        done = self.flask("catalogue", *words, "--json")
        assert done.exit_code == 0, f"{words}: {done.output} {done.exception}"
        return json.loads(done.output)

    def refused(self, *words: str) -> str:
        done = self.flask("catalogue", *words)
        assert done.exit_code == 1, done.output
        return done.output

    def content(self, *words: str) -> None:
        done = self.flask("content", *words)
        assert done.exit_code == 0, f"{words}: {done.output} {done.exception}"

    def publish(self) -> None:
        self.content("publish")

    def editions(self, key: str) -> list[tuple[int, bool]]:
        query = "SELECT number, withdrawn_at IS NOT NULL FROM editions WHERE module = ? ORDER BY number"
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database:
            return [(number, bool(gone)) for number, gone in database.execute(query, (key,))]

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """The application on this server's database, for what a person or the worker does there."""
        app = self.app()
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()

    def days_pass(self, table: str, column: str) -> None:
        """Let what was looked at last have been long ago."""
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database, database:
            database.execute(f"UPDATE {table} SET {column} = '2026-01-01 00:00:00.000000'")

    def ask(self, source: str) -> None:
        """Ask for what is new, as a manager does on the page."""
        app = self.app()
        with app.app_context():
            [provider] = providers.list_providers(db.session())
            jobs.ask(db.session(), provider.id, KIND, {"source": source}, by=None, now=utc_now())
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    def jobs(self) -> list[tuple[str, str]]:
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database:
            return database.execute("SELECT state, words FROM jobs ORDER BY id").fetchall()

    def look_tomorrow(self) -> str:
        """Let the worker look once, as if a day had passed."""
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database, database:
            database.execute("UPDATE catalogue_sources SET looked_at = '2026-01-01 00:00:00.000000'")
        done = self.flask("worker", "--once")
        assert done.exit_code == 0, done.output
        return done.output


def server(folder: Path, pack: str, *modules: str) -> Server:
    shelf = Shelf(folder / "content", pack)
    for key in modules:
        shelf.module(key)
    site = Site(folder, settings={"BV_CONTENT": str(shelf.root), "BV_FOLLOW": "any", "BV_WORKERS": "1"})
    made = Server(site, shelf)
    done = made.flask("db", "upgrade")
    assert done.exit_code == 0, done.output
    made.publish()
    made.run("offer", pack, "--as", pack.capitalize())
    return made
