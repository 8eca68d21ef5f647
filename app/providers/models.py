"""Rows: providers, memberships with their roles, teams, invites. Private to this package."""

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
        Index(
            "uq_memberships_reference",
            "provider_id",
            "reference",
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
    # What this provider calls them, where others may call them otherwise; None: the person's own name.
    name: Mapped[str | None] = mapped_column(String(120))
    # The provider's staff number for them: no two of its people have one. A person may have another elsewhere.
    reference: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    roles: Mapped[list[MembershipRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class MembershipRole(Base):
    """One role within a membership."""

    __tablename__ = "membership_roles"
    __table_args__ = (CheckConstraint("role IN ('learner', 'trainer', 'assessor', 'manager')", name="role"),)

    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)


class Team(Base):
    """Some of a provider's people: a team, a round or an area. Put away rather than deleted."""

    __tablename__ = "teams"
    __table_args__ = (
        Index(
            "uq_teams_current",
            "provider_id",
            "name",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_teams_provider_id", "provider_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    name: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TeamMember(Base):
    """A person in a team, from one moment to another. Somebody who comes back to it gets a new row."""

    __tablename__ = "team_members"
    __table_args__ = (
        Index(
            "uq_team_members_current",
            "team_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RegisteredManager(Base):
    """Who was a provider's registered manager, from when to when. One at a time.

    A table rather than a column of providers: what was true on a past day can be asked for.
    """

    __tablename__ = "registered_managers"
    __table_args__ = (
        Index(
            "uq_registered_managers_current",
            "provider_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_registered_managers_provider_id_person_id", "provider_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invite(Base):
    """A code that lets one person set a PIN. Only its HMAC is kept: who reads the database cannot let themselves in."""

    __tablename__ = "invites"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hmac: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
