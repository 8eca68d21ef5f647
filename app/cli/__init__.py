"""`flask …` commands: parse, call one service, print. May import any domain.

A command is a noun and then a verb, offers `--json`, leaves with a number that is not 0 when it failed, and is safe to
repeat. It is read when it is given: the whole program takes longer to read than nearly any command to run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from flask.cli import AppGroup

from app.kernel import import_all_models

if TYPE_CHECKING:
    import click
    from flask import Flask

# Each command of ours, and the module that holds it.
MODULES = {
    "audit": "audit",
    "backup": "backup",
    "catalogue": "catalogue",
    "content": "content",
    "credential": "credential",
    "db": "migrations",
    "doctor": "doctor",
    "evidence": "evidence",
    "files": "files",
    "person": "phones",
    "provider": "provider",
    "push": "push",
    "records": "records",
    "retention": "retention",
    "seed": "seeding",
    "serve": "serve",
    "serve-info": "serve_info",
    "worker": "worker",
}
# They work with the tables of the packages they name. Another may go through all there are, as a backup does.
OWN_TABLES = {"content"}


class Commands(AppGroup):
    """Our commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them all, without reading one."""
        return sorted({*super().list_commands(ctx), *MODULES})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Read the command `name`, or return None when there is none."""
        if name not in MODULES:
            return super().get_command(ctx, name)
        if name not in OWN_TABLES:
            import_all_models()
        command: click.Command = import_module(f"app.cli.{MODULES[name]}").command
        return command


def init_app(app: Flask) -> None:
    """Give `flask` our commands."""
    from app.cli.migrations import Migrations

    app.cli = Commands(app.name)
    app.extensions["migrate"] = Migrations()
