"""Rows: providers, memberships with their roles, invites. Private to this package."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel import Base, UtcDateTime


class Provider(Base):
    """A care organisation."""

    __tablename__ = "providers"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    contact: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """A person's place at a provider, from one moment to another. Somebody who comes back gets a new one."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_current",
            "person_id",
            "provider_id",
            unique=True,
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    started: Mapped[datetime] = mapped_column(UtcDateTime)
    ended: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roles: Mapped[list[MembershipRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class MembershipRole(Base):
    """One role within a membership."""

    __tablename__ = "membership_roles"
    __table_args__ = (CheckConstraint("role IN ('learner', 'trainer', 'assessor', 'manager')", name="role"),)

    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)


class Invite(Base):
    """A code that lets one person set a PIN. Only its HMAC is kept: who reads the database cannot let themselves in."""

    __tablename__ = "invites"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hmac: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
