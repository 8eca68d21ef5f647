"""Removing a person."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.assessment.delegation.models import Delegation, DelegationWithdrawal


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove what was delegated to a person; only at one provider when it is given.

    What they noted about others stays, noted by nobody.
    """
    for table in (DelegationWithdrawal, Delegation):
        theirs = delete(table).where(table.person_id == person_id)
        session.execute(theirs if provider_id is None else theirs.where(table.provider_id == provider_id))
    if provider_id is None:
        for column in (Delegation.by, DelegationWithdrawal.by, DelegationWithdrawal.undone_by):
            session.execute(update(column.class_).where(column == person_id).values({column.key: None}))
