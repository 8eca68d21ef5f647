"""Rows: changes that providers here suggest, those that came to this server's own modules, and what became of them.

Private to this package. Nothing here points to a person: who did what stands in the audit trail. Where somebody wants
to be named to the publisher, their name is kept until it is sent, or until it is decided on.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

LONGEST_WORDS = 500
LONGEST_NAME = 120


class Suggestion(Base):
    """A change that a provider suggests to a module that is not its own.

    `sha` is the edition it was written on, `address` where that module's publisher is: empty for this very server,
    None where it can only be handed over as a file. `asked_at`: somebody pressed Send; `sent_at`: it was taken in and
    `receipt` is what its answer is known by. `answer` is "taken" or "not-taken", empty until there is one.
    """

    __tablename__ = "suggestions"
    __table_args__ = (CheckConstraint("answer IN ('', 'taken', 'not-taken')", name="answer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    module: Mapped[str] = mapped_column(String(120))
    sha: Mapped[str] = mapped_column(ForeignKey("editions.sha"))
    publisher: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, deferred=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[bool] = mapped_column(default=True)
    person: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt: Mapped[str | None] = mapped_column(String(22))
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trouble: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    answer: Mapped[str] = mapped_column(String(9), default="")
    answer_edition: Mapped[int | None]
    answer_words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Received(Base):
    """A change that somebody suggests to a module this server publishes. `id` is its number, for people.

    `receipt` is what the answer is asked for by: 128 random bits. `sha` is the edition it was written on. `person` is
    who wants to be named to us; it is emptied once it is decided on.
    """

    __tablename__ = "received_suggestions"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    receipt: Mapped[str] = mapped_column(String(22), unique=True)
    came: Mapped[str] = mapped_column(String(4))
    module: Mapped[str] = mapped_column(String(120))
    sha: Mapped[str] = mapped_column(ForeignKey("editions.sha"))
    text: Mapped[str] = mapped_column(Text, deferred=True)
    reason: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(String(LONGEST_NAME))
    person: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    credit: Mapped[bool]
    licence: Mapped[str] = mapped_column(String(80))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(Base):
    """One thing that became of a suggestion; the newest counts. `what` is a word of `types.What`.

    `draft` is the uuid of the draft it became, `number` the edition that was begun on, or the one that the suggestion
    is to come out in. `provider_id` is whose desk decided, None on the command line.
    """

    __tablename__ = "suggestion_decisions"
    __table_args__ = (CheckConstraint("what IN ('draft', 'taken', 'not-taken', 'again')", name="what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("received_suggestions.id"), index=True)
    what: Mapped[str] = mapped_column(String(9))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    draft: Mapped[UUID | None]
    number: Mapped[int | None]
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
