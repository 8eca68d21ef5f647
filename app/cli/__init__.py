"""`flask …` commands: parse, call one service, print. May import any domain.

A command is a noun and then a verb, offers `--json`, leaves with a number that is not 0 when it failed, and is safe to
repeat. It is read when it is given: the whole program takes longer to read than nearly any command to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.commands import Commands
from app.kernel import import_all_models

if TYPE_CHECKING:
    import click
    from flask import Flask

# Each command of ours, and where it lies.
PLACES = {
    "audit": "app.cli.audit:command",
    "backup": "app.cli.backup:command",
    "catalogue": "app.cli.catalogue:command",
    "content": "app.cli.content:content",
    "credential": "app.cli.credential:command",
    "db": "app.cli.migrations:command",
    "doctor": "app.cli.doctor:command",
    "evidence": "app.cli.evidence:command",
    "files": "app.cli.files:command",
    "person": "app.cli.phones:command",
    "provider": "app.cli.provider:command",
    "push": "app.cli.push:command",
    "records": "app.cli.records:command",
    "retention": "app.cli.retention:command",
    "seed": "app.cli.seeding:command",
    "serve": "app.cli.serve:command",
    "serve-info": "app.cli.serve_info:command",
    "worker": "app.cli.worker:command",
}
# They work with the tables of the packages they name. Another may go through all there are, as a backup does.
OWN_TABLES = {"content"}


class OurCommands(Commands):
    """Our commands by name, with the tables they work with."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Read the command `name`, or return None when there is none."""
        if name in PLACES and name not in OWN_TABLES:
            import_all_models()
        return super().get_command(ctx, name)


def init_app(app: Flask) -> None:
    """Give `flask` our commands."""
    from app.cli.migrations import Migrations

    app.cli = OurCommands(app.name, PLACES)
    app.extensions["migrate"] = Migrations()
