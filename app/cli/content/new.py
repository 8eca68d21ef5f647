"""`flask content new`: a module to begin with; `flask content schema`: what its fields may hold, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.content.common import library_here, print_json
from app.content.fields import KEY, json_schema
from app.content.library import Library
from app.content.problems import did_you_mean
from app.content.starter import starter
from app.kernel import day_of, utc_now


@click.command("new")
@click.argument("place", metavar="PACK/TOPIC/KEY")
@click.option("--title", default="", help="The module's title. Default: the key in words.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def new_command(place: str, title: str, as_json: bool) -> None:
    """Start a module with one lesson and one question. A module that is there already is left alone."""
    library = library_here()
    path = place_for(library, place)
    key = path.parent.name
    made = not path.exists()
    if made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(starter(key, title, day_of(utc_now())), encoding="utf-8", newline="\n")
    if as_json:
        print_json({"path": str(path), "made": made})
    else:
        what = "is ready. Write, then run flask content check." if made else "is there already and was left alone."
        click.echo(f"{path} {what}")


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the fields at the top of a module, for editors that check them while you type."""
    print_json(json_schema())


def place_for(library: Library, place: str) -> Path:
    """Return the module.md that PACK/TOPIC/KEY means, there or not. Raises click.UsageError."""
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
    return library.root / "packs" / pack_name / topic / key / "module.md"
