"""`flask content check` and `flask content fix`: every mistake with its line, and the ids that are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.content.common import library_here, print_json
from app.content.fix import add_missing_ids
from app.content.library import Folder
from app.content.service import check_folder
from app.content.types import Problem, Severity
from app.kernel import utc_now

# GitHub's names for the three severities.
_ANNOTATION = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


@click.command("check")
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
    library = library_here()
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
        print_json({"modules": len(folders), "problems": [problem.as_json() for problem in problems]})
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
