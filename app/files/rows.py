"""What a row has that has a file."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column


class HasFile:
    """A row with bytes: in `body`, or in the bucket as the object `object_uuid` whose SHA-256 is `object_sha`.

    Never both; neither where they were removed. Set by `keep` and `move` only.
    """

    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    object_uuid: Mapped[UUID | None]
    object_sha: Mapped[str | None] = mapped_column(String(64))


def tables() -> tuple[type[HasFile], ...]:
    """Return the classes of all rows that have a file."""
    return tuple(sorted(HasFile.__subclasses__(), key=lambda each: each.__name__))
