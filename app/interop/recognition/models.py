"""Rows: whose signatures a provider trusts, and what was got of them. Private to this package.

Nothing here names a person: who trusted whom stands in the audit trail.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

LONGEST_WORDS = 500


class TrustedIssuer(Base):
    """A provider trusts what an issuer signs, with the keys in `document`, from one moment to another.

    `document` is its DID document as it was got when somebody said so; keys that were added since are in it. `offered`:
    another one that came since and lacks a key, which nobody confirmed. `looked_at`, `trouble`: the last look.
    """

    __tablename__ = "trusted_issuers"
    __table_args__ = (
        Index(
            "uq_trusted_issuers_current",
            "provider_id",
            "did",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_trusted_issuers_did", "did"),
        Index("ix_trusted_issuers_provider_id", "provider_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    did: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    offered: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str | None] = mapped_column(String(LONGEST_WORDS))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    trouble: Mapped[str] = mapped_column(String(LONGEST_WORDS))


class IssuerList(Base):
    """A status list of an issuer as it was last got, and when: the bits alone, its signature held."""

    __tablename__ = "issuer_lists"
    __table_args__ = (UniqueConstraint("did", "url", name="uq_issuer_lists_did_url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    did: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(500))
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
