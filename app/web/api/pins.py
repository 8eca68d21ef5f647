"""Asking a person's PIN where a token alone is not enough."""

from __future__ import annotations

from uuid import UUID

from app import identity, privacy, providers
from app.extensions import db
from app.identity import PersonView
from app.kernel import DomainError, begin_write, may_write, utc_now
from app.providers import MembershipView
from app.web.access import address
from app.web.noting import note_refused

Places = tuple[MembershipView, ...]


class PinWrong(DomainError):
    """The PIN does not match, or there is nobody to match it with. `tries`: how many are left, in words."""

    code = "pin-wrong"

    def __init__(self, left: int) -> None:
        tries = {0: "Wait 15 minutes, then try again.", 1: "You have 1 more try."}
        self.tries = f"That PIN does not match. {tries.get(left, f'You have {left} more tries.')}"
        # The same words for everybody, known or not. A phone puts in whom its person asks (page/sign-in.ts).
        super().__init__(f"{self.tries} Forgot it? Ask your manager for a new code.", field="pin")


class Erased(DomainError):
    """The person was erased from this server: nobody can sign in as them, and no try at a PIN will help."""

    code = "erased"


def show_pin(person_uuid: UUID, pin: str, *, placed: bool, at: int | UUID | None = None) -> tuple[PersonView, Places]:
    """Return the person whose PIN this is, and the places they have now. `placed`: there has to be one.

    `at`: for which provider (its internal id) or on which phone (its id) it was typed: only that place is told of
    somebody who guesses. Tries are counted per person, and more widely per address; this commits, and leaves a
    transaction that may write. Raises Throttled, PinWrong in the same words for everybody, or Erased.
    """
    session, now = db.session(), utc_now()
    if not may_write(session):
        # Whoever looked at a code before has committed that, and what begins by reading could not write.
        begin_write(session)
    identity.take_try(session, f"pin-from:{address()}", now=now, tries=50)
    person = identity.find_person(session, person_uuid)
    # An earlier uuid of theirs must not be worth another five tries.
    counted = f"pin:{person.uuid if person else person_uuid}"
    left = identity.take_try(session, counted, now=now)
    # The try is counted before the slow check, and the database is free for others meanwhile.
    session.commit()
    refuse_erased(person, person_uuid)
    good = identity.check_pin(session, person.id if person else None, pin)
    places = providers.memberships_of(session, person.id, now=now) if person else ()
    if not good and person is not None and left == 0:
        begin_write(session)
        if isinstance(at, UUID):
            phones = identity.phones_of(session, person.id)
            at = next((phone.provider_id for phone in phones if phone.uuid == at), None)
        note_refused(person, now=now, at=at)
        session.commit()
    if not good or person is None or (placed and not places):
        raise PinWrong(left)
    begin_write(session)
    identity.clear_tries(session, counted)
    return person, places


def refuse_erased(person: PersonView | None, person_uuid: UUID) -> None:
    """Raise Erased for somebody who is here no more because they were erased."""
    if person is None and privacy.was_erased(db.session(), person_uuid):
        raise Erased(
            "Your record here was erased. What is on this phone stays yours. To learn again, ask for a new code."
        )
