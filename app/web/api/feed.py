"""The feed of training status: what other systems read, each with a token of its own that a manager made."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Response, current_app, request

from app import identity
from app.extensions import db
from app.interop import feed, telling
from app.interop.feed import Asked, BadCursor, Field, PersonStands
from app.kernel import begin_write, utc_now, write_if_free
from app.web.access import allows_anyone, allows_feed, current_feed_token
from app.web.api.document import openapi
from app.web.api.feed_payloads import FeedPeople, FeedPerson, FeedSignOffs, FeedTraining
from app.web.api.operations import PREFIX, Operation
from app.web.api.replies import reply_unless_known

# Enough to read every page of a large provider each minute.
TRIES, WINDOW = 300, timedelta(minutes=15)
DATES = ("due", "valid_until", "booked")
TITLE = "Between Visits, training status for other systems"
DESCRIPTION = (
    "Read-only. A manager makes a token for one system, says what it may read, and can end it at once. "
    "The format may only grow: leave alone what you do not know."
)


@allows_feed
def read_people() -> Response:
    """Send a page of where people stand, as it is now."""
    token, now = current_feed_token(), utc_now()
    asked, limit = _asked()
    session = db.session()
    begin_write(session)
    identity.take_try(session, f"feed:{token.uuid}", now=now, tries=TRIES, window=WINDOW)
    feed.note_use(session, token, now=now)
    session.commit()
    seen = feed.see(session, token.provider, now=now)
    if seen is not None:
        # Who is writing just now is not waited for: what is new is told the next time.
        write_if_free(session, lambda: telling.keep(session, seen))
    page = feed.read(session, token.provider.id, asked, limit=limit)
    people = [_person(each, token.fields) for each in page.people]
    return reply_unless_known(FeedPeople(as_of=page.as_of, people=people, next=page.next), ignoring=("as_of",))


@allows_anyone
def read_document() -> Response:
    """Send the OpenAPI document of the feed."""
    body = json.dumps(document(), indent=1, sort_keys=True)
    return current_app.response_class(body, mimetype="application/json")


def document() -> dict[str, Any]:
    """Return the OpenAPI document of the feed."""
    return openapi(FEED_OPERATIONS, PREFIX, title=TITLE, description=DESCRIPTION)


def _asked() -> tuple[Asked, int]:
    """Read the address. Raises BadCursor for what makes no sense: a feed that guesses leaves people out."""
    given = request.args.get("limit", str(feed.USUAL))
    if not (given.isascii() and given.isdecimal() and len(given) < 6 and 1 <= int(given) <= feed.MOST):
        raise BadCursor(f"Send limit as a whole number from 1 to {feed.MOST}.", code="bad-limit", field="limit")
    cursor, since = request.args.get("cursor"), request.args.get("updated_since")
    if cursor is not None:
        return feed.asked_by(cursor), int(given)
    try:
        return Asked(since=None if since is None else feed.moment(since)), int(given)
    except (ValueError, OverflowError):
        words = "Send updated_since as a moment with its zone, such as the as_of of an earlier reply."
        raise BadCursor(words, code="bad-moment", field="updated_since") from None


def _person(each: PersonStands, fields: tuple[Field, ...]) -> FeedPerson:
    """Return what a token with these fields is told of a person."""
    base = {"id": str(each.person), "here": each.here, "changed_at": each.changed_at}
    if not each.here:
        return FeedPerson(**base)
    told: dict[str, Any] = {field.value: each.about.get(field.value) for field in fields if field.value in each.about}
    if Field.SIGN_OFFS in fields:
        told["sign_offs"] = FeedSignOffs(**each.about["sign_offs"])
    if Field.TRAININGS in fields:
        told["trainings"] = [
            FeedTraining(id=key, **{n: v for n, v in cell.items() if n not in DATES or Field.DATES in fields})
            for key, cell in sorted(each.cells.items(), key=lambda pair: (pair[1]["title"].casefold(), pair[0]))
        ]
    return FeedPerson(**base, **told)


FEED_OPERATIONS = (
    Operation(
        name="feed_people",
        method="GET",
        path="/feed/people",
        view=read_people,
        summary="Where people stand with what they need, a page at a time",
        status=200,
        answer=FeedPeople,
        query={
            "limit": f"How many people a page has at most: 1 to {feed.MOST}, {feed.USUAL} without it",
            "cursor": "`next` of the page before; with it, updated_since is that of the first page",
            "updated_since": "Only who changed after this moment, those who left too: `as_of` of an earlier reply",
        },
        query_needed=False,
        errors=(400, 401, 429),
        etag=True,
    ),
    Operation(
        name="feed_document",
        method="GET",
        path="/feed/openapi.json",
        view=read_document,
        summary="This description",
        status=200,
        answer=None,
    ),
)
