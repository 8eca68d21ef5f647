"""Which words of the glossary an edition's lessons use, so that a phone needs the meanings of no others."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.content.models import Edition
from app.content.types import DocumentInfo

TAG = re.compile(r"<[^>]*>")
# An edition never changes, and neither does a glossary of one hash: found once in each process.
MOST_KNOWN = 5_000
_known: dict[tuple[str, str], frozenset[str]] = {}


def words_used(session: Session, glossary: DocumentInfo, shas: Collection[str]) -> dict[str, str]:
    """Return the meanings of all words that the lessons of these editions use, by word in order.

    A few more than the phone makes buttons of (service_worker/page/words-in-text.ts), never fewer.
    """
    unread = [sha for sha in shas if (glossary.sha, sha) not in _known]
    if unread:
        if len(_known) + len(unread) > MOST_KNOWN:
            _known.clear()
        words = glossary.data["words"]
        for sha, body in session.execute(select(Edition.sha, Edition.body).where(Edition.sha.in_(unread))):
            lessons = [part["html"] for part in json.loads(body)["parts"] if part["kind"] == "lesson"]
            _known[glossary.sha, sha] = words_in(words, " ".join(lessons))
    used = frozenset[str]().union(*(_known.get((glossary.sha, sha), frozenset()) for sha in shas))
    return {word: glossary.data["words"][word] for word in sorted(used)}


def words_in(words: Iterable[str], markup: str) -> frozenset[str]:
    """Return those of `words` that stand in this HTML, in the singular or with an "s" or "es"."""
    text = _plain(html.unescape(TAG.sub(" ", markup)))
    # Nearly all are ruled out by the first question, which is the quick one.
    return frozenset(
        word
        for word in words
        if (plain := _plain(word).strip())
        and plain in text
        and re.search(rf"(?<![^\W_]){re.escape(plain)}(?:s|es)?(?![^\W_])", text)
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())
