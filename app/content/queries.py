"""Questions screens and other packages ask about what is published.

Where `audience` is a provider's uuid, its own editions are among the answers; without it there are only those for
everybody.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session, undefer

from app.content.models import Document, Edition, Media, MediaAudience
from app.content.types import DocumentInfo, EditionInfo, Quiz, Stored
from app.kernel import Prepared

JSON_TYPE = "application/json"
# Kinds of documents: what stands beside the glossary for modules of other servers, one a server.
WORDS = "words"
# What is listed of an edition hardly ever changes and is read by every phone at each visit: of so many it is kept in
# this process as it was read, beside its row.
MOST_REMEMBERED = 2_000
_known: dict[str, tuple[Any, EditionInfo]] = {}
# What documents say, by hash. Those for everybody are about a dozen; a provider may have packs of its own.
MOST_PARSED = 64
_parsed: dict[str, Any] = {}


def current_editions(session: Session, audience: UUID | None = None) -> tuple[EditionInfo, ...]:
    """Return the newest edition of each module that is not withdrawn, by pack, topic and key."""
    newest: dict[str, Edition] = {}
    for row in session.scalars(
        select(Edition).where(_for(Edition, audience), Edition.withdrawn_at.is_(None)).order_by(Edition.number)
    ):
        newest[row.module] = row
    return tuple(_info(row) for row in sorted(newest.values(), key=lambda row: (row.pack, row.topic, row.module)))


def current_edition(session: Session, key: str, audience: UUID | None = None) -> EditionInfo | None:
    """Return the newest edition of one module that is not withdrawn."""
    query = (
        select(Edition)
        .where(Edition.module == key, _for(Edition, audience), Edition.withdrawn_at.is_(None))
        .order_by(Edition.number.desc())
        .limit(1)
    )
    row = session.scalar(query)
    return _info(row) if row else None


def editions_of(session: Session, key: str, audience: UUID | None = None) -> tuple[EditionInfo, ...]:
    """Return every edition of a module ever published here, oldest first, withdrawn ones included."""
    query = select(Edition).where(Edition.module == key, _for(Edition, audience)).order_by(Edition.number)
    return tuple(_info(row) for row in session.scalars(query))


def all_editions(session: Session, audience: UUID | None = None) -> tuple[EditionInfo, ...]:
    """Return every edition ever published here, by key and number."""
    return tuple(map(_remembered, _EVERY_EDITION.all(session, audience=audience)))


def withdrawn_editions(session: Session, audience: UUID | None = None) -> tuple[EditionInfo, ...]:
    """Return every withdrawn edition, by key and number."""
    wanted = select(Edition).where(_for(Edition, audience), Edition.withdrawn_at.is_not(None))
    query = wanted.order_by(Edition.module, Edition.number)
    return tuple(_info(row) for row in session.scalars(query))


def edition_by_sha(session: Session, sha: str) -> Stored | None:
    """Return the bytes of an edition, or of another published document, as they are served at `/e/<sha>`."""
    row: Edition | Document | None = session.get(
        Edition, sha, options=[undefer(Edition.body), undefer(Edition.br), undefer(Edition.gz)]
    ) or session.get(Document, sha, options=[undefer(Document.body), undefer(Document.br), undefer(Document.gz)])
    if row is None:
        return None
    only_for = None if row.audience is None else frozenset([row.audience])
    return Stored(sha=sha, type=JSON_TYPE, body=row.body, br=row.br, gz=row.gz, only_for=only_for)


def media_by_sha(session: Session, sha: str) -> Stored | None:
    """Return the bytes of a picture or sound."""
    row = session.get(Media, sha, options=[undefer(Media.body), undefer(Media.br), undefer(Media.gz)])
    if row is None:
        return None
    only_for = None
    if row.private:
        only_for = frozenset(session.scalars(select(MediaAudience.audience).where(MediaAudience.sha == sha)))
    return Stored(sha=sha, type=row.type, body=row.body, br=row.br, gz=row.gz, only_for=only_for)


def for_everybody(session: Session, shas: Collection[str], *, largest: int) -> dict[str, bytes]:
    """Return those of these files that are for everybody, each of at most `largest` bytes, by SHA-256."""
    found: dict[str, bytes] = {}
    for table, open_to_all in (
        (Edition, Edition.audience.is_(None)),
        (Document, Document.audience.is_(None)),
        (Media, Media.private.is_(False)),
    ):
        wanted = select(table.sha, table.body).where(
            table.sha.in_(list(shas)), open_to_all, func.length(table.body) <= largest
        )
        found.update((sha, body) for sha, body in session.execute(wanted))
    return found


def text_of(session: Session, sha: str) -> str | None:
    """Return the text an edition was built from, or None where it was not kept: publishing again keeps it."""
    return session.scalar(select(Edition.text).where(Edition.sha == sha))


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


def documents(session: Session, kind: str, audience: UUID | None = None) -> tuple[DocumentInfo, ...]:
    """Return the documents in force of a kind, by name: "glossary", "terms", "framework" or "pack"."""
    rows = _DOCUMENTS.all(session, kind=kind, audience=audience)
    said = _said(session, [row.sha for row in rows])
    return tuple(
        DocumentInfo(sha=row.sha, kind=row.kind, name=row.name, bytes=row.wire_bytes, data=said[row.sha])
        for row in rows
    )


def document_shas(session: Session, audience: UUID | None = None) -> frozenset[str]:
    """Return the hashes of all documents in force: while they are the same, so is what they say."""
    return frozenset(session.scalars(select(Document.sha).where(Document.in_force, _for(Document, audience))))


def document(session: Session, kind: str, name: str) -> DocumentInfo | None:
    """Return the document in force of a kind and name, such as ("glossary", "en")."""
    return next((found for found in documents(session, kind) if found.name == name), None)


def words_from_elsewhere(session: Session) -> dict[str, str]:
    """Return every word that modules of other servers brought, with its meaning there."""
    return {word: meaning for each in documents(session, WORDS) for word, meaning in each.data["words"].items()}


def _said(session: Session, shas: Sequence[str]) -> dict[str, Any]:
    """Return what these documents say, by hash. Nobody changes it: all who ask share it."""
    said = {sha: known for sha in shas if (known := _parsed.get(sha)) is not None}
    missing = [sha for sha in shas if sha not in said]
    if missing:
        for row in _BODIES.all(session, shas=missing):
            said[row.sha] = json.loads(row.body)
        if len(_parsed) + len(missing) > MOST_PARSED:
            _parsed.clear()
        _parsed.update((sha, said[sha]) for sha in missing)
    return said


def _for(table: type[Edition | Document], audience: UUID | BindParameter[Any] | None) -> ColumnElement[bool]:
    everybodys = table.audience.is_(None)
    return everybodys if audience is None else or_(everybodys, table.audience == audience)


# In the order of the row, whose first is the hash.
_LISTED = (
    Edition.sha,
    Edition.module,
    Edition.number,
    Edition.change,
    Edition.title,
    Edition.listing,
    Edition.pack,
    Edition.topic,
    Edition.wire_bytes,
    Edition.published_at,
    Edition.withdrawn_at,
    Edition.withdrawn_reason,
    Edition.safety,
    Edition.audience,
    Edition.check_again,
)
# What a phone asks at each visit. No provider has the audience None, so then there are everybody's alone.
_EVERY_EDITION = Prepared(
    select(*_LISTED).where(_for(Edition, bindparam("audience"))).order_by(Edition.module, Edition.number)
)
_DOCUMENTS = Prepared(
    select(Document.sha, Document.kind, Document.name, Document.wire_bytes)
    .where(Document.kind == bindparam("kind"), Document.in_force, _for(Document, bindparam("audience")))
    .order_by(Document.name)
)
_BODIES = Prepared(select(Document.sha, Document.body).where(Document.sha.in_(bindparam("shas", expanding=True))))


def _remembered(row: Any) -> EditionInfo:
    """Return `_info` of a row, made anew only where anything in the row is not as it was."""
    known = _known.get(row[0])
    if known is not None and known[0] == row:
        return known[1]
    info = _info(row)
    if known is not None or len(_known) < MOST_REMEMBERED:
        _known[row[0]] = (row, info)
    return info


def _info(row: Any) -> EditionInfo:
    """Return what is listed of an edition, of its row or of `_LISTED`."""
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
        audience=row.audience,
        check_again=row.check_again,
        asc_wds=tuple(fields.get("asc_wds", ())),
    )
