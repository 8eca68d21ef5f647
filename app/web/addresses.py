"""What may stand in an address beside plain words and numbers."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class Key(BaseConverter):
    """A module's key, such as "falls-first-minutes". Anything else is no page of ours, and no question to the database.

    PostgreSQL fails at a text with a NUL in it, which an address can hold.
    """

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


def init_app(app: Flask) -> None:
    """Let routes say `<key:module>`. Comes before the screens, which use it."""
    app.url_map.converters["key"] = Key
