"""The record log and what is kept beside it. Private to this package. Rows of the log are never changed or deleted.

What is kept beside a record names it by its uuid without a foreign key: PostgreSQL would keep one to every part.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import PARTED_BY_PERSON, Base, UtcDateTime

# SQLite counts rows only in a column called exactly INTEGER.
LogId = BigInteger().with_variant(Integer, "sqlite")


class Server(Base):
    """This server's name for itself, made once. A phone checks it before it believes a receipt."""

    __tablename__ = "server"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column()


class Record(Base):
    """One act of a learner, as their phone kept it. Append only.

    `body` is the whole record as canonical JSON in ASCII, so that no character a phone can send is one that a database
    cannot hold. The columns beside it are what could be read of it. `at` is when it was done as the server knows it.
    `sha` stays that of what came, also after the answers were removed (`thinned_at`) or all of it (`erased_at`).
    `handed_in_by` is the uuid of the manager who handed it in as a file, and None for what a phone sent.

    `device_id` is the row of the phone it came from, one of the same person's, without a foreign key: to remove a
    phone, a database would search the whole log for it, or keep an index of it with every record.

    An id is one person's: the way in refuses it when it is another's. The key names the person because PostgreSQL cuts
    the log into parts by person, and no index reaches over two of them.
    """

    __tablename__ = "records"
    __table_args__ = (
        UniqueConstraint("uuid", "person_id"),
        Index("ix_records_person_id_id", "person_id", "id"),
        PARTED_BY_PERSON,
    )

    id: Mapped[int] = mapped_column(LogId, primary_key=True)
    uuid: Mapped[UUID]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    device_id: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    v: Mapped[int | None]
    kind: Mapped[str | None] = mapped_column(String(40))
    edition: Mapped[str | None] = mapped_column(String(64))
    sha: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    thinned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_by: Mapped[UUID | None]


class RecordVariant(Base):
    """Other content that came under an id the log already had. Kept, for a person to look at; it changes nothing."""

    __tablename__ = "record_variants"
    __table_args__ = (UniqueConstraint("uuid", "sha"),)

    id: Mapped[int] = mapped_column(LogId, primary_key=True)
    uuid: Mapped[UUID]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sha: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)


class PhoneDigest(Base):
    """What the log holds for one phone, in two figures. Changed in the transaction that adds the records.

    `last_seq` is the highest number of a record that ever came from it, and -1 before there is one.
    """

    __tablename__ = "phone_digests"

    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    n: Mapped[int]
    x: Mapped[str] = mapped_column(String(16))
    last_seq: Mapped[int] = mapped_column(BigInteger, server_default="-1")


class HeldRecord(Base):
    """A record of the log that cannot be judged yet, and why. Worked out from the log; rebuilt with the rest."""

    __tablename__ = "held_records"

    uuid: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
