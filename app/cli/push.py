"""`flask push`: the key by which phones know this server."""

from __future__ import annotations

import os

import click
from flask.cli import AppGroup

from app.cli.output import json_option, say
from app.cli.person import settings
from app.config import install_again
from app.messages.outlets import push_key
from app.messages.push import is_possible, new_key

command = AppGroup("push", help="Messages on phones' lock screens.")


@command.command("keys")
@json_option
def keys(as_json: bool) -> None:
    """Make the key by which phones know this server, if there is none yet, and say its public half."""
    if not is_possible():
        raise click.ClickException(f"Messages on lock screens need pywebpush. {install_again('push')}")
    known = settings()
    path = known.push_key_file or known.instance / "push-key.pem"
    made = not path.exists()
    if made:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else may read it, not for a moment; and a key that is there is never written over.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(new_key())
    try:
        key = push_key(known)
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{path} holds no key we can use. Move it away and try again.") from error
    public = key.public if key else ""
    line = f"{'Made' if made else 'There is'} {path}. Phones can show messages now. Public half: {public}"
    say(as_json, {"file": str(path), "made": made, "public": public}, line)
