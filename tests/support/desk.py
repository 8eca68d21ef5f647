"""A desk to write at: a provider with two trainers, and a text that may be published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import authoring
from app.authoring import DraftState, DraftView, Published, Saved
from app.providers import MemberView, ProviderView, Role
from tests.support.publishing import publish_core
from tests.support.world import NOW, add_person, add_provider

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><title>A gate</title><path d="M0 0h9v9z"/></svg>'
)
WORDS = """\
## The gate

Mr Okafor's gate sticks when it rains. Lift it as you push, and keep your fingers away from the latch. If it will not
open, ring the office from the road. Do not climb. The office has the number of his son, who lives two streets away and
comes with a key.

{picture}### Question: The gate will not open. What do you do?

Id: gate-stuck

**Pick one.**

- [{first}] Climb over it, as it is low
  > It is wet, and the wall behind it drops away.
- [{second}] Ring the office from the road
  > Yes. They have his son's number.
"""
FIELDS = """\
---
key: {key}
title: "{title}"
edition: 1
summary: How to get in when it rains.
minutes: 3
criteria: []
pass: 80
check_again: 2027-06-01
licence: All rights reserved
sources: ["Our own visit notes"]
---

"""


@dataclass
class Desk:
    """One provider's desk: Amina and Ben write at it. Everything is committed."""

    session: Session
    provider: ProviderView
    amina: MemberView
    ben: MemberView

    def start(self, title: str = "The gate", **changes: Any) -> DraftView:
        """Amina begins a draft with words that may be published."""
        draft = authoring.start(self.session, self.provider.id, self.amina.person_id, title, "Our visits", now=NOW)
        self.save(draft, words(draft, title=title, **changes))
        return self.open(draft)

    def open(self, draft: DraftView) -> DraftView:
        """The draft as it is now."""
        return authoring.open_draft(self.session, self.provider.id, draft.uuid)

    def save(self, draft: DraftView, text: str, *, by: MemberView | None = None, on: int | None = None) -> int:
        """Save a text on top of what is in force; returns its revision."""
        saved = authoring.save(
            self.session,
            self.provider.id,
            draft.uuid,
            text,
            based_on=self.open(draft).revision if on is None else on,
            by=(by or self.amina).person_id,
            now=NOW,
        )
        assert isinstance(saved, Saved)
        self.session.commit()
        return saved.revision

    def make_ready(self, draft: DraftView, name: str = "Dr Lee Park", role: str = "pharmacist") -> None:
        """Review it, and let somebody else have checked the facts."""
        session, provider = self.session, self.provider.id
        authoring.send_to_review(session, provider, draft.uuid)
        authoring.checked(
            session,
            provider,
            draft.uuid,
            name,
            role,
            revision=self.open(draft).revision,
            by=self.ben.person_id,
            now=NOW,
        )
        session.commit()

    def publish(self, draft: DraftView, change: str = "major", *, now: datetime = NOW) -> Published:
        """Check it, if nobody has, and publish it."""
        if self.open(draft).state is not DraftState.READY:
            self.make_ready(draft)
        revision = self.open(draft).revision
        done = authoring.publish(
            self.session, self.provider.id, draft.uuid, change, revision=revision, by=self.ben.person_id, now=now
        )
        self.session.commit()
        return done


def words(
    draft: DraftView, *, title: str = "The gate", right: str = "second", picture: bool = False, more: str = ""
) -> str:
    """A text that the check lets pass, with an address of its own for the picture."""
    first, second = ("x", " ") if right == "first" else (" ", "x")
    shown = "![A gate with its latch](gate.svg)\n\n" if picture else ""
    body = WORDS.format(first=first, second=second, picture=shown)
    return FIELDS.format(key=draft.key, title=title) + body + more


def a_desk(session: Session, name: str = "Bramble Home Care", *, core: bool = True) -> Desk:
    """A provider with two trainers; committed. `core`: what everybody is offered is published first."""
    if core:
        publish_core(session)
    provider = add_provider(session, name)
    amina = add_person(session, provider, f"Amina of {name}", (Role.TRAINER,))
    ben = add_person(session, provider, f"Ben of {name}", (Role.TRAINER, Role.MANAGER))
    session.commit()
    return Desk(session=session, provider=provider, amina=amina, ben=ben)
