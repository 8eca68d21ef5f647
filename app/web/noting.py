"""Noting in the audit trail what happens at the doors: signing in, out, joining, and being stopped."""

from __future__ import annotations

from datetime import datetime

from app import audit, providers
from app.extensions import db
from app.identity import PersonView
from app.kernel import utc_now
from app.providers import Role
from app.web import access


def note_own(action: str) -> None:
    """Note what the signed-in person did about their own sign-in, at the place they use now.

    Call it right before the commit.
    """
    place = access.chosen_membership(frozenset(Role))
    provider = place.provider.uuid if place else None
    audit.note(db.session(), action, actor=access.actor(), now=utc_now(), provider=provider)


def note_refused(person: PersonView, *, now: datetime, action: str = "sign-in.refused", at: int | None = None) -> None:
    """Note that somebody used up the tries at a person's sign-in. Call it where the last of them failed: once.

    At the place of theirs at the provider `at` (internal id); where they have none there, at their newest.
    """
    places = providers.memberships_of(db.session(), person.id, now=now)
    found = next((each for each in places if each.provider.id == at), places[0] if places else None)
    provider = found.provider.uuid if found else None
    audit.note(db.session(), action, actor=audit.NOBODY, now=now, provider=provider, subject=person.uuid)
