"""`flask content import` and `export`: drafts made of other programs' files, and modules on their way out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.content.common import from_screens, library_here, print_json
from app.cli.content.new import place_for
from app.cli.output import trouble
from app.content import queries
from app.content.errors import UnknownEdition
from app.content.exports import FORMS, export_edition
from app.content.imports import READERS, Dropped, format_of
from app.content.types import EditionInfo
from app.extensions import db
from app.kernel import DomainError

ENDINGS = {"answers": "-answers", "scorm": "-scorm"}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("place", metavar="PACK/TOPIC/KEY")
@click.option("--format", "form", type=click.Choice(list(READERS)), help="Default: what the file's name says.")
@click.option("--title", default="", help="The module's title. Default: the document's, or the key in words.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def import_command(file: Path, place: str, form: str | None, title: str, as_json: bool) -> None:
    """Make a draft of FILE: Word (.docx), Moodle XML, GIFT or Aiken. Says what it left behind, where and why.

    A module that is there already is left alone.
    """
    path = place_for(library_here(), place)
    if path.exists():
        raise trouble(f"{path} is there already and was left alone. Choose another key.")
    try:
        raw = file.read_bytes()
        made = READERS[form or format_of(file.name, raw)](raw, key=path.parent.name, title=title)
    except DomainError as refused:
        raise trouble(f"{file}: {refused}") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, body in made.media.items():
        (path.parent / name).write_bytes(body)
    path.write_text(made.text, encoding="utf-8", newline="\n")
    if as_json:
        dropped = [asdict(each) for each in made.dropped]
        print_json({"path": str(path), "media": sorted(made.media), "dropped": dropped})
        return
    _say_dropped(made.dropped)
    left = f"{len(made.dropped)} {'thing' if len(made.dropped) == 1 else 'things'} left behind"
    click.echo(f"{path} is a draft, {left}. Run flask content check: it names what the draft still wants.")


@click.command("export")
@click.argument("key")
@click.option("--edition", type=click.IntRange(min=1), help="Default: the newest.")
@click.option("--as", "form", type=click.Choice([*FORMS, "scorm"]), default="folder", show_default=True)
@click.option("--scorm", is_flag=True, help="The same as --as scorm.")
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Default: a name by the key."
)
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@with_appcontext
def export_command(key: str, edition: int | None, form: str, scorm: bool, out: Path | None, as_json: bool) -> None:
    """Write a published module to a file: its folder (zip), its questions (GIFT), it or its answers on paper (PDF).

    The folder holds the very text and pictures it was published from. "scorm" is a package of SCORM 1.2, for other
    learning systems.
    """
    form = "scorm" if scorm else form
    out = out or Path(f"{key}{ENDINGS.get(form, '')}.{FORMS.get(form, 'zip')}")
    dropped: tuple[Dropped, ...] = ()
    try:
        info = _edition(key, edition)
        if form == "scorm":
            body = from_screens("bv.scorm")(db.session(), info)
        else:
            body, dropped = export_edition(db.session(), info, form)
    except DomainError as refused:
        raise trouble(str(refused)) from None
    out.write_bytes(body)
    if as_json:
        dropped_json = [asdict(each) for each in dropped]
        print_json({"file": str(out), "module": key, "edition": info.number, "dropped": dropped_json})
        return
    _say_dropped(dropped)
    click.echo(f"Edition {info.number} of {key} is in {out}.")


def _say_dropped(dropped: tuple[Dropped, ...]) -> None:
    for each in dropped:
        click.echo(f"Left behind, {each.place}: {each.what}. {each.why}", err=True)


def _edition(key: str, number: int | None) -> EditionInfo:
    known = queries.editions_of(db.session(), key)
    found = [info for info in known if number in (None, info.number)]
    if not found:
        raise UnknownEdition.of(key, number or 1, [info.number for info in known])
    return found[-1]
