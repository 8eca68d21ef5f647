"""Rows: persons, phones, tokens and failed sign-ins. Private to this package; others use the services."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class Person(Base):
    """Somebody who signs in. Which parts they play, and where, is a membership's business."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120))
    sign_in_name: Mapped[str | None] = mapped_column(String(254), unique=True)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Set by an operator and read out over the telephone: good for one sign-in, which then asks for another.
    password_is_temporary: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Flask-Login's "remember" and every signed-in browser end when this number grows.
    sign_in_generation: Mapped[int] = mapped_column(default=1)
    # This row was found to be somebody who was here already, and is only their earlier uuid now: no name, no sign-in.
    # One step only: what this points to never points any further (aliases.py).
    same_as: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)


class Device(Base):
    """A phone: one installation of the app for one person. After a rotation the same glass has a new row.

    `first_uuid` is then the id it had first, and None in the row of that first id itself: ending one ends them all.
    """

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    first_uuid: Mapped[UUID | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Token(Base):
    """The SHA-256 of a bearer token. The token itself exists only on the phone."""

    __tablename__ = "tokens"
    __table_args__ = (CheckConstraint("kind IN ('append', 'read')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInFailure(Base):
    """One try at a PIN, password or code that has not succeeded. Counted here so that a restart forgives nothing."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_key_at", "key", "at"), Index("ix_sign_in_failures_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TotpSecret(Base):
    """What makes the codes of a person's authenticator app, sealed with the server's key. One for a person."""

    __tablename__ = "totp_secrets"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    sealed: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The 30-second step of the last code taken: a code that was read over a shoulder is no good a second time.
    last_step: Mapped[int] = mapped_column(BigInteger)


class Passkey(Base):
    """The public half of a passkey. The private half never leaves the person's phone, computer or key."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OpenIdLink(Base):
    """Somebody's account at an OpenID provider, with which they sign in too: its issuer and subject, never an e-mail.

    Never changed but for `ended_at` and `last_used_at`: an account that is taken away and added again is a new row.
    """

    __tablename__ = "openid_links"
    __table_args__ = (
        Index(
            "uq_openid_links_account",
            "issuer",
            "subject",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(250))
    subject: Mapped[str] = mapped_column(String(255))
    # What they called themselves there on that day, for their own eyes.
    shown: Mapped[str] = mapped_column(String(120))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """The HMAC of a code for when the second step is lost. Good once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("person_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpentChallenge(Base):
    """The SHA-256 of a passkey challenge that was answered. Kept while the challenge could still be answered again."""

    __tablename__ = "spent_challenges"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class EndedSignIn(Base):
    """The SHA-256 of what a signed-out browser's cookie carried. Kept while the cookie could still be shown again."""

    __tablename__ = "ended_sign_ins"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
