"""A further place for somebody whose record is on this phone already: the code of one provider, the PIN they have."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app
from sqlalchemy.orm import Session

from app import audit, identity, privacy, providers
from app.extensions import db
from app.identity import PersonView
from app.kernel import DomainError, begin_write, utc_now
from app.providers import InviteProblem, InviteRefused, InviteTrouble, InviteView, ProviderView
from app.web.access import address, allows_anyone
from app.web.api.devices import enrolled
from app.web.api.payloads import AddPlace
from app.web.api.pins import show_pin
from app.web.api.reading import read
from app.web.api.replies import reply


class CodeRefused(DomainError):
    """The provider's code does not work; `code` is "code-wrong", "code-used" or "code-expired"."""

    code = "code-wrong"


@allows_anyone
def add_place() -> Response:
    """Give a person a phone id at the provider whose code they hold, once they typed the PIN they have.

    All of it or nothing: the code is used up, a record the provider had just made for it becomes the person's own, and
    the phone is enrolled there. Only that provider's trail tells of it. A wrong PIN leaves the code good. Raises
    CodeRefused, what `show_pin` raises, and NotUnited.
    """
    sent, session = read(AddPlace), db.session()
    _look_up(session, sent.code)
    person, _places = show_pin(UUID(sent.person), sent.pin, placed=False)
    # They have shown who they are, whatever becomes of the code.
    session.commit()
    begin_write(session)
    now = utc_now()
    try:
        found = providers.accept_invite(session, sent.code, secret=_secret(), now=now)
    except InviteRefused as error:
        raise _refused(error.trouble) from error
    provider = _join(session, found, person)
    enrolment = identity.enrol_phone(session, person.id, provider_id=provider.id, now=now)
    who = audit.by_person(person.uuid)
    for action in ("code.used", "phone.added"):
        audit.note(session, action, actor=who, now=now, provider=provider.uuid)
    passkey = identity.newest_passkey(session, person.id)
    session.commit()
    return reply(enrolled(enrolment, person, provider, passkey), 201)


def _look_up(session: Session, code: str) -> InviteView:
    """Return whose code it is. Wrong ones are counted, so this commits. Raises CodeRefused or Throttled."""
    begin_write(session)
    found = providers.look_up_invite(session, code, secret=_secret(), address=address(), now=utc_now())
    session.commit()
    if isinstance(found, InviteTrouble):
        raise _refused(found)
    return found


def _join(session: Session, found: InviteView, person: PersonView) -> ProviderView:
    """Return the provider, where the person has a place from now on. Raises NotUnited or CodeRefused."""
    if found.person_id != person.id:
        privacy.unite(session, found, person, now=utc_now())
    places = providers.memberships_of(session, person.id, now=utc_now())
    for place in places:
        if place.provider.id == found.provider_id:
            return place.provider
    # As on the page: the code of somebody who has left since opens nothing.
    words = f"This code has run out. Ask {found.contact} for a new one. It takes a minute."
    raise CodeRefused(words, code="code-expired", field="code")


def _refused(trouble: InviteTrouble) -> DomainError:
    if trouble.problem is InviteProblem.THROTTLED:
        return identity.Throttled(trouble.message, retry_after=trouble.retry_after or 1)
    return CodeRefused(trouble.message, code=f"code-{trouble.problem}", field="code")


def _secret() -> bytes:
    """Return the secret that codes are stored under."""
    key: str = current_app.config["SECRET_KEY"]
    return key.encode()
