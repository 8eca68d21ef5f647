"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class TokenKind(StrEnum):
    """What a phone's token allows: adding records, or reading the person's own state. Never both."""

    APPEND = "append"
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person as other packages see them. `id` stays inside this database; `uuid` may leave it."""

    id: int
    uuid: UUID
    name: str
    sign_in_name: str | None
    has_pin: bool
    has_password: bool
    password_is_temporary: bool
    archived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """One phone of a person. `glass` is the same for every id one phone has had."""

    id: int
    uuid: UUID
    glass: UUID
    person_id: int
    provider_id: int | None
    added_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What a phone is handed once and never again: its id and its secrets. `read` is None after a rotation."""

    device_id: int
    dev: UUID
    append: str
    read: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who a token speaks for. `device_id` and `dev` are the phone it was issued to."""

    person_id: int
    person_uuid: UUID
    person_name: str
    device_id: int
    dev: UUID
    provider_id: int | None
    kind: TokenKind
    archived: bool
    should_move_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdLinkView:
    """An account at an OpenID provider that signs a person in, as its owner knows it."""

    uuid: UUID
    person_id: int
    issuer: str
    shown: str
    since: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyView:
    """One passkey of a person, by the name they gave it."""

    uuid: UUID
    person_id: int
    name: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSteps:
    """What a person can show besides their password. `app_added_at` is None without an authenticator app."""

    app_added_at: datetime | None
    passkeys: tuple[PasskeyView, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second step. Recovery codes stand in for one and are none."""
        return self.app_added_at is not None or bool(self.passkeys)
