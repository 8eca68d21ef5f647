"""`flask records`: the record log and what is worked out from it."""

from __future__ import annotations

from flask.cli import AppGroup

from app import sync
from app.cli.audit import noted
from app.cli.output import json_option, say, writes
from app.extensions import db

command = AppGroup("records", help="The record log and what is worked out from it.")


@command.command("rebuild")
@json_option
@writes
def rebuild(as_json: bool) -> None:
    """Work out results, completions and held records again from the log.

    Nothing of the log changes. Batches that arrive meanwhile wait. Safe to repeat.
    """
    done = sync.rebuild(db.session())
    noted("records.rebuilt", records=done.records, held=done.held)
    say(
        as_json,
        {"records": done.records, "held": done.held},
        f"Read {done.records} records again. {done.held} of them wait for a person.",
    )
