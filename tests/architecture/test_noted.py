"""Every act by staff and by the command line is noted in the audit trail, or stands here with the reason why not.

A change of somebody's record, rights or sign-in that nobody can be asked about is what an inspection looks for. The
code is walked from each view and command: the note has to be reachable from it.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

import click
from flask import Flask

from app import audit
from app.kernel import begin_write
from tests.support.commands import named

NOT_NOTED_ROUTES = {
    "staff.choose_provider": "says which place the person works for now; changes nothing that is kept",
    "staff.passkey_options": "says what a passkey has to answer; keeps nothing",
    "staff.second_step_options": "says what a passkey has to answer; keeps nothing",
    "staff.add_passkey_options": "says what a passkey has to answer; keeps nothing",
    "trainer.check": "says what is wrong with a text; keeps nothing",
    "evidence.check": "says what was changed about a file; keeps nothing",
}
NOT_NOTED_COMMANDS: dict[str, str] = {}
FOLLOWED = ("app.web", "app.cli", "app.privacy")


def reached(start: Callable[..., Any]) -> set[Any]:
    """Every function of the edge that can be called from `start`, and the services it names."""
    seen: set[Any] = set()
    waiting: list[Any] = [start]
    while waiting:
        found = waiting.pop()
        if not isinstance(found, types.FunctionType) or found in seen:
            continue
        seen.add(found)
        if not found.__module__.startswith(FOLLOWED):
            continue
        waiting += [getattr(found, "__wrapped__", None), *_named(found)]
    return seen


def _named(function: types.FunctionType) -> Iterator[Any]:
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        codes += [each for each in code.co_consts if isinstance(each, types.CodeType)]
        for name in code.co_names:
            found = function.__globals__.get(name)
            yield found
            if isinstance(found, types.ModuleType) and found.__name__.startswith("app."):
                yield from (getattr(found, other, None) for other in code.co_names)
    yield from (cell.cell_contents for cell in function.__closure__ or ())


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, command in named(group):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        elif command.callback is not None:
            yield f"{before}{name}", command.callback


def test_every_act_of_staff_is_noted(app: Flask) -> None:
    silent = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff/")
        and "POST" in (rule.methods or ())
        and audit.note not in reached(app.view_functions[rule.endpoint])
    }
    assert silent - NOT_NOTED_ROUTES.keys() == set()


def test_every_command_that_writes_is_noted(app: Flask) -> None:
    ours = click.Group(commands={name: command for name, command in named(app.cli) if name != "db"})
    silent = set()
    for name, callback in commands(ours):
        found = reached(callback)
        if begin_write in found and audit.note not in found:
            silent.add(name)
    assert silent - NOT_NOTED_COMMANDS.keys() == set()


def test_the_walk_finds_commands_that_write(app: Flask) -> None:
    """Were it blind, the test above could not fail."""
    writing = {name for name, callback in commands(app.cli) if begin_write in reached(callback)}
    assert {"person add", "person archive", "provider add", "content publish", "records rebuild"} <= writing
    assert not {"person list", "backup list", "audit list"} & writing
