"""Keeping, reading and letting go of a row's bytes. Flushes; the edge commits.

An object is put before the row that names it commits, and deleted after the row that named it has. So a crash at any
moment leaves an object that nobody names, never a row without its bytes. A transaction that fails deletes nothing: when
the database is lost at that moment, whether it was committed is not known. `sweep` finds what is left over.
"""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, event, select
from sqlalchemy.orm import Session

from app.files.bucket import LOST, Bucket
from app.files.errors import FileLost, FilesAway
from app.files.rows import HasFile

NOT_SET = "This file lies in a store of files that this server was not told of. Whoever runs it can put that right."
AT_ONCE = 8
_GONE = "files.gone"
_log = logging.getLogger(__name__)
# A draft is checked with its pictures at every pause in somebody's typing.
MOST_IN_MEMORY = 8_000_000
_lately: OrderedDict[UUID | None, bytes] = OrderedDict()
_one_at_a_time = Lock()
_buckets: WeakKeyDictionary[Engine, Bucket] = WeakKeyDictionary()


def keep_in(engine: Engine, bucket: Bucket | None) -> None:
    """Let the files of this database's rows lie in `bucket` from now on; None: in the database."""
    if bucket is None:
        _buckets.pop(engine, None)
    else:
        _buckets[engine] = bucket


def kept_in(session: Session) -> Bucket | None:
    """Return the bucket files are put into, or None."""
    return _buckets.get(session.get_bind().engine)


def keep(session: Session, row: HasFile, body: bytes) -> None:
    """Give a new row its bytes. Raises FilesAway, and nothing is stored then."""
    bucket = kept_in(session)
    if bucket is None:
        row.body = body
    else:
        row.object_uuid, row.object_sha = put(bucket, body)


def put(bucket: Bucket, body: bytes) -> tuple[UUID, str]:
    """Put bytes into the bucket under a new uuid; return it and their SHA-256. Raises FilesAway."""
    # Random, and without the time in it that our other uuids have: it says nothing of what it names.
    key = uuid4()
    bucket.put(key, body)
    return key, hashlib.sha256(body).hexdigest()


def read(session: Session, row: HasFile) -> bytes | None:
    """Return a row's bytes, or None when they were removed. Raises FilesAway, FileLost."""
    return row.body if row.object_uuid is None else fetched(kept_in(session), row)


def read_all(session: Session, rows: Sequence[HasFile]) -> list[bytes | None]:
    """Return the bytes of rows in their order, for those that are read again and again and are of nobody.

    Those in the bucket are asked for several at once, and the last of them stay in memory. Raises FilesAway, FileLost.
    """
    bucket = kept_in(session)
    there = [row for row in rows if row.object_uuid is not None]
    if there:
        with ThreadPoolExecutor(AT_ONCE) as several:
            found = iter(list(several.map(partial(_seen, bucket), there)))
        return [row.body if row.object_uuid is None else next(found) for row in rows]
    return [row.body for row in rows]


def _seen(bucket: Bucket | None, row: HasFile) -> bytes:
    """Return what the bucket has of a row, from memory if it was asked for lately: an object never changes."""
    key = row.object_uuid
    with _one_at_a_time:
        body = _lately.pop(key, None)
    if body is None:
        body = fetched(bucket, row)
    with _one_at_a_time:
        _lately[key] = body
        while sum(map(len, _lately.values())) > MOST_IN_MEMORY:
            _lately.popitem(last=False)
    return body


def fetched(bucket: Bucket | None, row: HasFile) -> bytes:
    """Return what the bucket has of a row, if it is what was put there. Raises FilesAway, FileLost."""
    if bucket is None or row.object_uuid is None:
        raise FilesAway(NOT_SET)
    body = bucket.get(row.object_uuid)
    if hashlib.sha256(body).hexdigest() != row.object_sha:
        _log.error("Object %s is not what was put there.", row.object_uuid)
        raise FileLost(LOST)
    return body


def take_back(session: Session, row: HasFile) -> None:
    """Delete at once what was put for a row that was not committed and never will be. Raises FilesAway."""
    bucket = kept_in(session)
    if bucket is not None and row.object_uuid is not None:
        bucket.delete([row.object_uuid])


def let_go(session: Session, table: type[HasFile], *where: ColumnElement[bool]) -> None:
    """Delete the objects of these rows once the transaction that removes or empties them has committed."""
    found = session.scalars(select(table.object_uuid).where(*where, table.object_uuid.is_not(None)))
    let_go_of(session, [each for each in found if each is not None])


def let_go_of(session: Session, keys: Sequence[UUID]) -> None:
    """Delete these objects once the transaction has committed."""
    if keys:
        session.info.setdefault(_GONE, []).extend(keys)


@event.listens_for(Session, "after_commit")
def _delete(session: Session) -> None:
    if session.in_nested_transaction():
        return
    gone, bucket = session.info.pop(_GONE, None), None
    if gone and (bucket := kept_in(session)) is not None:
        try:
            bucket.delete(gone)
        except FilesAway:
            # What was committed stays so; the next sweep deletes them.
            _log.warning("%d objects nobody names any more wait for the next sweep.", len(gone))


@event.listens_for(Session, "after_soft_rollback")
def _keep_after_all(session: Session, _before: object) -> None:
    # Of a savepoint, too: what was let go of before it waits for a sweep, which is better than deleting too much.
    session.info.pop(_GONE, None)
