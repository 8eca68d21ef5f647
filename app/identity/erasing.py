"""Removing a person, and what signing in leaves behind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.identity.models import Device, OpenIdLink, Passkey, Person, RecoveryCode, SignInFailure, Token, TotpSecret


def erase_phones_at(session: Session, person_id: int, provider_id: int, *, now: datetime) -> None:
    """End a person's phones at one provider for good. Their ids stay: another provider must not take them in as new."""
    theirs = (Device.person_id == person_id, Device.provider_id == provider_id)
    session.execute(delete(Token).where(Token.device_id.in_(select(Device.id).where(*theirs))))
    session.execute(
        update(Device)
        .where(*theirs)
        .values(revoked_at=func.coalesce(Device.revoked_at, now))
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def erase(session: Session, person_id: int) -> None:
    """Remove a person, their sign-in and their phones. Whatever else refers to them has to be gone before."""
    phones = select(Device.id).where(Device.person_id == person_id)
    session.execute(delete(Token).where(Token.device_id.in_(phones)))
    session.execute(delete(Device).where(Device.person_id == person_id))
    for table in (TotpSecret, Passkey, RecoveryCode, OpenIdLink):
        session.execute(delete(table).where(table.person_id == person_id))
    session.execute(delete(Person).where(or_(Person.id == person_id, Person.same_as == person_id)))
    session.expire_all()


def count_old_traces(session: Session, *, failures: datetime, tokens: datetime) -> tuple[int, int]:
    """Say how many failed tries, and tokens that ended, are older than these moments."""
    return (
        session.scalars(select(func.count()).select_from(SignInFailure).where(SignInFailure.at < failures)).one(),
        session.scalars(select(func.count()).select_from(Token).where(Token.expires_at < tokens)).one(),
    )


def remove_old_traces(session: Session, *, failures: datetime, tokens: datetime) -> None:
    """Remove failed tries, and tokens that ended, from before these moments."""
    session.execute(delete(SignInFailure).where(SignInFailure.at < failures))
    session.execute(delete(Token).where(Token.expires_at < tokens))
