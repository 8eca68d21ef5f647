"""`flask evidence`: make a pack, list them, and find out whether one was changed. The managers' page does the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app import jobs
from app.cli import evidence_job
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.cli.provider import find as provider_named
from app.compliance import evidence
from app.compliance.evidence import NotAPack, PackView, Scope, Verdict
from app.extensions import db
from app.jobs import JobState
from app.kernel import day_of, utc_now
from app.providers import ProviderView

command = AppGroup("evidence", help="Evidence packs for an inspection.")
DAY = click.DateTime(["%Y-%m-%d"])
A_YEAR = timedelta(days=365)


@command.command("make")
@click.option("--provider", "name", help="The provider, by name or uuid; needed when there are several.")
@click.option("--since", type=DAY, help="First day of what happened; a year before --as-at without it.")
@click.option("--until", type=DAY, help="Last day of what happened; --as-at without it.")
@click.option("--as-at", type=DAY, help="The day whose end is shown; today without it.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Also write the file here.")
@json_option
def make(
    name: str | None,
    since: datetime | None,
    until: datetime | None,
    as_at: datetime | None,
    save: Path | None,
    as_json: bool,
) -> None:
    """Make a pack of all people and parts now, without waiting for the worker."""
    provider = provider_named(name)
    pack = _asked(provider, since and since.date(), until and until.date(), as_at and as_at.date())
    line = evidence_job.make(only=pack.id)
    made = evidence.body_of(db.session(), provider.id, pack.uuid)
    if made is None:
        raise trouble(line or "Another worker is making this pack. See flask evidence list.")
    view, body = made
    if save:
        save.touch(mode=0o600)
        save.write_bytes(body)
    db.session.rollback()
    say(
        as_json,
        _document(view),
        f"Made, {len(body)} bytes. SHA-256 {view.sha}",
        *([f"Saved as {save}"] if save else []),
    )


@writes
def _asked(provider: ProviderView, since: date | None, until: date | None, as_at: date | None) -> jobs.JobView:
    now = utc_now()
    day = as_at or day_of(now)
    last = until or day
    scope = Scope(
        since=since or last - A_YEAR,
        until=last,
        as_at=day,
        people=None,
        parts=tuple(evidence.PARTS),
        labels=evidence.labels_of(db.session(), provider.id),
    )
    job = evidence.ask(db.session(), provider.id, scope, by=None, now=now)
    noted("evidence.asked", provider=provider.uuid, pack=str(job.uuid))
    return job


@command.command("list")
@click.option("--provider", "name", help="The provider, by name or uuid; needed when there are several.")
@json_option
def list_all(name: str | None, as_json: bool) -> None:
    """List a provider's packs, the newest first."""
    found = evidence.list_packs(db.session(), provider_named(name).id)
    db.session.rollback()
    say(as_json, [_document(each) for each in found], *(map(_line, found) if found else ["No pack was asked for yet."]))


@command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(file: Path, as_json: bool) -> None:
    """Say whether a pack is as it was made, and name what was changed. Leaves with 1 when anything was."""
    try:
        with file.open("rb") as opened:
            verdict = evidence.verify(opened, lambda uuid: evidence.any_manifest_of(db.session(), uuid))
    except NotAPack as wrong:
        raise trouble(str(wrong)) from wrong
    finally:
        db.session.rollback()
    say(
        as_json,
        {
            "whole": verdict.whole,
            "known": verdict.known,
            "files": verdict.files,
            "changed": verdict.changed,
            "missing": verdict.missing,
            "added": verdict.added,
        },
        *_words(verdict),
    )
    if not verdict.whole:
        raise SystemExit(1)


def _words(verdict: Verdict) -> list[str]:
    lines = [f"Whole: {verdict.files} files, as they were made."] if verdict.whole else []
    lines += [f"Changed: {name}" for name in verdict.changed]
    lines += [f"Missing: {name}" for name in verdict.missing]
    lines += [f"Added: {name}" for name in verdict.added]
    if not verdict.known:
        lines.append("This server did not make it, or keeps nothing of it: it was compared only with its own list.")
    return lines


def _document(view: PackView) -> dict[str, Any]:
    return {
        "pack": view.job.uuid,
        "state": view.job.state.value,
        "asked_at": view.job.asked_at.isoformat(),
        "since": view.scope.since,
        "until": view.scope.until,
        "as_at": view.scope.as_at,
        "made_at": view.made_at.isoformat() if view.made_at else None,
        "bytes": view.size,
        "sha256": view.sha,
        "removed": view.removed_at is not None,
        "words": view.job.words,
    }


def _line(view: PackView) -> str:
    scope = view.scope
    parts = [str(view.job.uuid), f"{scope.since} to {scope.until}, as at {scope.as_at}", view.job.state.value]
    parts += [f"{view.size} bytes", view.sha] if view.made_at else []
    parts += ["removed"] if view.removed_at else []
    parts += [view.job.words] if view.job.state is JobState.FAILED else []
    return "  ".join(parts)
