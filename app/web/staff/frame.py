"""What stands around every staff page: who is signed in, where, and the menu."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request, url_for
from flask_login import current_user

from app.providers import Role
from app.web import access
from app.web.access import STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the staff pages' menu."""

    href: str
    words: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFrame:
    """What stands around every staff page."""

    signed_in: bool
    person: str = ""
    provider: str = ""
    others: bool = False
    entries: tuple[Entry, ...] = ()


# Address name, words, who sees it.
MENU: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("manager.people", "People", (Role.MANAGER,)),
    ("matrix.page", "Matrix", (Role.MANAGER,)),
    ("needed.trainings", "What is needed", (Role.MANAGER,)),
    ("practice.page", "Practice", (Role.MANAGER, Role.ASSESSOR)),
    ("messages.page", "Messages", (Role.MANAGER,)),
    ("evidence.page", "Evidence", (Role.MANAGER,)),
    ("exports.page", "Exports", (Role.MANAGER,)),
    ("figures.page", "Figures", (Role.MANAGER,)),
    ("supervision.overview", "Supervision", (Role.MANAGER,)),
    ("trainer.modules", "Modules", STAFF),
    ("trail.page", "Who did what", (Role.MANAGER,)),
)


def frame() -> dict[str, StaffFrame]:
    """Give staff templates their frame. Empty for somebody signed out, and for a person without a staff role."""
    if not request.path.startswith("/staff") or g.get("no_frame"):
        return {}
    user = current_user._get_current_object()
    membership = access.chosen_membership(frozenset(STAFF)) if isinstance(user, access.SignedIn) else None
    if membership is None:
        return {"staff_frame": StaffFrame(signed_in=False)}
    entries = tuple(
        Entry(href=url_for(name), words=words, here=(request.endpoint or "").startswith(name.partition(".")[0] + "."))
        for name, words, roles in MENU
        if membership.roles & set(roles)
    )
    places = [m for m in user.memberships if m.roles & set(STAFF)]
    return {
        "staff_frame": StaffFrame(
            signed_in=True,
            person=user.person.name,
            provider=membership.provider.name,
            others=len(places) > 1,
            entries=entries,
        )
    }
