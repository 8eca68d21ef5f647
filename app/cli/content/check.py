"""`flask content check` and `flask content fix`: every mistake with its line, and the ids that are missing."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import click

from app.cli.content.common import library_here, print_json
from app.cli.content.watching import stamp
from app.cli.output import json_option, say
from app.content.fix import add_missing_ids
from app.content.library import Folder, Library
from app.content.many import Kept, check_many
from app.content.types import Problem, Severity
from app.kernel import utc_now

LOOK_EVERY = 0.4
# GitHub's names for the three severities.
_ANNOTATION = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Write the ids that are missing, then check.")
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Check as on another day.")
@click.option("--fresh", is_flag=True, help="Check every module, also those that did not change since the last time.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved. Stop it with Ctrl-C.")
def check_command(
    paths: tuple[Path, ...], as_json: bool, form: str, fix: bool, strict: bool, today: datetime | None, fresh: bool,
    watch: bool,
) -> None:  # fmt: skip
    """Explain every mistake in the modules at PATHS (default: all), with its line and what to write instead."""
    kept = Kept(None if fresh else _cache())
    form = "json" if as_json else form

    def once() -> Sequence[Problem]:
        now = today.replace(tzinfo=UTC) if today else utc_now()
        return _check(paths, form, fix=fix, now=now, kept=kept)

    if watch:
        _follow(once)
        return
    problems = once()
    kept.save()
    warned = strict and any(p.severity is Severity.WARNING and p.accepted is None for p in problems)
    if warned or any(problem.stops for problem in problems):
        raise SystemExit(1)


def _cache() -> Path:
    """Where is kept what was said of which text: only ever asked by its hash, and safe to delete."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "between-visits" / "checked.json"


def _check(paths: tuple[Path, ...], form: str, *, fix: bool, now: datetime, kept: Kept) -> Sequence[Problem]:
    library = library_here()
    folders = _wanted(library, paths)
    if fix:
        _fix(folders, quiet=form != "text")
    shown = {folder.shown for folder in folders}
    problems = [problem for problem in library.problems if not paths or problem.path in shown]
    problems += chain.from_iterable(check_many(library, folders, now=now, kept=kept))
    if form == "json":
        print_json({"modules": len(folders), "problems": [problem.as_json() for problem in problems]})
    elif form == "github":
        for problem in problems:
            click.echo(_annotation(problem))
    else:
        _print_problems(problems, len(folders))
    return problems


def _wanted(library: Library, paths: tuple[Path, ...]) -> tuple[Folder, ...]:
    folders = library.under(paths)
    if paths and not folders:
        raise click.UsageError(f"There is no module.md at or under {', '.join(map(str, paths))}.")
    return folders


def _follow(once: Callable[[], object]) -> None:
    """Check, and again after each time somebody saved; what is wrong for a moment is said and waited out."""
    root = library_here().root
    try:
        while True:
            seen = stamp([root])
            try:
                once()
            except click.ClickException as trouble:
                click.echo(trouble.format_message(), err=True)
            while stamp([root]) == seen:
                time.sleep(LOOK_EVERY)
            click.echo(f"-- {time.strftime('%H:%M:%S')}")
    except KeyboardInterrupt:
        click.echo("Stopped.")


@click.command("fix")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@json_option
def fix_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Write the ids that are missing in the modules at PATHS (default: all). Nothing else is touched."""
    written = _fix(_wanted(library_here(), paths), quiet=True)
    lines = (f"{path}: {count} {'id' if count == 1 else 'ids'} written." for path, count in written.items())
    say(as_json, {"written": written}, *(lines if written else ["No id is missing."]))


def _fix(folders: Iterable[Folder], *, quiet: bool) -> dict[str, int]:
    """Return how many ids were written by path."""
    written = {}
    for folder in folders:
        mended, added = add_missing_ids(folder.text())
        if added:
            (folder.path / "module.md").write_bytes(mended)
            written[folder.shown] = added
            if not quiet:
                click.echo(f"{folder.shown}: {added} {'id' if added == 1 else 'ids'} written.")
    return written


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
