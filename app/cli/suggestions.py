"""`flask catalogue suggestions`: what others suggest to modules this server publishes, for whoever runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app import authoring, providers
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.extensions import db
from app.interop import suggesting
from app.interop.suggesting import ReceivedLine, SuggestingError, What
from app.kernel import utc_now

command = AppGroup("suggestions", help="Changes that others suggest to this server's modules.")
SHORTEST_REASON, LONGEST_REASON = 3, 500


@command.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List what waits, and what became of the newest others."""
    found = suggesting.list_received(db.session())
    db.session.rollback()
    say(as_json, [_document(each) for each in found], *(map(_line, found) if found else ["Nothing was suggested yet."]))


@command.command("show")
@click.argument("number", type=click.IntRange(min=1))
@json_option
def show(number: int, as_json: bool) -> None:
    """Show suggestion NUMBER: who, why, and what differs from the text it was written on and from today's."""
    try:
        view = suggesting.open_received(db.session(), number)
    except SuggestingError as refused:
        raise trouble(str(refused)) from None
    finally:
        db.session.rollback()
    conflicts = [{"line": at, "today": today, "suggested": said} for at, today, said in view.conflicts]
    document = {**_document(view), "text": view.text, "merged": view.merged, "conflicts": conflicts}
    lines = [_line(view), f"Why: {view.reason}", f"Written on edition {view.written_on}:"]
    lines += [f"{each.sign} {each.text}" for each in authoring.difference_of(view.before, view.text)]
    if view.moved_on:
        lines.append(f"What that does to edition {view.newest}, the newest:")
        lines += [f"{each.sign} {each.text}" for each in authoring.difference_of(view.today, view.merged)]
        lines += [f"Line {at} was changed on both sides. Suggested: {said}" for at, _, said in view.conflicts]
    say(as_json, document, *lines)


@command.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@writes
def read(file: Path, as_json: bool) -> None:
    """Read in a suggestion that was handed over as FILE."""
    with file.open("rb") as opened:
        made = suggesting.read(opened.read(suggesting.LARGEST_SUGGESTION + 1))
    receipt = suggesting.receive(db.session(), made, came="file", now=utc_now())
    number = suggesting.number_of(db.session(), receipt)
    noted("suggestion.came-by-file", module=made.module)
    say(as_json, {"number": number, "module": made.module}, f"It is suggestion {number}, for {made.module}.")


@command.command("take")
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--into",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The content folder the module is published from.",
)
@click.option("--change", type=click.Choice(["minor", "major"]), required=True, help="major: people take it again.")
@json_option
@writes
def take(number: int, folder: Path, change: str, as_json: bool) -> None:
    """Write suggestion NUMBER into the module's folder, as its next edition. Publish it with flask content publish.

    Where a desk made a draft of it, the draft's words count, once a named person has checked the facts. Otherwise the
    edition says that nobody has: read it first.
    """
    session, now = db.session(), utc_now()
    every = providers.list_providers(session)
    made = suggesting.next_edition(session, number, every[0].id if len(every) == 1 else None, change=change)
    suggesting.taken(session, number, made, now=now)
    where = suggesting.write(session, made, folder)
    noted("suggestion.taken", module=made.key, suggestion=number, edition=made.number)
    document = {"number": number, "module": made.key, "edition": made.number, "folder": str(where)}
    say(as_json, document, f"Edition {made.number} of {made.key} is in {where}. Publish it: flask content publish")


@command.command("decline")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="They read it.")
@json_option
@writes
def decline(number: int, reason: str, as_json: bool) -> None:
    """Say that suggestion NUMBER is not taken, and why."""
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise click.UsageError(f"--reason takes {SHORTEST_REASON} to {LONGEST_REASON} characters.")
    view = suggesting.open_received(db.session(), number)
    suggesting.decide(db.session(), number, What.NOT_TAKEN, words=reason, now=utc_now())
    noted("suggestion.declined", module=view.module, suggestion=number)
    say(as_json, {"number": number, "reason": reason}, "Noted. They read it when their server next looks.")


def _document(line: ReceivedLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "module": line.module,
        "provider": line.provider,
        "person": line.person,
        "to_be_named": line.credit,
        "licence": line.licence,
        "reason": line.reason,
        "received_at": line.received_at.isoformat(),
        "state": "taken" if line.edition else line.what.value if line.what else "waiting",
        "edition": line.edition or line.planned,
    }


def _line(line: ReceivedLine) -> str:
    found = _document(line)
    return f"{line.number}  {found['state']}  {line.module}  from {line.provider}, {line.received_at:%Y-%m-%d}"
