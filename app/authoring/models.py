"""Rows: a provider's own pack and drafts with every revision, their pictures and comments, and its local pages.

Private to this package.

Nothing written is ever deleted: a draft is put away, a picture is taken out, and both can be brought back.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.files import HasFile
from app.kernel import Base, UtcDateTime


class OwnPack(Base):
    """Where the modules lie that a provider writes itself. `topics` is JSON: [{key, title}], in order."""

    __tablename__ = "own_packs"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    topics: Mapped[str] = mapped_column(Text, default="[]")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Draft(Base):
    """A module of a provider's own as it is being written; it stays the same draft from edition to edition.

    `based_on` is its newest published edition, and `published_revision` the revision that became it.
    """

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint("state IN ('draft', 'in-review', 'ready')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    pack: Mapped[str] = mapped_column(ForeignKey("own_packs.key"))
    topic: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    based_on: Mapped[str | None] = mapped_column(ForeignKey("editions.sha"))
    published_revision: Mapped[int | None]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    checked_by_name: Mapped[str | None] = mapped_column(String(200))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_noted_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DraftRevision(Base):
    """The text as somebody saved it. `aside`: typed on top of an older revision, so kept beside and not in force.

    `on_top_of` is the revision it was typed on. `number` is the revision restored, or the edition published.
    """

    __tablename__ = "draft_revisions"
    __table_args__ = (CheckConstraint("came IN ('start', 'copy', 'save', 'restore', 'publish')", name="came"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text, deferred=True)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    aside: Mapped[bool] = mapped_column(default=False)
    on_top_of: Mapped[int | None]
    came: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None]


class DraftMedia(HasFile, Base):
    """A picture or sound of a draft. One that was replaced or taken out stays, for older revisions that show it."""

    __tablename__ = "draft_media"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    type: Mapped[str] = mapped_column(String(40))
    sha: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DraftComment(Base):
    """What somebody said of one line of one revision. Lines count from 1."""

    __tablename__ = "draft_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    revision: Mapped[int]
    line: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class LocalPage(Base):
    """One wording of what a provider adds to a module, never changed again: the highest `number` is in force.

    An empty `text` means that the page was taken away. `restored`: the number of the wording it was brought back from.
    """

    __tablename__ = "local_pages"

    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), primary_key=True)
    module: Mapped[str] = mapped_column(String(120), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    restored: Mapped[int | None]
