"""The page that teaches the format teaches it right, and editors are told the same as the check."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from app.cli.content import content
from app.content.fields import FIELDS, json_schema
from app.content.questions import INSTRUCTIONS
from app.content.types import Problem
from tests.support.content import checked, example

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/format-in-ten-minutes.md").read_text(encoding="utf-8")
RIGHT = re.findall(r"^````markdown\n(.*?)^````$", PAGE, re.MULTILINE | re.DOTALL)
WRONG = re.findall(r"^````wrong\n(.*?)^````$\n\n```text\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
SCHEMA = json.loads((ROOT / "docs/front-matter.schema.json").read_text(encoding="utf-8"))


def whole(piece: str) -> str:
    """A piece of a module with just enough around it to be one."""
    if piece.startswith("---"):
        return piece
    fields = example().split("---\n")[1].replace('criteria: ["13.1a", "13.1b"]', "criteria: []")
    marked = "- [" in piece or "|" in piece or "1. " in piece
    fields = fields if marked and not piece.startswith("## ") else fields.replace("pass: 80\n", "")
    words = "You look, and say what you see. " * 6
    lesson = "" if piece.startswith("## ") else f"## A lesson\n\n{words}\n\n"
    return f"---\n{fields}---\n{lesson}{piece}"


def told(piece: str) -> list[Problem]:
    files = (
        {"stairs.svg": (ROOT / "tests/unit/content/example/stairs.svg").read_bytes()} if "stairs.svg" in piece else {}
    )
    return list(checked(whole(piece), files=files).problems)


@pytest.mark.parametrize("piece", RIGHT, ids=lambda piece: piece.split("\n")[0])
def test_every_example_is_right(piece: str) -> None:
    assert told(piece) == []


@pytest.mark.parametrize(("piece", "words"), WRONG, ids=lambda piece: piece.split("\n")[0][:40])
def test_every_mistake_is_told_in_those_very_words(piece: str, words: str) -> None:
    [problem] = told(piece)
    assert f"{problem.severity}: {problem.message} {problem.suggestion} [{problem.code}]" == words


def test_the_page_shows_every_kind_of_question() -> None:
    shown = "\n".join(RIGHT)
    assert len(RIGHT) >= 10
    assert len(WRONG) == PAGE.count("````wrong") == 2
    for bold in INSTRUCTIONS.values():
        assert f"**{bold}**" in shown


def test_the_committed_schema_is_the_one_the_program_makes() -> None:
    assert json.loads(CliRunner().invoke(content, ["schema"]).output) == SCHEMA == json_schema()
    assert list(SCHEMA["properties"]) == list(FIELDS)


def fields_of(text: str) -> dict[str, object]:
    read = yaml.safe_load(text.split("---\n")[1])
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in read.items()}


@pytest.mark.parametrize(
    "module", sorted((ROOT / "content/packs").glob("*/*/*/module.md")), ids=lambda path: path.parent.name
)
def test_what_the_check_takes_the_schema_takes(module: Path) -> None:
    jsonschema.validate(fields_of(module.read_text(encoding="utf-8")), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: On the stairs\n", ""),
        ("minutes: 5", "minutes: five"),
        ("minutes: 5", "minutes: 61"),
        ("pass: 80", "pass: 180"),
        ("key: on-the-stairs", "key: On The Stairs"),
        ("edition: 1", "edition: 2"),
        ("edition: 1", "edition: 2\nchange: majer"),
        ("minutes: 5", "minutes: 5\nsumary: x"),
        ("check_again: 2027-06-01", "check_again: soon"),
        ('criteria: ["13.1a", "13.1b"]', "criteria: 13.1a"),
    ],
)
def test_what_the_check_refuses_the_schema_refuses(old: str, new: str) -> None:
    text = example().replace(old, new, 1)
    assert checked(text).stops
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(fields_of(text), SCHEMA)
