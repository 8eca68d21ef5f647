"""When a request takes the write lock: at its start, unless its view takes the lock itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.kernel import begin_write

Arguments = ParamSpec("Arguments")
READS_ONLY = ("GET", "HEAD", "OPTIONS")
JSON = "application/json"


def takes_the_lock_itself(view: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
    """Mark a view that calls `write_as_bearer` once it knows what to write; others hold SQLite's write lock throughout.

    Until then it may only read.
    """
    view._takes_the_lock = True  # type: ignore[attr-defined]
    return view


def takes_the_lock(view: Callable[..., Any] | None) -> bool:
    """Say whether a view was marked so."""
    return getattr(view, "_takes_the_lock", False)


def init_app(app: Flask) -> None:
    """Let every request that may write do so from its start."""
    app.before_request(_write_from_the_start)


def _write_from_the_start() -> None:
    if request.method not in READS_ONLY:
        # What was sent is read whole before the lock is taken: it may come from a phone on one bar of signal, and
        # meanwhile nobody else could write.
        request.get_data(parse_form_data=request.mimetype != JSON)
        if not takes_the_lock(current_app.view_functions.get(request.endpoint or "")):
            begin_write(db.session())
