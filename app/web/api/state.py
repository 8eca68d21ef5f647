"""Everything the server knows that one person's phone shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, current_app
from sqlalchemy import select

from app import assessment, catalogue, learning, messages, recognised, supervision, sync
from app.assessment import delegation
from app.catalogue import Listing
from app.extensions import db
from app.identity import Bearer
from app.kernel import Prepared, day_of, utc_now
from app.learning import AssignmentView, StoredResult
from app.messages.outlets import push_key
from app.providers import MembershipView
from app.web.access import allows_bearer
from app.web.api import payloads as wire
from app.web.api.catalogue import short_figure
from app.web.api.delegated import delegated_to
from app.web.api.place import reader
from app.web.api.plan import goals_of, talks_of
from app.web.api.practice import count_of
from app.web.api.replies import joined, member, server_id, written_unless_known
from app.web.api.results import written_results

LATEST_RESULTS = 200
_PARTS = (learning, assessment, delegation, recognised, supervision, messages, sync)
_ANY = Prepared(select(*(has.label(name) for part in _PARTS for name, has in part.ANY_OF_ONE.items())))


@allows_bearer("read")
def read_state() -> Response:
    """Send the whole snapshot. It is small, so there is no cursor that could go stale."""
    who, place = reader()
    session = db.session()
    listing = catalogue.listing(session, place.provider.id)
    asked = learning.assignments_of(session, place.provider.id, (who.person_id,))
    present = short_figure(place.provider, listing, asked)
    found = snapshot(who, place, listing, asked, present)
    return written_unless_known(found.counted, found.beside)


class Snapshot(NamedTuple):
    """Two objects whose members together are a `wire.State`, as JSON: what counts as a change, and what does not."""

    counted: bytes
    beside: bytes
    any_results: bool


def snapshot(
    who: Bearer, place: MembershipView, listing: Listing, asked: Sequence[AssignmentView], present: str | None
) -> Snapshot:
    """Return what the server knows of one person at one place; `present` is the catalogue to name, if any."""
    session, now = db.session(), utc_now()
    provider, people = place.provider, (who.person_id,)
    # Most people have nothing of most of these: one statement says which of the others need not be sent.
    there = _ANY.first(session, provider=provider.id, person=who.person_id, person_uuid=who.person_uuid)
    known = recognised.recognitions(session, provider.id, people) if there.recognised else ()
    standings = {
        module: standing
        for (_, module), standing in learning.standings_of(
            session, provider.id, people, chains=listing.chains(), now=now, assigned=asked, elsewhere=known
        ).items()
    }
    results: Sequence[StoredResult] = ()
    if there.attempts:
        results = learning.stored_results_of(session, provider.id, who.person_id, limit=LATEST_RESULTS)
    editions = learning.studied_editions(session, {each.sha for each in results}) if results else {}
    seen = assessment.observations_of(session, provider.id, people) if there.observed else ()
    holding = sync.held_of(session, who.person_id) if there.held else ()
    shown = assessment.shown_and_not_yet(seen)[0].get(who.person_id, {})
    standards = learning.progress(
        catalogue.standards(session),
        listing,
        standings,
        shown=shown,
        recognised=recognised.lines_of(known, who.person_id, day_of(now)),
    )
    said = wire.State(
        server=server_id(),
        now=now,
        catalogue=present,
        person=wire.PersonRef(id=str(who.person_uuid), name=who.person_name),
        provider=wire.ProviderWithContact(id=str(provider.uuid), name=provider.name, contact=provider.contact),
        assignments=[wire.AssignmentSent(module=row.module, due=row.due, assigned_at=row.assigned_at) for row in asked],
        # Written by themselves.
        results=[],
        modules={
            module: wire.ModuleState(
                status=standing.status.value,
                completed_at=standing.completed_at,
                valid_until=standing.valid_until,
                due=standing.due,
                edition=standing.edition,
            )
            for module, standing in standings.items()
        },
        resets=learning.resets_of(session, provider.id, who.person_id) if there.resets else {},
        held=sync.count_held(session, who.person_id) if there.held else 0,
        holding=[str(record) for record in holding],
        messages=[
            wire.MessageSent(
                id=str(each.uuid),
                at=each.at,
                from_=each.by or provider.name,
                text=each.text,
                pinned=each.pinned,
                nudge=each.nudge,
            )
            for each in (messages.for_phone(session, provider.id, who.person_id, now=now) if there.messages else ())
        ],
        push=_push_key(),
        goals=goals_of(session, place) if there.goals else [],
        meetings=talks_of(session, place, now=now, any_held=there.meetings, any_periods=there.periods),
        delegated=delegated_to(session, place, day=day_of(now)) if there.delegated else [],
        standards=[
            wire.StandardSent(
                number=each.number,
                title=each.title,
                know=wire.HalfSent(done=each.know.done, of=each.know.of),
                shown=wire.HalfSent(done=each.shown.done, of=each.shown.of),
            )
            for each in standards
        ],
        practice=count_of(seen, session, place, day=day_of(now)) if there.assessors or seen else None,
    )
    rest = said.model_dump_json(by_alias=True, exclude={"now", "results"}).encode()
    return Snapshot(
        counted=joined(rest, member("results", written_results(results, editions))),
        beside=said.model_dump_json(by_alias=True, include={"now"}).encode(),
        any_results=bool(results),
    )


def _push_key() -> str | None:
    """Return what a browser subscribes with. A key that cannot be read is for the worker to complain of."""
    try:
        key = push_key(current_app.extensions["bv.settings"])
    except (ValueError, OSError):
        return None
    return key.public if key else None
