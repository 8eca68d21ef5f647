"""What is new on the server for one person's phone, in one reply that holds nothing the phone has.

The phone says what it has in `BV-Here`, five words with dots between: those for its state, for what is known about the
catalogue and for the meanings of words, as the last news called them; the figures of the modules it has of those its
person is asked for, and one figure for all others. A word it does not know it leaves empty. With `BV-Held`, a word of
its own and the phone ids it has sent records under, it asks what is held for each: the reply repeats the word and
gives this server's time and figures. The same word shows that neither was kept somewhere on the way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from flask import Response, request
from pydantic_core import to_json

from app import catalogue, learning, sync
from app.catalogue import Listing
from app.content import EditionInfo
from app.content import queries as content
from app.content.used_words import words_used
from app.extensions import db
from app.identity import Bearer
from app.kernel import utc_now
from app.providers import MembershipView
from app.sync.digest import NOTHING
from app.web.access import allows_bearer
from app.web.api import payloads as wire
from app.web.api.catalogue import about, listed
from app.web.api.place import reader
from app.web.api.replies import joined, member, reply, reply_as_is, server_id, tag_of
from app.web.api.state import snapshot

HERE, HELD = "BV-Here", "BV-Held"
WORDS = 5
TAG = 16  # letters: chance enough that what changed is not taken for what was
MOST_PHONES = 20
UUID_FORM = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ASKED = re.compile(rf"([0-9a-f]{{8,32}})((?: {UUID_FORM}){{0,{MOST_PHONES}}})")


@allows_bearer("read")
def read_news() -> Response:
    """Send what is not as the phone has it, or 204 where all is."""
    who, place = reader()
    known = (request.headers.get(HERE, "").split(".") + [""] * WORDS)[:WORDS]
    found = news(who, place, known)
    response = Response(status=204) if found is None else reply_as_is(found.written)
    response.headers["Cache-Control"] = "private, no-cache"
    if held := _held(who):
        response.headers[HELD] = held
    return response


class News(NamedTuple):
    """A `wire.News` as JSON, and whether its person has results."""

    written: bytes
    any_results: bool


def news(who: Bearer, place: MembershipView, known: Sequence[str] = ("",) * WORDS) -> News | None:
    """Return what somebody's phone does not know yet; None where it knows all.

    `known`: its `BV-Here`, word by word. Each part is written once, for its word and for the reply.
    """
    session, provider = db.session(), place.provider
    listing = catalogue.listing(session, provider.id)
    asked = learning.assignments_of(session, provider.id, (who.person_id,))
    own, others = _divided(listing, {row.module for row in asked})
    glossary = content.document(session, "glossary", "en")
    state = snapshot(who, place, listing, asked, None)
    beside = about(provider, listing, glossary).model_dump_json(by_alias=True).encode()
    words = to_json({} if glossary is None else words_used(session, glossary, [each.sha for each in own]))
    here = [tag_of(each, TAG) for each in (state.counted, beside, words)]
    library = catalogue.folded(catalogue.figures(others))
    parts = catalogue.differing(own, known[3])
    if here == list(known[:3]) and not parts and library == known[4]:
        return None
    found = wire.News(server=server_id(), here=".".join(here), library=library, own=_entries(parts) if parts else None)
    whole = joined(state.beside, state.counted)
    written = zip(("state", "about", "words"), (whole, beside, words), here, known, strict=False)
    changed = [member(name, said) for name, said, now, before in written if now != before]
    return News(joined(found.model_dump_json(by_alias=True).encode(), *changed), any_results=state.any_results)


@allows_bearer("read")
def read_library() -> Response:
    """Send of the modules this person is not asked for the parts that differ from those in `BV-Here`."""
    who, place = reader()
    session = db.session()
    asked = learning.assignments_of(session, place.provider.id, (who.person_id,))
    _, others = _divided(catalogue.listing(session, place.provider.id), {row.module for row in asked})
    parts = catalogue.differing(others, request.headers.get(HERE, ""))
    return reply(wire.Library(server=server_id(), parts=_entries(parts)), smallest=True)


def _divided(listing: Listing, asked: set[str]) -> tuple[list[EditionInfo], list[EditionInfo]]:
    """Return what a phone keeps for this person without being told to, and all else that is on offer."""
    own: list[EditionInfo] = []
    others: list[EditionInfo] = []
    for offer in listing.offers:
        edition = offer.edition
        (own if edition.key in asked or edition.audience else others).append(edition)
    return own, others


def _entries(parts: dict[int, list[EditionInfo]]) -> dict[int, list[wire.ListedModule]]:
    # Who is asked for what, and by when, stands in the state.
    return {part: [_entry(each) for each in editions] for part, editions in parts.items()}


def _entry(edition: EditionInfo) -> wire.ListedModule:
    return {**listed(edition, None), "summary": edition.summary}


def _held(who: Bearer) -> str | None:
    """Return the phone's word, this server's time in ms, and what it holds for each phone id that was named."""
    asked = ASKED.fullmatch(request.headers.get(HELD, ""))
    if asked is None:
        return None
    devs = [UUID(dev) for dev in asked[2].split()]
    found = sync.digests_of(db.session(), who.person_id, devs) if devs else {}
    digests = [found.get(dev, NOTHING) for dev in devs]
    now = str(round(utc_now().timestamp() * 1000))
    return " ".join([asked[1], now, *(f"{each.n}:{each.x}" for each in digests)])
