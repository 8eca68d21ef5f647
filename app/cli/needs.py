"""The worker's part in what is needed of whom: assignments follow the days, also when nobody opens a page."""

from __future__ import annotations

from datetime import date, datetime

from app import audit, providers, requirements
from app.extensions import db
from app.kernel import begin_write, day_of


class Needs:
    """Brings assignments into line with what is needed, at a worker's start and once a day."""

    def __init__(self) -> None:
        self._done: date | None = None

    def __call__(self, now: datetime) -> str | None:
        """Do it for each provider with a list, if it was not done today. Two workers at once do it once."""
        if self._done == day_of(now):
            return None
        session = db.session()
        added = ended = 0
        for provider in providers.list_providers(session):
            if not requirements.trainings(session, provider.id):
                continue
            begin_write(session)
            done = requirements.carry_out(session, provider.id, now)
            if done:
                audit.note(
                    session,
                    "needs.carried-out",
                    actor=audit.WORKER,
                    now=now,
                    provider=provider.uuid,
                    details={"added": done.added, "ended": done.ended},
                )
            session.commit()
            added, ended = added + done.added, ended + done.ended
        self._done = day_of(now)
        return f"Assignments as people's jobs need them: {added} added, {ended} ended." if added or ended else None
