"""The trail's rows, and the triggers by which the database itself keeps them. Private to this package."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DDL, BigInteger, CheckConstraint, Index, Integer, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

# SQLite counts rows only in a column called exactly INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


class AuditEntry(Base):
    """One act. Append only; people and providers stand here as uuids without a foreign key, so that they can go.

    `hash` is the SHA-256 of the canonical JSON of everything else, `before` (the previous entry's hash) included.
    `removed_to` is set on the entry that says that all entries up to that number were removed, and only there.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("actor IN ('person', 'operator', 'worker', 'nobody')", name="actor"),
        CheckConstraint("removed_to IS NULL OR removed_to < number", name="removed_to"),
        Index("ix_audit_entries_provider_number", "provider", "number"),
        Index("ix_audit_entries_subject", "subject"),
        Index("ix_audit_entries_actor_person", "actor_person"),
        Index(
            "ix_audit_entries_removed_to",
            "removed_to",
            sqlite_where=text("removed_to IS NOT NULL"),
            postgresql_where=text("removed_to IS NOT NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))
    actor: Mapped[str] = mapped_column(String(10))
    actor_person: Mapped[UUID | None]
    provider: Mapped[UUID | None]
    subject: Mapped[UUID | None]
    details: Mapped[str] = mapped_column(Text)
    removed_to: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last entry's number and hash, once more: an end that was cut off the chain is missed here."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


# The same words stand in the migration that made them, which must not change when these do.
SQLITE_TRIGGERS = (
    """CREATE TRIGGER audit_entries_unchanged BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END""",
    """CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries
    WHEN OLD.number > COALESCE((SELECT MAX(removed_to) FROM audit_entries WHERE removed_to IS NOT NULL), 0)
    BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END""",
)
POSTGRES_TRIGGERS = (
    """CREATE FUNCTION audit_entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.number <= COALESCE(
            (SELECT MAX(removed_to) FROM audit_entries WHERE removed_to IS NOT NULL), 0) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit entries are never changed or deleted';
    END $$""",
    """CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_guard()""",
    """CREATE TRIGGER audit_entries_not_emptied BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_guard()""",
)


def _on(moment: str, dialect: str, statement: str) -> None:
    """Run a statement on one sort of database when the table is made or dropped."""
    words = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(AuditEntry.__table__, moment, words.execute_if(dialect=dialect))


for _dialect, _statements in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRES_TRIGGERS)):
    for _statement in _statements:
        _on("after_create", _dialect, _statement)
_on("after_drop", "postgresql", "DROP FUNCTION IF EXISTS audit_entries_guard()")
