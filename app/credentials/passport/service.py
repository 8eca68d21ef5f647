"""Making links and taking them back, and writing down who looked. Every function flushes; the edge commits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import identity
from app.credentials.models import Credential
from app.credentials.passport.errors import NoSuchLink, PassportError
from app.credentials.passport.models import PassportItem, PassportLink, PassportLook, PassportTakeback
from app.credentials.passport.rules import (
    LONGEST_BY,
    LONGEST_DAYS,
    LONGEST_WHOM,
    MOST_ITEMS,
    ends,
    hash_of_token,
    is_token,
)
from app.credentials.passport.types import LookKind, NewLink

GONE = "Something you chose was withdrawn meanwhile. Open My passport where there is signal, and choose again."


def share(session: Session, person_id: int, provider_id: int, new: NewLink, *, now: datetime) -> bool:
    """Make a link to some of a person's credentials, whichever provider here signed them; say whether it is new.

    `provider_id`: at whose phone id it is made; it is listed and erased with that place. Asking again with the same
    uuid and token changes nothing. Raises PassportError.
    """
    _check(new)
    identity.let_others_wait(session, [person_id])
    hashed = hash_of_token(new.token)
    known = session.scalars(
        select(PassportLink).where(or_(PassportLink.uuid == new.uuid, PassportLink.token_hash == hashed))
    ).all()
    if known:
        mine = all(
            (row.uuid, row.token_hash, row.person_id, row.provider_id) == (new.uuid, hashed, person_id, provider_id)
            for row in known
        )
        if not mine:
            raise PassportError("This link cannot be made. Make another one.", code="passport-taken")
        return False
    wanted = set(new.items)
    # Its uuid is random and told to its person alone, so who names one of another place of theirs has it from there.
    found = session.scalars(
        select(Credential.id).where(
            Credential.person_id == person_id, Credential.uuid.in_(wanted), Credential.revoked_at.is_(None)
        )
    ).all()
    if len(found) != len(wanted):
        raise PassportError(GONE, field="items", code="passport-gone")
    link = PassportLink(
        uuid=new.uuid,
        person_id=person_id,
        provider_id=provider_id,
        token_hash=hashed,
        form=new.form,
        whom=_plain(new.whom),
        since=now,
        until=ends(now, new.days),
    )
    session.add(link)
    session.flush()
    session.add_all(PassportItem(link_id=link.id, credential_id=each) for each in found)
    session.flush()
    return True


def take_back(session: Session, person_id: int, provider_id: int, link: UUID, *, now: datetime) -> bool:
    """Let a link open nothing from now on; say whether that changed anything. Raises NoSuchLink."""
    row = _mine(session, person_id, provider_id, link)
    if _taken_back(session, row) is not None:
        return False
    session.add(PassportTakeback(link_id=row.id, since=now))
    session.flush()
    return True


def open_again(session: Session, person_id: int, provider_id: int, link: UUID, *, now: datetime) -> bool:
    """Undo taking a link back; say whether that changed anything. Raises NoSuchLink."""
    row = _mine(session, person_id, provider_id, link)
    taken = _taken_back(session, row)
    if taken is None:
        return False
    taken.ended_at = now
    session.flush()
    return True


def note_look(session: Session, link_id: int, kind: LookKind, *, now: datetime, by: str = "") -> None:
    """Write down for the person that somebody looked: when, at what, and who they say they are."""
    session.add(PassportLook(link_id=link_id, kind=kind, at=now, by=_plain(by)[:LONGEST_BY]))
    session.flush()


def _check(new: NewLink) -> None:
    if not is_token(new.token):
        raise PassportError("This link cannot be made. Make another one.", field="token")
    if not new.items:
        raise PassportError("Choose at least one thing to show.", field="items")
    if len(new.items) > MOST_ITEMS:
        raise PassportError(f"Choose at most {MOST_ITEMS} things for one link.", field="items")
    if not 1 <= new.days <= LONGEST_DAYS:
        raise PassportError("A link lasts from 1 day to a year.", field="days")
    if len(_plain(new.whom)) > LONGEST_WHOM:
        raise PassportError(f"Say whom it is for in at most {LONGEST_WHOM} letters.", field="for")


def _plain(words: str) -> str:
    return " ".join(word for word in "".join(c if c.isprintable() else " " for c in words).split())


def _mine(session: Session, person_id: int, provider_id: int, link: UUID) -> PassportLink:
    query = select(PassportLink).where(
        PassportLink.uuid == link, PassportLink.person_id == person_id, PassportLink.provider_id == provider_id
    )
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NoSuchLink("There is no such link here.")
    return row


def _taken_back(session: Session, row: PassportLink) -> PassportTakeback | None:
    query = select(PassportTakeback).where(PassportTakeback.link_id == row.id, PassportTakeback.ended_at.is_(None))
    return session.scalars(query).one_or_none()
