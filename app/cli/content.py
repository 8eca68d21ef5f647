"""`flask content …`: check, publish, coverage, report, new, withdraw, correct.

Leaves with 0 when all is well, 1 when something has to be mended, 2 when it was asked wrongly. `check`, `coverage` and
`new` need no database.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app, has_app_context
from flask.cli import with_appcontext

from app import sync
from app.cli.audit import noted
from app.cli.correcting import correct_command
from app.cli.output import writes
from app.content.balance import balance
from app.content.coverage import Covered
from app.content.coverage import coverage as coverage_of
from app.content.errors import LibraryMissing
from app.content.fix import add_missing_ids
from app.content.frontmatter import KEY
from app.content.library import Folder, Library, load
from app.content.problems import did_you_mean
from app.content.service import Report, check_folder, known_to, prepare, store
from app.content.service import withdraw as withdraw_edition
from app.content.starter import starter
from app.content.types import Problem, Severity
from app.extensions import db
from app.kernel import begin_write, utc_now

# GitHub's names for the three severities.
_ANNOTATION = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


@click.group("content")
def content() -> None:
    """Check, publish and look after the lessons."""


def _library() -> Library:
    root = current_app.extensions["bv.settings"].content if has_app_context() else Path("content")
    try:
        return load(Path(root))
    except LibraryMissing as missing:
        raise click.ClickException(str(missing)) from None


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@content.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Write the ids that are missing, then check.")
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Check as on another day.")
def check_command(
    paths: tuple[Path, ...], as_json: bool, form: str, fix: bool, strict: bool, today: datetime | None
) -> None:
    """Explain every mistake in the modules at PATHS (default: all), with its line and what to write instead."""
    library = _library()
    folders = library.under(paths)
    if paths and not folders:
        raise click.UsageError(f"There is no module.md at or under {', '.join(map(str, paths))}.")
    if fix:
        _fix(folders, quiet=as_json or form != "text")
    now = today.replace(tzinfo=UTC) if today else utc_now()
    checked = [check_folder(library, folder, now=now) for folder in folders]
    shown = {folder.shown for folder in folders}
    wanted = [problem for problem in library.problems if not paths or problem.path in shown]
    problems = [*wanted, *(problem for module in checked for problem in module.problems)]
    if as_json or form == "json":
        _print_json({"modules": len(folders), "problems": [problem.as_json() for problem in problems]})
    elif form == "github":
        for problem in problems:
            click.echo(_annotation(problem))
    else:
        _print_problems(problems, len(folders))
    warned = strict and any(p.severity is Severity.WARNING and p.accepted is None for p in problems)
    if warned or any(problem.stops for problem in problems):
        raise SystemExit(1)


def _fix(folders: Iterable[Folder], *, quiet: bool) -> None:
    for folder in folders:
        mended, added = add_missing_ids(folder.text())
        if added:
            (folder.path / "module.md").write_bytes(mended)
            if not quiet:
                click.echo(f"{folder.shown}: {added} {'id' if added == 1 else 'ids'} written.")


def _print_problems(problems: Sequence[Problem], modules: int) -> None:
    for problem in problems:
        severity = "accepted" if problem.accepted else problem.severity.value
        words = " ".join(part for part in (problem.message, problem.suggestion) if part)
        reason = f" Accepted: {problem.accepted}" if problem.accepted else ""
        click.echo(f"{problem.path}:{problem.line}: {severity}: {words}{reason} [{problem.code}]")
    counts = Counter("accepted" if problem.accepted else problem.severity.value for problem in problems)
    click.echo(
        f"{modules} {'module' if modules == 1 else 'modules'}: {counts['error']} to mend, "
        f"{counts['warning']} to look at, {counts['note']} to know, {counts['accepted']} accepted."
    )


def _annotation(problem: Problem) -> str:
    kind = "notice" if problem.accepted else _ANNOTATION[problem.severity]
    words = (
        f"{problem.message} {problem.suggestion}".strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    )
    path = problem.path.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
    return f"::{kind} file={path},line={problem.line},title={problem.code}::{words}"


@content.command("publish")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@with_appcontext
def publish_command(as_json: bool) -> None:
    """Publish every module that changed. Run it as often as you like: what is published stays as it is."""
    report = publish_changes()
    if as_json:
        _print_json(_report_json(report))
    else:
        _print_report(report)
    if report.refused:
        raise SystemExit(1)


def publish_changes() -> Report:
    """Publish what changed, and judge the answers that phones sent before this server was given their edition.

    Rendering holds nothing up; then one short transaction writes it all. Phones that send in that moment wait for it.
    """
    library, now = _library(), utc_now()
    known = known_to(db.session())
    db.session.rollback()
    ready = prepare(library, known, now=now)
    begin_write(db.session())
    report = store(db.session(), ready, now=now)
    sync.judge_held(db.session())
    if report.published:
        noted("content.published", editions=len(report.published))
    db.session.commit()
    return report


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


@content.command("coverage")
@click.option("--gaps", is_flag=True, help="Only what is missing.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def coverage_command(gaps: bool, as_json: bool) -> None:
    """Say which module teaches each criterion, which questions check it, and what is missing."""
    rows = coverage_of(_library())
    shown = [row for row in rows if row.gap] if gaps else rows
    if as_json:
        _print_json({"criteria": [row.as_json() for row in shown]})
        return
    for row in shown:
        _print_row(row)
    knowledge = Counter(row.gap for row in rows if row.kind == "knowledge")
    practice = Counter(row.gap for row in rows if row.kind == "practice")
    click.echo(
        f"{knowledge.total()} knowledge criteria: {knowledge['']} taught and checked twice, "
        f"{knowledge['checked once']} checked once, {knowledge['not checked']} not checked, "
        f"{knowledge['not taught']} not taught."
    )
    click.echo(
        f"{practice.total()} practice criteria: {practice['']} explained, {practice['not explained']} not explained."
    )


def _print_row(row: Covered) -> None:
    where = ", ".join(row.modules) or "-"
    checks = f"{len(row.questions)} {'question' if len(row.questions) == 1 else 'questions'}"
    kinds = f" ({', '.join(row.kinds)})" if row.kinds else ""
    provisional = "" if row.code_confirmed else " (number provisional)"
    gap = f"  GAP: {row.gap}" if row.gap else ""
    click.echo(f"{row.code}{provisional}  {row.kind}: {row.text}\n    {where}; {checks}{kinds}{gap}")


@content.command("report")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def report_command(as_json: bool) -> None:
    """Say how the whole catalogue is spread: lengths, reading level, kinds of question, where right answers stand."""
    figures = balance(_library())
    if as_json:
        _print_json(figures.as_json())
        return
    click.echo(f"{figures.modules} modules, {figures.lessons} lessons, {figures.minutes} minutes.")
    for words, spread in (("Words in a lesson", figures.lesson_words), ("Reading level (SMOG)", figures.reading_level)):
        click.echo(f"{words}: {spread.smallest:g} to {spread.largest:g}, half of them over {spread.middle:g}.")
    click.echo(f"Hardest to read: {', '.join(f'{key} {level:g}' for key, level in figures.hardest)}.")
    for words, counts in (
        ("Kinds of question", figures.kinds),
        ("Pick one: the right answer stands in", figures.right_place),
        ("Pick one: the right answer is the", figures.right_length),
        ("True or false: right is", figures.true_or_false),
        ("Pick all: right are", figures.rights_of_pick_all),
        ("Stories: the choice to a good ending is the", figures.good_choice_length),
    ):
        click.echo(f"{words}: {', '.join(f'{what} {number}' for what, number in counts.items()) or 'none'}.")
    click.echo(
        f"{figures.must_get_right} questions must be got right. Modules with a picture: {figures.with_picture}, with a "
        f"story: {figures.with_story}, with easier words: {figures.with_easier_words}, checked by somebody: "
        f"{figures.checked_by_somebody}."
    )


@content.command("new")
@click.argument("place", metavar="PACK/TOPIC/KEY")
@click.option("--title", default="", help="The module's title. Default: the key in words.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def new_command(place: str, title: str, as_json: bool) -> None:
    """Start a module with one lesson and one question. A module that is there already is left alone."""
    library = _library()
    parts = place.strip("/").split("/")
    if len(parts) != 3 or not all(KEY.match(part) for part in parts):
        raise click.UsageError(
            "Write PACK/TOPIC/KEY in lower-case words with hyphens, as in core/06-communication/on-the-phone"
        )
    pack_name, topic, key = parts
    pack = library.packs.get(pack_name)
    if pack is None:
        raise click.UsageError(f'There is no pack "{pack_name}". {did_you_mean(pack_name, library.packs)}'.strip())
    if pack.topic(topic) is None:
        hint = did_you_mean(topic, [known.key for known in pack.topics])
        raise click.UsageError(f'"{pack_name}" has no topic "{topic}". {hint}'.strip())
    elsewhere = next((folder for folder in library.folders if folder.name == key), None)
    if elsewhere and (elsewhere.pack, elsewhere.topic) != (pack_name, topic):
        raise click.UsageError(f'"{key}" is the key of {elsewhere.shown}. Choose another.')
    path = library.root / "packs" / pack_name / topic / key / "module.md"
    made = not path.exists()
    if made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(starter(key, title, utc_now().date()), encoding="utf-8", newline="\n")
    if as_json:
        _print_json({"path": str(path), "made": made})
    else:
        what = "is ready. Write, then run flask content check." if made else "is there already and was left alone."
        click.echo(f"{path} {what}")


@content.command("withdraw")
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
        _print_json({"module": key, "edition": edition, "reason": reason, "safety": safety})
    else:
        click.echo(f"Edition {edition} of {key} is withdrawn. Phones hear of it at their next contact.")


content.add_command(correct_command)
command = content

if __name__ == "__main__":
    content()
