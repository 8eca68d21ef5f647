"""Where the person whose phone is asking works now."""

from __future__ import annotations

from app import providers
from app.extensions import db
from app.identity import Bearer
from app.kernel import DomainError, utc_now
from app.providers import MembershipView
from app.web.access import current_bearer


class PlaceEnded(DomainError):
    """The person has left the provider their phone was enrolled at. What they kept can still be sent."""

    code = "place-ended"


def reader() -> tuple[Bearer, MembershipView]:
    """Return who is asking and their place at their phone's provider. Raises PlaceEnded (403)."""
    who = current_bearer()
    for place in providers.memberships_of(db.session(), who.person_id, now=utc_now()):
        if place.provider.id == who.provider_id:
            return who, place
    raise PlaceEnded("Your place has ended. What you did here is kept. Ask your manager.")
