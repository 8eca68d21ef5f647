"""Two records of one person, at two providers, becoming one: who was added anew turns out to be known here already."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import assessment, identity, providers
from app.identity import PersonView
from app.kernel import Base, DomainError
from app.providers import InviteView


class NotUnited(DomainError):
    """The two records stay apart; `code` says why: "here-already" or "used-before". Nothing was changed."""

    code = "not-united"


HERE_ALREADY = (
    "You have a place at {provider} already, so this code was made for a second record of you. "
    "Tell {contact}: they can take the second one away."
)
HERE_BEFORE = (
    "You were at {provider} before, and your record from then is kept. "
    "Ask {contact} to bring you back there, and to make you a code for that."
)
USED_BEFORE = "Somebody has begun to use this record. Join with the code as it is; your two records stay apart."


def unite(session: Session, code: InviteView, person: PersonView, *, now: datetime) -> None:
    """Make the record a provider has just added that of `person`, who has shown who they are. Flushes.

    `code` was just used up, and says which record it is. Whatever refers to that refers to `person` from now on, in
    every table there is, and its uuid finds them. Each provider goes on calling them what it called them. What the
    person had before is not touched, and nothing of it is seen by this provider. Raises NotUnited when the person has
    or had a place here, or the record is not fresh any more.
    """
    fresh, provider = code.person_id, code.provider_id
    identity.let_others_wait(session, (fresh, person.id))
    place = providers.find_member(session, provider, person.id)
    if place is not None:
        words = HERE_ALREADY if place.ended is None else HERE_BEFORE
        raise NotUnited(words.format(provider=code.provider_name, contact=code.contact), code="here-already")
    if (
        identity.has_begun(session, fresh)
        or providers.has_joined(session, fresh, but=code.id)
        or providers.has_other_places(session, provider, fresh)
    ):
        raise NotUnited(USED_BEFORE, code="used-before")
    providers.keep_names(session, fresh, code.person_name)
    providers.keep_names(session, person.id, person.name)
    assessment.follow(session, code.person_uuid, person.uuid)
    move(session, fresh, person.id)
    identity.become_alias(session, fresh, person.id, now=now)


def move(session: Session, fresh: int, person: int) -> None:
    """Let every key that points to one person point to the other: found from the tables, so that none is forgotten."""
    session.flush()
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            if key.column.table.name == "persons":
                session.execute(update(table).where(key.parent == fresh).values({key.parent: person}))
    session.expire_all()
