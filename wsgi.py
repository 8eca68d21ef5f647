"""What gunicorn and `flask --app wsgi` start."""

import click

from app import create_app

# While `flask` looks for a command of ours, its own context is the one it is in. Our commands show no screen; Flask's
# own, `run`, `shell` and `routes`, have a context below it, and gunicorn has none.
_context = click.get_current_context(silent=True)
app = create_app(screens=_context is None or _context.parent is not None)
