"""Tokens: made once, shown once, ended at once. The database holds only what a token is recognised by."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.interop.feed.errors import FeedError, FeedTokenRefused
from app.interop.feed.fields import Field, chosen
from app.interop.feed.models import LONGEST_NAME, FeedToken
from app.kernel import new_uuid7
from app.providers import ProviderView

PREFIX = "bvf_"
# A token that is used every minute is not written down every minute.
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token as its manager sees it, and whose feed it opens."""

    id: int
    uuid: UUID
    name: str
    fields: tuple[Field, ...]
    since: datetime
    ended_at: datetime | None
    last_used_at: datetime | None
    provider: ProviderView


def make_token(
    session: Session, provider: ProviderView, name: str, fields: Iterable[str], *, now: datetime
) -> tuple[TokenView, str]:
    """Make a token for one other system; returns it with the text to give that system, which is kept nowhere.

    Raises FeedError for a name that is missing or too long, and for no field at all.
    """
    plain, wanted = " ".join(name.split()), chosen(fields)
    if not plain:
        raise FeedError("Type which system this is for, such as the name of your rota.", field="name")
    if len(plain) > LONGEST_NAME:
        raise FeedError(f"Use at most {LONGEST_NAME} letters.", field="name")
    if not wanted:
        raise FeedError("Pick at least one thing it may read.", field="fields")
    text = PREFIX + secrets.token_urlsafe(32)
    row = FeedToken(
        uuid=new_uuid7(),
        provider_id=provider.id,
        name=plain,
        hash=_hash(text),
        fields=[field.value for field in wanted],
        since=now,
    )
    session.add(row)
    session.flush()
    return _view(row, provider), text


def end_token(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> bool | None:
    """Let a token open nothing from now on. Says whether that changed anything; None: there is no such token."""
    query = select(FeedToken).where(FeedToken.provider_id == provider_id, FeedToken.uuid == uuid).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    if row.ended_at is not None:
        return False
    row.ended_at = now
    session.flush()
    return True


def tokens(session: Session, provider: ProviderView) -> tuple[TokenView, ...]:
    """Return a provider's tokens, those that were ended too, the newest first. One statement."""
    query = select(FeedToken).where(FeedToken.provider_id == provider.id).order_by(FeedToken.id.desc())
    return tuple(_view(row, provider) for row in session.scalars(query))


def opened_by(session: Session, text: str) -> TokenView:
    """Return the token with this text. Raises FeedTokenRefused."""
    row = session.scalars(select(FeedToken).where(FeedToken.hash == _hash(text))).one_or_none()
    provider = None if row is None else providers.find_provider(session, row.provider_id)
    if row is None or provider is None or row.ended_at is not None:
        raise FeedTokenRefused("This token opens nothing. Ask the provider's manager for a new one.")
    return _view(row, provider)


def note_use(session: Session, token: TokenView, *, now: datetime) -> None:
    """Write down that a token was used, unless that was written a few minutes ago."""
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        row = session.get(FeedToken, token.id)
        if row is not None:
            row.last_used_at = now
            session.flush()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _view(row: FeedToken, provider: ProviderView) -> TokenView:
    return TokenView(
        id=row.id,
        uuid=row.uuid,
        name=row.name,
        fields=chosen(row.fields),
        since=row.since,
        ended_at=row.ended_at,
        last_used_at=row.last_used_at,
        provider=provider,
    )
