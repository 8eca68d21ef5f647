"""Between Visits: learning for home carers.

`create_app` joins the domain packages into screens and decides nothing itself. Flask is imported inside it, so that
`import app.learning` stays light and a rule can be used without the web.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the web application from `settings`, or from the environment when none are given.

    Raises app.config.SettingsError, naming the setting and the mend, when a setting is unknown or unsafe.
    """
    from app import cli
    from app.web.factory import build_app

    app = build_app(settings)
    cli.init_app(app)
    return app
