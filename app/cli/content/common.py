"""What the content commands share: the library of where they are called, and how they print JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app, has_app_context

from app.content.errors import LibraryMissing
from app.content.library import Library, load


def library_here() -> Library:
    """Return the library of this server, or of the folder we stand in. Leaves with 1 when there is none."""
    root = current_app.extensions["bv.settings"].content if has_app_context() else Path("content")
    try:
        return load(Path(root))
    except LibraryMissing as missing:
        raise click.ClickException(str(missing)) from None


def from_screens(name: str) -> Any:
    """Return what a screen makes for the command line: "bv.preview" or "bv.scorm"."""
    if name not in current_app.extensions:
        current_app.extensions["bv.add_screens"]()
    return current_app.extensions[name]


def print_json(data: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
