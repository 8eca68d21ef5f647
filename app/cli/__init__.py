"""`flask …` commands: parse, call one service, print. May import any domain.

A command is a noun and then a verb, offers `--json`, leaves with a number that is not 0 when it failed, and is safe to
repeat.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

# Each module offers `command`, a click command or group.
COMMANDS = ("content", "records", "provider", "person", "doctor", "seed", "serve_info", "serve")


def init_app(app: Flask) -> None:
    """Give `flask` our commands."""
    for name in COMMANDS:
        if importlib.util.find_spec(f"app.cli.{name}") is not None:
            app.cli.add_command(importlib.import_module(f"app.cli.{name}").command)
