"""Words that modules of other servers use, with their meanings there.

They are kept beside this server's own glossary (documents of the kind "words", one a source), so that publishing the
content folder again, which makes the glossary anew, can put them in again. What this server explains itself stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.content import queries as content
from app.content import service as content_service
from app.content.build import canonical, compress
from app.content.prepare import Prepared, ReadyDocument
from app.content.source import digest_of
from app.interop.sharing.wire import Manifest

_LETTERS = re.compile(r"\w+")


def used(manifest: Manifest, texts: Iterable[str]) -> dict[str, str]:
    """Return the words of a catalogue that one of these texts uses, with their meanings."""
    said = [f" {' '.join(_LETTERS.findall(text.lower()))} " for text in texts]
    return {
        word: meaning
        for word, meaning in manifest.words.items()
        if any(f" {' '.join(_LETTERS.findall(word.lower()))} " in text for text in said)
    }


def keep(session: Session, source: UUID, words: dict[str, str], *, now: datetime) -> None:
    """Keep words of a source, and put those that this server does not explain itself into its glossary."""
    known: dict[str, str] = next(
        (each.data["words"] for each in content.documents(session, content.WORDS) if each.name == str(source)), {}
    )
    own = content.document(session, "glossary", "en")
    glossary = dict(own.data["words"]) if own else {}
    if not words.keys() - known.keys():
        return
    _publish(session, content.WORDS, str(source), {**words, **known}, now)
    _publish(session, "glossary", "en", {**words, **glossary}, now)


def _publish(session: Session, kind: str, name: str, words: dict[str, str], now: datetime) -> None:
    body = canonical({"format": 1, "kind": kind, "words": words})
    ready = ReadyDocument(kind=kind, name=name, sha=digest_of(body.decode(), {}), body=body, packed=compress(body))
    content_service.store(session, Prepared(modules=(), documents=(ready,)), now=now)
