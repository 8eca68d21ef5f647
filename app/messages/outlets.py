"""The ways out that the settings give this server."""

from __future__ import annotations

import functools
from pathlib import Path

from app.config import Settings
from app.messages.delivering import Outlets
from app.messages.line import Line
from app.messages.mail import MailServer, Tls
from app.messages.push import PushKey, is_possible


def outlets_of(settings: Settings) -> Outlets:
    """Return how this server can send. Raises ValueError or OSError for a key's file that cannot be used."""
    key = push_key(settings)
    mail = settings.mail
    return Outlets(
        post=Line().post if key else None,
        key=key,
        mail=None
        if mail is None
        else MailServer(
            host=mail.host,
            port=mail.port,
            sender=mail.sender,
            origin=settings.origin,
            tls=Tls(mail.tls),
            name=mail.user,
            password=mail.password,
        ),
    )


def push_key(settings: Settings) -> PushKey | None:
    """Return the server's key for messages on lock screens, or None when there is none, or nothing to send with.

    Raises ValueError or OSError for a file that is there and cannot be used.
    """
    path = settings.push_key_file or settings.instance / "push-key.pem"
    if not path.exists() or not is_possible():
        return None
    return _read(path, path.stat().st_mtime_ns, f"https://{settings.hostname}")


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int, contact: str) -> PushKey:
    return PushKey.from_pem(path.read_bytes(), contact)
