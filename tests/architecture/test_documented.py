"""Every setting and command is documented. One that is not can only be found by reading the source."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask import Flask

from app.config import SETTINGS
from tests.support.commands import named

DOCS = Path(__file__).resolve().parents[2] / "docs"
SETTINGS_PAGE = (DOCS / "settings.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_in_the_words_of_the_program() -> None:
    for setting in SETTINGS:
        row = f"| `{setting.name}` | {setting.allowed} | {setting.default} | {setting.meaning} |"
        assert row in SETTINGS_PAGE, f"docs/settings.md lacks the row\n{row}"


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `(BV_\w+)`", SETTINGS_PAGE, flags=re.MULTILINE))
    assert documented == {setting.name for setting in SETTINGS}


def commands(group: click.Group, before: str = "flask") -> list[str]:
    found = []
    for name, command in named(group):
        if isinstance(command, click.Group):
            found += commands(command, f"{before} {name}")
        else:
            found.append(f"{before} {name}")
    return found


def test_every_command_is_documented(app: Flask) -> None:
    ours = click.Group(commands={name: command for name, command in named(app.cli) if name != "db"})
    pages = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    undocumented = [command for command in commands(ours) if command not in pages]
    assert undocumented == []


def test_every_command_says_what_it_does(app: Flask) -> None:
    for name, command in named(app.cli):
        for each in command.commands.values() if isinstance(command, click.Group) else [command]:
            assert each.help or each.short_help, f"{name} {each.name}"
