"""How commands speak: plain lines for people, one JSON document for programs, a number that is not 0 on failure."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click

from app.extensions import db
from app.kernel import DomainError, begin_write

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of lines.")


def say(as_json: bool, document: Any, *lines: str) -> None:
    """Print `document` as JSON, or `lines`."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    else:
        for line in lines:
            click.echo(line)


def trouble(words: str) -> click.ClickException:
    """Return what a command raises to leave with 1 and say why."""
    return click.ClickException(words)


def writes(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Give a command one transaction that holds the write lock, kept when it returns and undone when it fails.

    A service's refusal is printed as its words, without a traceback.
    """

    @functools.wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        begin_write(db.session())
        try:
            result = command(*args, **kwargs)
        except DomainError as error:
            db.session.rollback()
            raise trouble(str(error)) from error
        except BaseException:
            db.session.rollback()
            raise
        db.session.commit()
        return result

    return run
