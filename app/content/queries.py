"""Questions screens and other packages ask about what is published."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.content.models import Document, Edition, Media
from app.content.types import DocumentInfo, EditionInfo, Quiz, Stored

JSON_TYPE = "application/json"


def current_editions(session: Session) -> tuple[EditionInfo, ...]:
    """Return the newest edition of each module that is not withdrawn, by pack, topic and key."""
    newest: dict[str, Edition] = {}
    for row in session.scalars(select(Edition).where(Edition.withdrawn_at.is_(None)).order_by(Edition.number)):
        newest[row.module] = row
    return tuple(_info(row) for row in sorted(newest.values(), key=lambda row: (row.pack, row.topic, row.module)))


def current_edition(session: Session, key: str) -> EditionInfo | None:
    """Return the newest edition of one module that is not withdrawn."""
    query = (
        select(Edition)
        .where(Edition.module == key, Edition.withdrawn_at.is_(None))
        .order_by(Edition.number.desc())
        .limit(1)
    )
    row = session.scalar(query)
    return _info(row) if row else None


def editions_of(session: Session, key: str) -> tuple[EditionInfo, ...]:
    """Return every edition of a module ever published here, oldest first, withdrawn ones included."""
    return tuple(
        _info(row) for row in session.scalars(select(Edition).where(Edition.module == key).order_by(Edition.number))
    )


def all_editions(session: Session) -> tuple[EditionInfo, ...]:
    """Return every edition ever published here, by key and number."""
    return tuple(_info(row) for row in session.scalars(select(Edition).order_by(Edition.module, Edition.number)))


def withdrawn_editions(session: Session) -> tuple[EditionInfo, ...]:
    """Return every withdrawn edition, by key and number."""
    query = select(Edition).where(Edition.withdrawn_at.is_not(None)).order_by(Edition.module, Edition.number)
    return tuple(_info(row) for row in session.scalars(query))


def edition_by_sha(session: Session, sha: str) -> Stored | None:
    """Return the bytes of an edition, or of another published document, as they are served at `/e/<sha>`."""
    row: Edition | Document | None = session.get(
        Edition, sha, options=[undefer(Edition.body), undefer(Edition.br), undefer(Edition.gz)]
    ) or session.get(Document, sha, options=[undefer(Document.body), undefer(Document.br), undefer(Document.gz)])
    return Stored(sha=sha, type=JSON_TYPE, body=row.body, br=row.br, gz=row.gz) if row else None


def media_by_sha(session: Session, sha: str) -> Stored | None:
    """Return the bytes of a picture or sound."""
    row = session.get(Media, sha, options=[undefer(Media.body), undefer(Media.br), undefer(Media.gz)])
    return Stored(sha=sha, type=row.type, body=row.body, br=row.br, gz=row.gz) if row else None


def quiz(session: Session, sha: str) -> Quiz | None:
    """Return what marking needs of an edition, with what is withheld from phones."""
    return quizzes(session, [sha]).get(sha)


def quizzes(session: Session, shas: Collection[str]) -> dict[str, Quiz]:
    """Return `quiz` for each of these editions that exists, in one query."""
    query = (
        select(Edition).where(Edition.sha.in_(list(shas))).options(undefer(Edition.body), undefer(Edition.answer_key))
    )
    return {
        row.sha: Quiz(
            sha=row.sha,
            key=row.module,
            number=row.number,
            edition=json.loads(row.body),
            answer_key=json.loads(row.answer_key),
        )
        for row in session.scalars(query)
    }


def documents(session: Session, kind: str) -> tuple[DocumentInfo, ...]:
    """Return the documents in force of a kind, by name: "glossary", "framework" or "pack"."""
    query = (
        select(Document)
        .where(Document.kind == kind, Document.in_force)
        .order_by(Document.name)
        .options(undefer(Document.body))
    )
    return tuple(
        DocumentInfo(sha=row.sha, kind=row.kind, name=row.name, bytes=row.wire_bytes, data=json.loads(row.body))
        for row in session.scalars(query)
    )


def document(session: Session, kind: str, name: str) -> DocumentInfo | None:
    """Return the document in force of a kind and name, such as ("glossary", "en")."""
    return next((found for found in documents(session, kind) if found.name == name), None)


def _info(row: Edition) -> EditionInfo:
    fields: Mapping[str, Any] = json.loads(row.listing)
    return EditionInfo(
        sha=row.sha,
        key=row.module,
        number=row.number,
        change=row.change,
        title=row.title,
        summary=fields["summary"],
        minutes=fields["minutes"],
        lang=fields["lang"],
        criteria=tuple(fields["criteria"]),
        pass_mark=fields["pass"],
        valid_for_months=fields["valid_for_months"],
        pocket=fields["pocket"],
        checked_by=fields["checked_by"],
        media=tuple(fields["media"]),
        pack=row.pack,
        topic=row.topic,
        bytes=row.wire_bytes,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        safety=row.safety,
    )
