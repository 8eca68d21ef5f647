"""What the bucket has beside what rows name, and removing what nobody names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files.bucket import Bucket
from app.files.rows import tables
from app.files.service import kept_in

# Longer than any request or job takes between putting an object and committing the row that names it.
LEFT_ALONE = timedelta(days=1)
# What crashes leave behind is little. More means that the database is not the one these objects belong to.
MANY, SHARE = 20, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Objects by uuid: those rows name, those they name that are missing, and older ones nobody names."""

    named: frozenset[UUID]
    missing: frozenset[UUID]
    unnamed: frozenset[UUID]

    @property
    def suspicious(self) -> bool:
        """Whether so many are unnamed that another database may name them."""
        return len(self.unnamed) > max(MANY, SHARE * len(self.named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many unnamed objects went, and why none did where none was to go."""

    gone: int
    refused: str | None = None


def compare(session: Session, bucket: Bucket, *, now: datetime) -> Compared:
    """Compare rows with the bucket. What the session was reading ends."""
    before = _named(session)
    listed = dict(bucket.listed())
    # Asked again: what was put or let go of meanwhile is neither missing nor unnamed.
    after = _named(session)
    old = {key for key, put_at in listed.items() if now - put_at > LEFT_ALONE}
    return Compared(
        named=frozenset(after),
        missing=frozenset((before & after) - listed.keys()),
        unnamed=frozenset(old - before - after),
    )


def sweep(
    session: Session, *, server: str, trail: str, goes_on: Callable[[str], bool], now: datetime, many: bool = False
) -> Swept:
    """Delete objects older than a day that no row names, unless they may be another's. Safe to repeat.

    `server`: this server's id. `trail`: how far its audit trail goes, and `goes_on` says whether it goes on from there:
    if not from where it was at the last sweep, an older backup was put back, or this is a copy. `many`: delete also
    then, and when there are so many that this may be the wrong database.
    """
    bucket = kept_in(session)
    if bucket is None:
        return Swept(gone=0)
    if not bucket.belongs_to(server):
        return Swept(gone=0, refused="Another server uses this prefix. Give each its own in BV_FILES.")
    _, last = bucket.mark()
    found = compare(session, bucket, now=now)
    older = last != "" and not goes_on(last)
    if found.unnamed and (older or found.suspicious) and not many:
        words = f"Nobody here names {len(found.unnamed)} objects, and {len(found.named)} are named. "
        words += "An older backup was put back, or this is a copy." if older else "Was an older backup put back?"
        return Swept(gone=0, refused=f"{words} If they are to go: flask files sweep --many")
    if found.unnamed:
        bucket.delete(found.unnamed)
    if many or not older:
        # Else what was put shortly before the restore would be deleted once it is a day old.
        bucket.set_mark(server, trail)
    return Swept(gone=len(found.unnamed))


def _named(session: Session) -> set[UUID]:
    # A snapshot of SQLite's is left behind, so that the second look sees more than the first.
    session.rollback()
    found = {
        key
        for table in tables()
        for key in session.scalars(select(table.object_uuid).where(table.object_uuid.is_not(None)))
        if key is not None
    }
    session.rollback()
    return found
