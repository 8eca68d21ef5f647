"""Where the person whose phone is asking works now."""

from __future__ import annotations

from app import providers
from app.extensions import db
from app.identity import Bearer
from app.kernel import DomainError, utc_now
from app.providers import MembershipView
from app.web import words
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
    raise PlaceEnded(left_words(who))


def left_words(who: Bearer) -> str:
    """Return what somebody reads on their phone who has left: where, since when, and that their record is theirs."""
    member = None if who.provider_id is None else providers.find_member(db.session(), who.provider_id, who.person_id)
    provider = None if member is None else providers.find_provider(db.session(), member.provider_id)
    if member is None or member.ended is None or provider is None:
        return "Your place has ended. Your record stays yours."
    return f"You left {provider.name} on {words.on(member.ended)}. Your record stays yours."
