"""The worker's part in what is recognised: issuers are asked what they withdrew, once a day each."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from app import credentials
from app.cli.person import settings
from app.extensions import db
from app.interop import recognition


class Issuers:
    """Looks at trusted issuers that are due, and settles what this server's own providers revoked.

    Looked for once in ten minutes; each issuer is asked once a day, or every three hours while it is not reached.
    """

    EVERY = timedelta(minutes=10)

    def __init__(self) -> None:
        self._last: datetime | None = None

    def __call__(self, now: datetime) -> str | None:
        """Do it if it is time. Two workers at once do no harm: what was settled is not settled again."""
        if self._last is not None and now - self._last < self.EVERY:
            return None
        known, key = settings(), str(current_app.config["SECRET_KEY"])
        looked = recognition.look_at_due(
            db.session(),
            recognition.fetching(anywhere=known.follow == "any"),
            site=credentials.issuing_site(known.origin, key.encode()),
            now=now,
        )
        self._last = now
        told = [f"{recognition.host_of(each.did)}: {each.trouble}" for each in looked if each.trouble]
        if looked:
            told.insert(0, f"{len(looked)} looked at.")
        return " ".join(told) or None
