"""What gunicorn and `flask --app wsgi` start."""

import click
from flask.cli import FlaskGroup

from app import create_app

# While `flask` looks for a command of ours, its own group is what runs. Our commands show no screen; Flask's own,
# `run`, `shell` and `routes`, run themselves by then, and in gunicorn nothing of the kind does.
_context = click.get_current_context(silent=True)
app = create_app(screens=_context is None or not isinstance(_context.command, FlaskGroup))
