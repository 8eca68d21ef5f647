"""Questions asked of credentials. Each starts from a provider, or from an address that only its holder knows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.credentials.types import CredentialView, Kind, Signed

COLUMNS = (
    Credential.uuid,
    Credential.provider_id,
    Credential.person_id,
    Credential.kind,
    Credential.achievement,
    Credential.name,
    Credential.issued_at,
    Credential.valid_until,
    Credential.revoked_at,
    Credential.revoked_reason,
)
Found: TypeAlias = tuple[UUID, int, int, str, str, str, datetime, datetime | None, datetime | None, str | None]


def credentials_of(session: Session, provider_id: int, people: Collection[int] | None) -> tuple[CredentialView, ...]:
    """Return what was issued to these people (None: to all), revoked or not, the newest first. One statement."""
    query = _views().where(Credential.provider_id == provider_id).order_by(Credential.id.desc())
    if people is not None:
        query = query.where(Credential.person_id.in_(people))
    return tuple(_view(row) for row in session.execute(query))


def find_signed(session: Session, uuid: UUID) -> Signed | None:
    """Return both forms of a credential by its uuid: random, and known to its holder and to whom they showed it."""
    row = session.execute(
        _views().add_columns(Credential.jwt, Credential.document).where(Credential.uuid == uuid)
    ).first()
    return None if row is None else Signed(view=_view(row), jwt=row.jwt, document=row.document)


def signed_where(session: Session, which: ColumnElement[bool]) -> tuple[Signed, ...]:
    """Return both forms of some credentials, the oldest first. One statement."""
    query = _views().add_columns(Credential.jwt, Credential.document).where(which).order_by(Credential.id)
    return tuple(Signed(view=_view(row), jwt=row.jwt, document=row.document) for row in session.execute(query))


def _views() -> Select[*Found]:
    return select(*COLUMNS)


def _view(row: Row[*tuple[object, ...]]) -> CredentialView:
    return CredentialView(
        uuid=row.uuid,
        provider_id=row.provider_id,
        person_id=row.person_id,
        kind=Kind(row.kind),
        achievement=row.achievement,
        name=row.name,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
    )
