"""`flask …` commands: parse, call one service, print. May import any domain.

A command is a noun and then a verb, offers `--json`, leaves with a number that is not 0 when it failed, and is safe to
repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Give `flask` our commands."""
    from app.cli import (
        audit,
        backup,
        catalogue,
        content,
        credential,
        doctor,
        evidence,
        files,
        migrations,
        person,
        phones,
        provider,
        push,
        records,
        retention,
        seeding,
        serve,
        serve_info,
        worker,
    )

    migrations.init_app(app)
    for module in (
        content,
        catalogue,
        audit,
        retention,
        records,
        backup,
        provider,
        person,
        phones,
        push,
        evidence,
        files,
        credential,
        doctor,
        seeding,
        serve_info,
        serve,
        worker,
    ):
        app.cli.add_command(module.command)
