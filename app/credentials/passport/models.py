"""Rows: links to a passport, what each shows, when one was taken back, and looks. Private to this package."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class PassportLink(Base):
    """A link somebody made to some of their credentials, at the provider whose phone id they used.

    `whom` is for their own eyes: whom it is for. What it shows and when it ends never change; to change either, they
    take it back and make another.
    """

    __tablename__ = "passport_links"
    __table_args__ = (Index("ix_passport_links_person_id_provider_id", "person_id", "provider_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    form: Mapped[str] = mapped_column(String(8))
    whom: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PassportItem(Base):
    """A credential a link shows."""

    __tablename__ = "passport_items"

    link_id: Mapped[int] = mapped_column(ForeignKey("passport_links.id"), primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), primary_key=True, index=True)


class PassportTakeback(Base):
    """When a link was taken back, and when it was opened again, if it was."""

    __tablename__ = "passport_takebacks"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("passport_links.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PassportLook(Base):
    """Somebody had what a link shows. `by` is what they said of themselves; nothing else is kept of who it was."""

    __tablename__ = "passport_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("passport_links.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    by: Mapped[str] = mapped_column(String(100))
