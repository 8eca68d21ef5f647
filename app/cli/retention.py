"""`flask retention`: remove what has been kept long enough, or say what would go. `flask worker` does it each night."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import AppGroup

from app import audit, privacy
from app.cli.output import json_option, say, writes
from app.cli.person import settings
from app.extensions import db
from app.kernel import utc_now
from app.privacy import Keeping, Swept

command = AppGroup("retention", help="Removing what has been kept long enough.")
WORDS = {
    "people": "people who left long ago",
    "records": "records of theirs",
    "answers": "records' answers",
    "reflections": "reflections' words",
    "messages": "messages",
    "packs": "files of evidence packs",
    "invites": "codes",
    "failures": "failed tries to sign in",
    "tokens": "ended sign-ins of phones",
    "looks": "looks at people's passports, and links to them that ended",
    "audit": "entries of the audit trail",
}


def keeping() -> Keeping:
    """Return how long this server keeps things, by its settings."""
    known = settings()
    return Keeping(
        results_years=known.keep_results_years,
        answers_months=known.keep_answers_months,
        audit_months=known.keep_audit_months,
        evidence_days=known.keep_evidence_days,
    )


def told(swept: Swept) -> str:
    """Return what went in one line."""
    found = [f"{count} {WORDS[key]}" for key, count in asdict(swept).items() if count]
    return f"Removed: {', '.join(found)}." if found else "Nothing was old enough to be removed."


@command.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@json_option
@writes
def run(dry_run: bool, as_json: bool) -> None:
    """Remove answers, leavers, codes and traces that were kept long enough. Safe to repeat."""
    if dry_run:
        swept = privacy.preview(db.session(), keeping(), now=utc_now())
        line = told(swept).replace("Removed:", "Would go:").replace("was old", "is old")
    else:
        swept = privacy.sweep(db.session(), keeping(), actor=audit.OPERATOR, now=utc_now())
        line = told(swept)
    say(as_json, {"dry_run": dry_run, **asdict(swept)}, line)
