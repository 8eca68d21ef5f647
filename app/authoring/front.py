"""The fields at the top of a draft that the desk writes itself: all else of the text stays as it is, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from app.content.frontmatter import compose
from app.content.parse import parse
from app.content.problems import Problems
from app.content.types import Module

FENCE = "---"


def quoted(value: str | list[str]) -> str:
    """Return words, or a list of them, as a field holds them: JSON's quotes are YAML's."""
    return json.dumps(value, ensure_ascii=False)


def read(text: str) -> Module:
    """Return the module a text holds, as far as it can be read."""
    return parse(text, Problems(""))


def with_fields(text: str, fields: Mapping[str, str | None]) -> str:
    """Return the text with these fields set, each to what stands behind its colon; None takes the field out.

    A field that is there keeps its place, a new one comes last. A text whose fields cannot be read comes back as it is:
    the check says what is wrong with it.
    """
    lines = text.split("\n")
    end = _end(lines)
    places = None if end is None else _places("\n".join(lines[1:end]))
    if end is None or places is None:
        return text
    new: dict[int, list[str]] = {}
    gone: set[int] = set()
    added: list[str] = []
    for name, value in fields.items():
        line = [] if value is None else [f"{name}: {value}".rstrip()]
        if name in places:
            first, last = places[name]
            new[first] = line
            gone |= set(range(first, last + 1))
        else:
            added += line
    kept: list[str] = []
    for number, words in enumerate(lines[1:end]):
        kept += new.get(number, []) if number in gone else [words]
    return "\n".join([lines[0], *kept, *added, *lines[end:]])


def _end(lines: list[str]) -> int | None:
    if not lines or lines[0].rstrip() != FENCE:
        return None
    return next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)


def _places(source: str) -> dict[str, tuple[int, int]] | None:
    """Return the first and last line of each field, from 0; None when they are not one under another."""
    try:
        node: Any = compose(source)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return None
    places: dict[str, tuple[int, int]] = {}
    for key, value in node.value:
        last = value.end_mark.line - (
            1 if value.end_mark.column == 0 and value.end_mark.line > key.start_mark.line else 0
        )
        places.setdefault(str(key.value), (key.start_mark.line, max(key.start_mark.line, last)))
    return places
