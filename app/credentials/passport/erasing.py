"""Removing what is kept of links: with their person, and looks after a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.credentials.passport.models import PassportItem, PassportLink, PassportLook, PassportTakeback


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove a person's links, at one provider when it is given; links made elsewhere show nothing of it any more."""
    mine = PassportLink.person_id == person_id
    credentials = Credential.person_id == person_id
    if provider_id is not None:
        mine &= PassportLink.provider_id == provider_id
        credentials &= Credential.provider_id == provider_id
    _remove(session, mine)
    shown = PassportItem.credential_id.in_(select(Credential.id).where(credentials))
    session.execute(delete(PassportItem).where(shown))


def remove_looks_before(session: Session, day: datetime) -> int:
    """Remove looks from before a moment, and links that had ended by then; return how many looks and links went."""
    old = PassportLink.until < day
    links = session.scalars(select(func.count()).select_from(PassportLink).where(old)).one()
    late = PassportLook.at < day, PassportLook.link_id.not_in(select(PassportLink.id).where(old))
    looks = session.scalars(select(func.count()).select_from(PassportLook).where(*late)).one()
    session.execute(delete(PassportLook).where(*late))
    _remove(session, old)
    return links + looks


def _remove(session: Session, which: ColumnElement[bool]) -> None:
    links = select(PassportLink.id).where(which)
    for table in (PassportItem, PassportTakeback, PassportLook):
        session.execute(delete(table).where(table.link_id.in_(links)))
    session.execute(delete(PassportLink).where(which))
