"""Moving bytes from their rows into the bucket, or back, one after another. Stopped, it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, inspect, select, update
from sqlalchemy.orm import Session, undefer

from app.files.bucket import Bucket
from app.files.rows import HasFile, tables
from app.files.service import fetched, let_go_of, put
from app.kernel import begin_write

Said = Callable[[int, int], None]


def count(session: Session) -> tuple[int, int]:
    """Return how many files lie in the database, and how many in the bucket."""
    here, there = (
        sum(
            session.scalar(select(func.count()).select_from(table).where(_lies(table, where))) or 0
            for table in tables()
        )
        for where in (False, True)
    )
    return here, there


def move(session: Session, bucket: Bucket, *, into_bucket: bool, said: Said) -> int:
    """Move every file that lies at the other place; return how many. Commits each: stopped, nothing is lost.

    `said` is told how many are done of how many. Raises FilesAway, FileLost.
    """
    of, done = count(session)[0 if into_bucket else 1], 0
    session.rollback()
    for table in tables():
        for row in _each(session, table, in_bucket=not into_bucket):
            done += _put(session, table, row, bucket) if into_bucket else _bring_back(session, table, row, bucket)
            said(done, of)
    return done


def _each(session: Session, table: type[HasFile], *, in_bucket: bool) -> Iterator[HasFile]:
    """Yield each row of a table that lies there, in no transaction, and forgotten once the next is asked for."""
    column, last = getattr(table, _name(table)), None
    while True:
        query = select(table).where(_lies(table, in_bucket), *([] if last is None else [column > last]))
        row = session.scalars(query.options(undefer(table.body)).order_by(column).limit(1)).first()
        session.expunge_all()
        session.rollback()
        if row is None:
            return
        last = getattr(row, column.key)
        yield row


def _put(session: Session, table: type[HasFile], row: HasFile, bucket: Bucket) -> int:
    assert row.body is not None, "a row without bytes does not lie in the database"
    key, sha = put(bucket, row.body)
    changed = _changed(session, table, row, _lies(table, False), [], body=None, object_uuid=key, object_sha=sha)
    if not changed:
        # Erased or removed meanwhile: what is erased does not wait for the next sweep.
        bucket.delete([key])
    return changed


def _bring_back(session: Session, table: type[HasFile], row: HasFile, bucket: Bucket) -> int:
    body, key = fetched(bucket, row), row.object_uuid
    assert key is not None, "a row without an object does not lie in the bucket"
    where = table.object_uuid == key
    return _changed(session, table, row, where, [key], body=body, object_uuid=None, object_sha=None)


def _changed(
    session: Session,
    table: type[HasFile],
    row: HasFile,
    where: ColumnElement[bool],
    gone: Sequence[UUID],
    **values: Any,
) -> int:
    """Change a row if it is still as `where` says, then delete what is gone. Commits; returns how many were changed."""
    [key] = inspect(table).primary_key
    begin_write(session)
    change = update(table).where(key == getattr(row, _name(table)), where).values(values)
    changed = int(session.execute(change).rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it
    let_go_of(session, gone if changed else [])
    session.commit()
    return changed


def _name(table: type[HasFile]) -> str:
    [key] = inspect(table).primary_key
    return str(inspect(table).get_property_by_column(key).key)


def _lies(table: type[HasFile], in_bucket: bool) -> ColumnElement[bool]:
    return table.object_uuid.is_not(None) if in_bucket else table.body.is_not(None)
