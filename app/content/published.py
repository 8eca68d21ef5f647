"""The library as it is published: what a text is checked against where there is no content folder at hand."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from sqlalchemy.orm import Session

from app.content.data import framework_of, pack_of
from app.content.library import Library
from app.content.queries import document_shas, documents

# They change only when somebody publishes; a few, for requests that began before.
_MOST = 4
_made: OrderedDict[frozenset[str], Library] = OrderedDict()
_lock = Lock()


def published_library(session: Session) -> Library:
    """Return everybody's frameworks, packs, glossary and terms in force; it holds no module.

    What was read once is kept in this process for as long as nothing else is published.
    """
    shas = document_shas(session)
    with _lock:
        if shas in _made:
            _made.move_to_end(shas)
            return _made[shas]
    made = _read(session)
    with _lock:
        _made[shas] = made
        while len(_made) > _MOST:
            _made.popitem(last=False)
    return made


def _read(session: Session) -> Library:
    return Library(
        root=Path(),
        frameworks=tuple(framework_of(each.data) for each in documents(session, "framework")),
        packs={each.name: pack_of(each.data) for each in documents(session, "pack")},
        glossary={word: said for each in documents(session, "glossary") for word, said in each.data["words"].items()},
        terms=tuple(word for each in documents(session, "terms") for word in each.data["words"]),
        folders=(),
        problems=(),
    )
