"""`flask audit`: read the trail, and find out whether it is whole. Also what other commands note their acts with."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import click
from flask.cli import AppGroup

from app import audit, identity
from app.audit import Entry, Head
from app.cli.output import json_option, say, trouble
from app.extensions import db
from app.kernel import utc_now

command = AppGroup("audit", help="Who did what to people's records, rights and sign-ins.")
HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def noted(
    action: str, *, provider: UUID | None = None, subject: UUID | None = None, **details: str | int | bool | None
) -> None:
    """Note in the audit trail what the command line did. Call it last: the command's transaction is then committed."""
    audit.note(
        db.session(),
        action,
        actor=audit.OPERATOR,
        now=utc_now(),
        provider=provider,
        subject=subject,
        details=details,
    )


@command.command("verify")
@click.option("--head", "kept", help="An earlier head, as `flask audit head` printed it, to compare with.")
@json_option
def verify(kept: str | None, as_json: bool) -> None:
    """Walk the whole chain and name the first broken link. Leaves with 1 when there is one."""
    verdict = audit.verify(db.session(), _head(kept) if kept else None)
    db.session.rollback()
    broken = verdict.broken
    say(
        as_json,
        {
            "whole": broken is None,
            "entries": verdict.entries,
            "removed_to": verdict.removed_to,
            "head": {"number": verdict.head.number, "hash": verdict.head.hash},
            "broken": {"number": broken.number, "trouble": broken.trouble.value, "words": broken.words}
            if broken
            else None,
        },
        broken.words if broken else f"Whole: {verdict.entries} entries.",
        *([f"Entries up to {verdict.removed_to} were removed by retention."] if verdict.removed_to else []),
        f"Head: {verdict.head.number}:{verdict.head.hash}",
    )
    if broken:
        raise SystemExit(1)


def _head(text: str) -> Head:
    found = HEAD.fullmatch(text.strip())
    if found is None:
        raise trouble("A head is a number, a colon and 64 letters and digits, as `flask audit head` prints it.")
    return Head(number=int(found[1]), hash=found[2])


@command.command("head")
@json_option
def head(as_json: bool) -> None:
    """Print the last entry's number and hash. Keep it elsewhere: it proves later that nothing before it was changed."""
    found = audit.head(db.session())
    db.session.rollback()
    say(as_json, {"number": found.number, "hash": found.hash}, f"{found.number}:{found.hash}")


@command.command("list")
@click.option("--person", type=click.UUID, help="Only what this person did or had done to them.")
@click.option("--kind", type=click.Choice([kind.value for kind in audit.Kind]), help="Only one kind of act.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, newest first.")
@json_option
def list_all(person: UUID | None, kind: str | None, limit: int, as_json: bool) -> None:
    """List the newest entries. People stand there as uuids: `flask person list --json` has their names."""
    who = identity.uuids_of(db.session(), person) if person else None
    found = audit.entries(db.session(), person=who, kind=audit.Kind(kind) if kind else None, limit=limit)
    db.session.rollback()
    say(as_json, [_document(each) for each in found], *(map(_line, found) if found else ["Nothing is noted yet."]))


def _document(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "action": entry.action,
        "actor": {"kind": entry.actor.kind.value, "person": entry.actor.person},
        "provider": entry.provider,
        "person": entry.subject,
        "details": entry.details,
        "hash": entry.hash,
    }


def _line(entry: Entry) -> str:
    who = str(entry.actor.person or entry.actor.kind.value)
    parts = [f"{entry.number}", f"{entry.at:%Y-%m-%d %H:%M} UTC", entry.action, f"by {who}"]
    parts += [f"to {entry.subject}"] if entry.subject else []
    parts += [f"{key}={value}" for key, value in entry.details.items() if value is not None]
    return "  ".join(parts)
