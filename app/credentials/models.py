"""Rows: signing keys, what was issued, and the places on status lists. Private to this package."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class CredentialKeys(Base):
    """A provider's pair of signing keys, Ed25519 and P-256; `sealed` is both, openable with the server's secret key.

    The newest that is not dropped signs. An older one stays in the DID document, so that what it signed still holds;
    one is dropped from it only when it leaked.
    """

    __tablename__ = "credential_keys"
    __table_args__ = (UniqueConstraint("provider_id", "number", name="uq_credential_keys_provider_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    number: Mapped[int]
    ed25519: Mapped[str] = mapped_column(String(60))
    p256: Mapped[dict[str, Any]] = mapped_column(JSON)
    sealed: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CredentialStatus(Base):
    """A place on a provider's status list, given to one credential for ever. It names nobody and outlives erasing."""

    __tablename__ = "credential_statuses"
    __table_args__ = (
        UniqueConstraint("provider_id", "list", "number", name="uq_credential_statuses_provider_id_list_number"),
        Index(
            "ix_credential_statuses_revoked",
            "provider_id",
            "list",
            "number",
            sqlite_where=text("revoked_at IS NOT NULL"),
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    list: Mapped[int]
    number: Mapped[int]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CredentialEndorsement(Base):
    """What an assessor or manager states beside a credential, signed for them with their provider's keys.

    `endorser` stands for them in their DID, at this provider alone, and names nobody; `by` is who it is, until they
    are erased. It holds as long as the credential: both have the same place on the status list.
    """

    __tablename__ = "credential_endorsements"
    __table_args__ = (
        Index("ix_credential_endorsements_provider_id_by", "provider_id", "by"),
        UniqueConstraint("credential_id", "endorser", name="uq_credential_endorsements_credential_id_endorser"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"))
    endorser: Mapped[UUID] = mapped_column(index=True)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    document: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Credential(Base):
    """A signed statement about a person. Never edited: a correction revokes it and issues another.

    `rests_on` are the records and decisions that made it true. `not_again`: somebody revoked it by hand, so it is not
    issued again on the same grounds.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        Index("ix_credentials_provider_id_person_id", "provider_id", "person_id"),
        Index("ix_credentials_person_id", "person_id"),
        Index(
            "uq_credentials_live",
            "provider_id",
            "person_id",
            "achievement",
            "occasion",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(12))
    achievement: Mapped[str] = mapped_column(String(200))
    occasion: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(300))
    rests_on: Mapped[list[str]] = mapped_column(JSON)
    status_id: Mapped[int] = mapped_column(ForeignKey("credential_statuses.id"), unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("credential_keys.id"))
    jwt: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str | None] = mapped_column(Text)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    not_again: Mapped[bool] = mapped_column(default=False)
