"""Accounts at an OpenID provider that sign people in. An account is its issuer and subject, never an e-mail address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.identity.errors import LastWayIn, LinkTaken, PersonUnknown
from app.identity.models import OpenIdLink, Passkey, Person
from app.identity.types import OpenIdLinkView
from app.kernel import new_uuid7

OTHERS = "That account signs somebody else in here. Sign in there with your own account, then try again."
ONE_ALREADY = "You sign in with an account there already. Take that one away first."


def add_link(
    session: Session, person_id: int, *, issuer: str, subject: str, shown: str, now: datetime
) -> OpenIdLinkView:
    """Let an account sign this person in. They have just shown who they are, here and there. Flushes.

    Safe to repeat. Raises LinkTaken when the account is another person's, or they have another one of this issuer.
    """
    _wait_for(session, person_id)
    row = session.scalars(_open(OpenIdLink.issuer == issuer, OpenIdLink.subject == subject)).one_or_none()
    if row is not None and row.person_id != person_id:
        raise LinkTaken(OTHERS)
    if row is None:
        mine = session.scalars(_open(OpenIdLink.issuer == issuer, OpenIdLink.person_id == person_id)).first()
        if mine is not None:
            raise LinkTaken(ONE_ALREADY)
        row = OpenIdLink(
            uuid=new_uuid7(), person_id=person_id, issuer=issuer, subject=subject, shown=shown[:120], since=now
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            # Somebody else was quicker.
            raise LinkTaken(OTHERS) from None
    return _view(row)


def use_link(session: Session, *, issuer: str, subject: str, now: datetime) -> int | None:
    """Return the internal id of whom this account signs in, and note when; None when it signs nobody in. Flushes."""
    row = session.scalars(_open(OpenIdLink.issuer == issuer, OpenIdLink.subject == subject)).one_or_none()
    if row is None:
        return None
    row.last_used_at = now
    session.flush()
    return row.person_id


def links_of(session: Session, person_id: int) -> tuple[OpenIdLinkView, ...]:
    """Return the accounts that sign this person in now, the oldest first."""
    return tuple(_view(row) for row in session.scalars(_open(OpenIdLink.person_id == person_id)))


def end_link(session: Session, person_id: int, link: UUID, *, now: datetime) -> bool:
    """Let one of a person's accounts sign them in no longer. Says whether it did until now. Flushes.

    Raises LastWayIn when they have neither a password, nor a passkey, nor another account.
    """
    _wait_for(session, person_id)
    rows = session.scalars(_open(OpenIdLink.person_id == person_id)).all()
    row = next((each for each in rows if each.uuid == link), None)
    if row is None:
        return False
    has_password = session.scalars(select(Person.password_hash).where(Person.id == person_id)).one() is not None
    passkey = session.scalars(select(Passkey.id).where(Passkey.person_id == person_id).limit(1)).first()
    if not has_password and passkey is None and len(rows) == 1:
        raise LastWayIn("It is your only way in. Choose a password first, then take it away.")
    row.ended_at = now
    session.flush()
    return True


def end_links(session: Session, person_id: int, *, now: datetime) -> int:
    """Let no account sign this person in any longer, and end every browser's sign-in. Returns how many did."""
    _wait_for(session, person_id)
    ended = session.scalars(
        update(OpenIdLink)
        .where(OpenIdLink.person_id == person_id, OpenIdLink.ended_at.is_(None))
        .values(ended_at=now)
        .returning(OpenIdLink.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(sign_in_generation=Person.sign_in_generation + 1)
        .execution_options(synchronize_session="fetch")
    )
    return len(ended)


def _wait_for(session: Session, person_id: int) -> None:
    """Let whoever else changes how this person signs in wait until the commit."""
    if session.scalars(select(Person.id).where(Person.id == person_id).with_for_update()).one_or_none() is None:
        raise PersonUnknown("We do not know this person. Sign in again.")


def _open(*which: ColumnElement[bool]) -> Select[OpenIdLink]:
    return select(OpenIdLink).where(OpenIdLink.ended_at.is_(None), *which).order_by(OpenIdLink.id)


def _view(row: OpenIdLink) -> OpenIdLinkView:
    return OpenIdLinkView(
        uuid=row.uuid,
        person_id=row.person_id,
        issuer=row.issuer,
        shown=row.shown,
        since=row.since,
        last_used_at=row.last_used_at,
    )
