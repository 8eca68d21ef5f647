"""`flask db …`: Flask-Migrate's own commands, read when one is given: a server never needs Alembic's 11 MB."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from app.config import shipped
from app.extensions import db

if TYPE_CHECKING:
    from flask_migrate import Migrate


class Migrations:
    """What Flask-Migrate looks for among an app's extensions, without having read Flask-Migrate."""

    def __init__(self) -> None:
        self.db, self.directory = db, str(shipped("migrations"))

    @cached_property
    def migrate(self) -> Migrate:
        """The extension itself."""
        from flask_migrate import Migrate

        return Migrate(db=self.db, directory=self.directory)

    @property
    def configure_args(self) -> dict[str, Any]:
        """What its `env.py` would be given; ours decides for itself."""
        settings: dict[str, Any] = self.migrate.alembic_ctx_kwargs
        return settings


class _Command(click.Group):
    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:
        """Let Flask-Migrate's group go on from here."""
        from flask_migrate.cli import db as group

        context: click.Context = group.make_context(info_name, args, parent, **extra)
        return context


command = _Command("db", help="Perform database migrations.")
