"""What `flask worker` does for messages: nudges by itself where a provider lets it, and sends what waits.

Nothing is locked while a push service or a mail server takes its time: what is to be sent is claimed and committed
first, and settled afterwards.
"""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

from app import catalogue, messages
from app.cli.person import settings
from app.extensions import db
from app.kernel import begin_write, day_of
from app.messages import Outcome, Outlets, Titles
from app.messages.outlets import outlets_of
from app.messages.rules import may_go_at


class AutomaticNudges:
    """Looks once a day, from eight in the morning in England, who is to be told of a date.

    A worker that starts again looks again, and finds in the messages what it had sent.
    """

    def __init__(self) -> None:
        self._looked: date | None = None

    def __call__(self, now: datetime) -> str | None:
        """Nudge where a provider lets the server do so, if it is day and today's look is still to come."""
        today = day_of(now)
        if may_go_at(now) != now or self._looked == today:
            return None
        session, sent = db.session(), 0
        for provider_id in messages.automatic_providers(session):
            listing = catalogue.listing(session, provider_id)
            modules = {
                each.edition.key: Titles(title=each.edition.title, minutes=each.edition.minutes)
                for each in listing.offers
            }
            begin_write(session)
            sent += messages.nudge_by_itself(session, provider_id, modules=modules, chains=listing.chains(), now=now)
            session.commit()
        self._looked = today
        return f"{sent} people nudged." if sent else None


def send_what_waits(now: datetime) -> str | None:
    """Send what is due by push and e-mail, a handful at a time."""
    session = db.session()
    if not messages.any_due(session, now=now):
        return None
    outlets = _outlets()
    begin_write(session)
    taken = messages.claim(session, now=now)
    session.commit()
    sent = 0
    for claimed in taken:
        found = messages.prepare(session, claimed)
        # Nothing of the database is held while somebody else's server answers.
        session.rollback()
        outcome = found if isinstance(found, Outcome) else messages.carry(found, outlets, now=now)
        begin_write(session)
        messages.settle(session, claimed, outcome, now=now)
        session.commit()
        sent += outcome.state is messages.State.SENT
    return f"{sent} of {len(taken)} sent." if taken else None


def _outlets() -> Outlets:
    made = current_app.extensions.get("bv.outlets")
    if isinstance(made, Outlets):
        return made
    try:
        return outlets_of(settings())
    except (ValueError, OSError) as error:
        current_app.logger.error("messages: the file of BV_PUSH_KEY_FILE cannot be used (%s).", type(error).__name__)
        return Outlets()
