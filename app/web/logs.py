"""What the server writes about its own trouble: where it happened and of what kind, never what anybody typed.

The words of an error may hold a name, a PIN or a query's values; an address may hold an invite's code. Neither is
written in production. A developer, whose people are made up, reads everything.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any

from flask import Flask, request
from flask.logging import default_handler
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from app.config import Settings

FORMAT = "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"


class WithoutWords(logging.Formatter):
    """Writes an error's kind and the lines it passed through, and the same of every error behind it."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        """Return the traceback of `sys.exc_info()` without a word of the error's own."""
        error: BaseException | None = ei[1]
        told: list[str] = []
        while error is not None and len(told) < 10:
            frames = "".join(traceback.format_tb(error.__traceback__))
            told.insert(0, f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\nwhich led to\n\n".join(told)


class Log(Logger):  # type: ignore[misc]
    """gunicorn's own log, without addresses, visitors' numbers or what a broken request held."""

    def setup(self, cfg: Any) -> None:
        """Write errors without their words."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(WithoutWords(self.error_fmt, self.datefmt))

    def warning(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Note a warning; of a request that is no HTTP only that there was one."""
        if str(msg).startswith("Invalid request"):
            msg, args = "A request that cannot be read was refused", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Note an error, but not at which address."""
        if str(msg).startswith("Error handling request"):
            msg, args = "A request failed outside the application", ()
        super().exception(msg, *args, **kwargs)


def init_app(app: Flask, settings: Settings) -> None:
    """Let `app` note crashes by the name of the view, not by the address that was asked for."""

    def log_exception(
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        app.logger.error("Crash in %s %s", request.method, request.endpoint, exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]
    if settings.production:
        default_handler.setFormatter(WithoutWords(FORMAT))
