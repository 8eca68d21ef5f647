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
    """Return who is asking and their place at their phone's provider. Commits the sliding of their token.

    Raises PlaceEnded (403).
    """
    who = current_bearer()
    session = db.session()
    places = providers.memberships_of(session, who.person_id, now=utc_now())
    session.commit()
    for place in places:
        if place.provider.id == who.provider_id:
            return who, place
    raise PlaceEnded("Your place has ended. What you did here is kept. Ask your manager.")
