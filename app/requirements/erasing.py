"""A person's certificates as files, and removing a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePath

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from app import files
from app.requirements import models as m


def files_of(session: Session, person_id: int, places: Collection[int] | None) -> Iterator[tuple[str, bytes]]:
    """Yield a person's certificates, each with a name of its own; only of some providers when they are given.

    Raises FilesAway, FileLost.
    """
    query = (
        select(m.OutsideTraining.uuid, m.OutsideTraining.file_name, m.OutsideFile)
        .join(m.OutsideFile, m.OutsideFile.outside_id == m.OutsideTraining.id)
        .where(m.OutsideTraining.person_id == person_id)
        .order_by(m.OutsideTraining.id)
        .options(undefer(m.OutsideFile.body))
    )
    if places is not None:
        query = query.where(m.OutsideTraining.provider_id.in_(places))
    for uuid, name, row in session.execute(query):
        body = files.read(session, row)
        if body is not None:
            yield f"{uuid}{PurePath(name or '').suffix}", body


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove what was needed of a person and their certificates; only at one provider when it is given.

    What they decided about others stays decided, by nobody.
    """
    theirs = select(m.OutsideTraining.id).where(m.OutsideTraining.person_id == person_id)
    if provider_id is not None:
        theirs = theirs.where(m.OutsideTraining.provider_id == provider_id)
    found = list(session.scalars(theirs))
    session.execute(delete(m.OutsideDecision).where(m.OutsideDecision.outside_id.in_(found)))
    files.let_go(session, m.OutsideFile, m.OutsideFile.outside_id.in_(found))
    session.execute(delete(m.OutsideFile).where(m.OutsideFile.outside_id.in_(found)))
    for table in (m.OutsideTraining, m.TrainingException, m.ProfilePlace):
        rows = delete(table).where(table.person_id == person_id)
        session.execute(rows if provider_id is None else rows.where(table.provider_id == provider_id))
    if provider_id is None:
        for column in (
            m.TrainingVersion.by,
            m.ProfileVersion.by,
            m.ProfilePlace.by,
            m.ProfilePlace.ended_by,
            m.TrainingException.by,
            m.TrainingException.ended_by,
            m.OutsideTraining.by,
            m.OutsideDecision.by,
        ):
            session.execute(update(column.class_).where(column == person_id).values({column.key: None}))
