"""Modules to ask for, and phones that send, for tests of the managers' pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app import identity, learning
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.website import Place
from tests.support.world import Phone, add_phone

RIGHT, WRONG = {"first-thing": ["b"]}, {"first-thing": ["a"]}


def publish_modules(*titles: str) -> dict[str, str]:
    """Publish a module for each title; returns key to sha. Keys are the titles in lower case with hyphens."""
    publish_core(db.session())
    shas = {}
    for title in titles:
        key = title.lower().replace(" ", "-")
        shas[key] = publish(db.session(), edition(key, title=title))
    return shas


def ask_for(place: Place, member: MemberView, module: str, *, in_days: int | None, ago: int = 30) -> None:
    """Ask a person for a module, as a manager did `ago` days back; committed."""
    now = utc_now()
    due: date | None = None if in_days is None else (now + timedelta(days=in_days)).date()
    learning.assign(db.session(), place.provider.id, member.person_id, module, due=due, now=now - timedelta(days=ago))
    db.session.commit()


@dataclass
class Learner:
    """A carer who joined, and their phone."""

    member: MemberView
    phone: Phone

    def answers(self, sha: str, answers: dict[str, Any], *, at: datetime, received: datetime | None = None) -> None:
        """Do a module at a moment and send it, then or later."""
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        self.phone.send(db.session(), self.phone.answered(sha, answers, at=stamp), now=received or at)


def joined(place: Place, name: str) -> Learner:
    """Add a carer with a PIN and a phone; committed."""
    member = place.add(name)
    identity.set_pin(db.session(), member.person_id, "274913")
    return Learner(member=member, phone=add_phone(db.session(), member, now=utc_now() - timedelta(days=20)))
