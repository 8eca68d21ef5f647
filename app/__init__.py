"""Between Visits: learning for home carers.

`create_app` joins the domain packages into screens and decides nothing itself. Flask is imported inside it, so that
`import app.learning` stays light and a rule can be used without the web.
"""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

# Python looks for unused cycles after every 700 new objects; a page about a thousand people makes some hundred
# thousand, and then half its time went into looking.
OBJECTS_BETWEEN_LOOKS = 50_000


def create_app(settings: Settings | None = None, *, screens: bool = True) -> Flask:
    """Build the web application from `settings`, or from the environment when none are given.

    Without `screens` it is for commands, which read what they need when they are given. Raises
    app.config.SettingsError, naming the setting and the mend, when a setting is unknown or unsafe.
    """
    # Before the rest is read: reading it makes half a million objects.
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, 20, 20)
    from app import cli
    from app.web.factory import build_app

    app = build_app(settings)
    app.extensions["bv.add_screens"] = partial(_add_screens, app)
    if screens:
        _add_screens(app)
    cli.init_app(app)
    return app


def _add_screens(app: Flask) -> None:
    from app.web.screens import add_screens

    add_screens(app)
