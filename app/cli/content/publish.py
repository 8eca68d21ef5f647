"""`flask content publish` and `withdraw`: what learners are offered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import exists, select, table
from sqlalchemy.orm import Session

from app.cli.audit import noted
from app.cli.content.common import library_here, print_json
from app.cli.output import writes
from app.content.queries import words_from_elsewhere
from app.content.service import Report, known_to, prepare, store
from app.content.service import withdraw as withdraw_edition
from app.extensions import db
from app.kernel import begin_write, utc_now


@click.command("publish")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@with_appcontext
def publish_command(as_json: bool) -> None:
    """Publish every module that changed. Run it as often as you like: what is published stays as it is."""
    report = publish_changes()
    if as_json:
        print_json(_report_json(report))
    else:
        _print_report(report)
    if report.refused:
        raise SystemExit(1)


def publish_changes() -> Report:
    """Publish what changed, and judge the answers that phones sent before this server was given their edition.

    Rendering holds nothing up; then one short transaction writes it all. Phones that send in that moment wait for it.
    """
    library, now = library_here(), utc_now()
    known = known_to(db.session())
    # The glossary is made anew: what modules of other servers use stays in it.
    library = replace(library, glossary={**words_from_elsewhere(db.session()), **library.glossary})
    db.session.rollback()
    ready = prepare(library, known, now=now)
    begin_write(db.session())
    report = store(db.session(), ready, now=now)
    _judge_held(db.session())
    if report.published:
        noted("content.published", editions=len(report.published))
    report = replace(report, absent=_of_this_server(db.session(), report.absent))
    db.session.commit()
    return report


def _judge_held(session: Session) -> None:
    """Judge what is held, if anything is: to read what judges takes as long as to publish one module.

    On PostgreSQL a batch that is not committed yet may be about to hold something, so there its log is locked first.
    """
    waits = select(exists().select_from(table("held_records")))
    if session.get_bind().dialect.name == "postgresql" or session.scalar(waits):
        from app import sync

        sync.judge_held(session)


def _of_this_server(session: Session, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the modules that are this server's own: what came from another never lay in the folder."""
    if not keys:
        return ()
    from app.interop import sharing

    taken = sharing.taken_modules(session)
    return tuple(key for key in keys if key not in taken)


def _report_json(report: Report) -> dict[str, Any]:
    return {
        "published": [{"module": new.module, "edition": new.number, "sha": new.sha} for new in report.published],
        "unchanged": list(report.unchanged),
        "refused": [
            {
                "module": refused.module,
                "path": refused.path,
                "code": refused.code,
                "message": refused.message,
                "problems": [problem.as_json() for problem in refused.problems],
            }
            for refused in report.refused
        ],
        "absent": list(report.absent),
    }


def _print_report(report: Report) -> None:
    for new in report.published:
        click.echo(f"Published {new.module}, edition {new.number} ({new.sha[:12]}).")
    for refused in report.refused:
        click.echo(f"{refused.path}: not published. {refused.message}", err=True)
        for problem in refused.problems:
            if problem.stops:
                click.echo(f"  line {problem.line}: {problem.message} {problem.suggestion}", err=True)
    for key in report.absent:
        click.echo(f"{key} is no longer in the content folder. It stays published; withdraw it if it should not.")
    click.echo(
        f"{len(report.published)} published, {len(report.unchanged)} unchanged, {len(report.refused)} not published."
    )


@click.command("withdraw")
@click.argument("key")
@click.argument("edition", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Shown to carers who have it. Say what is wrong and what to do.")
@click.option("--safety", is_flag=True, help="Somebody could come to harm: show it at the top on every phone.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@with_appcontext
@writes
def withdraw_command(key: str, edition: int, reason: str, safety: bool, as_json: bool) -> None:
    """Take EDITION of the module KEY out of the catalogue. It stays stored and can still be marked."""
    reason = re.sub(r"\s+", " ", reason).strip()
    if not 3 <= len(reason) <= 500:
        raise click.UsageError("--reason takes 3 to 500 characters.")
    withdraw_edition(db.session(), key, edition, reason=reason, safety=safety, now=utc_now())
    noted("content.withdrawn", module=key, safety=safety)
    if as_json:
        print_json({"module": key, "edition": edition, "reason": reason, "safety": safety})
    else:
        click.echo(f"Edition {edition} of {key} is withdrawn. Phones hear of it at their next contact.")
