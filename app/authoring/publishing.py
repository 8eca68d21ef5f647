"""Publishing a draft as the command line publishes a folder, saying first what that does, and withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import learning
from app.authoring import rows
from app.authoring.checking import check
from app.authoring.drafts import put_in_force
from app.authoring.errors import AuthoringError, NoModule, PublishRefused
from app.authoring.front import quoted, read, with_fields
from app.authoring.history import words_between
from app.authoring.models import Draft, DraftRevision
from app.authoring.packs import content_pack, own_pack, provider_of
from app.authoring.types import Came, DraftState, Effect, Published
from app.content import EditionInfo, Library, Written
from app.content import queries as content
from app.content import service as content_service
from app.content.prepare import Prepared, Ready
from app.content.published import published_library
from app.content.types import Problem
from app.kernel import day_of
from app.learning import EditionStep
from app.providers import list_members

CHANGES = ("minor", "major")
NOT_CHECKED = "No named person has checked the facts yet. Send it to review, and note who checked them."
SAME = "It reads as the edition that is published already."
FIELDS = "Write the fields at the top one under another, each on a line of its own, as new modules have them."
SHORTEST_REASON, LONGEST_REASON = 3, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A draft as it would be published: text with the desk's fields, prepared, and why not, if so."""

    number: int
    text: str
    prepared: Prepared
    marking: tuple[str, ...]
    refusals: tuple[str, ...]
    problems: tuple[Problem, ...]


def effect(session: Session, provider_id: int, uuid: UUID, change: str, *, now: datetime) -> Effect:
    """Say what publishing this draft now, as "minor" or "major", would do. Changes nothing. Raises NoDraft."""
    row = rows.find(session, provider_id, uuid)
    editions = _editions(session, row)
    made = _make(session, row, editions, change, now=now)
    people = [member.person_id for member in list_members(session, provider_id)]
    asked = {each.person_id for each in learning.assignments_of(session, provider_id, people) if each.module == row.key}
    did_last = _counting(session, provider_id, row.key, people, editions, now=now)
    old = session.get(DraftRevision, (row.id, row.published_revision)) if row.published_revision else None
    return Effect(
        number=made.number,
        change=change,
        first=not editions,
        asked=len(asked),
        did_last=len(did_last),
        take_again=len(did_last & asked) if change == "major" and editions else 0,
        marking=made.marking,
        words_changed=words_between(old.text if old else "", row.text),
        refusals=made.refusals,
        problems=made.problems,
    )


def publish(
    session: Session, provider_id: int, uuid: UUID, change: str, *, revision: int, by: int, now: datetime
) -> Published:
    """Publish a draft as the next edition of its module, for the people of its provider only.

    `revision` is the one whose effect was shown. Number and change are written into the text, and who checked the
    facts. Raises NoDraft, PublishRefused.
    """
    row = rows.find(session, provider_id, uuid, lock=True)
    if row.revision != revision:
        raise PublishRefused("The draft was changed since. See what publishing does now, then publish.", code="moved")
    made = _make(session, row, _editions(session, row), change, now=now)
    if made.refusals:
        raise PublishRefused(" ".join(made.refusals))
    report = content_service.store(session, made.prepared, now=now, audience=provider_of(session, provider_id).uuid)
    if not report.published:
        raise PublishRefused(" ".join(each.message for each in report.refused) or SAME)
    [done] = report.published
    put_in_force(session, row, made.text, Came.PUBLISH, by=by, now=now, number=done.number)
    row.state, row.based_on, row.published_revision = DraftState.DRAFT.value, done.sha, row.revision
    session.flush()
    return Published(key=done.module, number=done.number, sha=done.sha)


def withdraw(
    session: Session,
    provider_id: int,
    key: str,
    *,
    number: int | None = None,
    reason: str,
    safety: bool,
    now: datetime,
) -> tuple[int, ...]:
    """Take one edition of a module of the provider's own out of its catalogue, or all of them. Returns their numbers.

    `reason` is shown to who has it, with `safety` on top of every phone. The draft stays, and can be published again.
    Raises NoModule, AuthoringError.
    """
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        words = f"Say what is wrong and what to do, in {SHORTEST_REASON} to {LONGEST_REASON} characters."
        raise AuthoringError(words, code="reason", field="reason")
    audience = provider_of(session, provider_id).uuid
    editions = [each for each in content.editions_of(session, key, audience) if each.audience == audience]
    wanted = [each for each in editions if each.number == number or (number is None and each.withdrawn_at is None)]
    if not wanted:
        raise NoModule("There is no such edition of a module of your own.")
    for each in wanted:
        content_service.withdraw(session, key, each.number, reason=reason, safety=safety, now=now)
    return tuple(each.number for each in wanted)


def _make(session: Session, row: Draft, editions: Sequence[EditionInfo], change: str, *, now: datetime) -> _Made:
    if change not in CHANGES:
        raise AuthoringError('Choose "minor" or "major".', code="change", field="change")
    number = max((each.number for each in editions), default=0) + 1
    fields = {
        "key": row.key,
        "edition": str(number),
        "change": change if editions else None,
        "checked_by": quoted(row.checked_by_name) if row.checked_by_name else "",
    }
    text = with_fields(row.text, fields)
    files = rows.bodies(session, row.id)
    source = Written(pack=row.pack, topic=row.topic, name=row.key, words=text, files=files)
    prepared = content_service.prepare(
        _library(session, row, now=now), content_service.known_to(session), now=now, sources=[source]
    )
    prepared = replace(prepared, documents=tuple(each for each in prepared.documents if each.name == row.pack))
    [ready] = prepared.modules
    marking = _marking(session, editions, ready) if isinstance(ready, Ready) else ()
    refusals = list(_refusals(row, editions, change, marking))
    problems: tuple[Problem, ...] = ()
    if isinstance(ready, Ready):
        # YAML can be written in ways the desk cannot write into; then the author's own words would stand there.
        written = read(text)
        wanted = (row.key, number, row.checked_by_name, change if editions else written.change)
        if (written.key, written.edition, written.checked_by, written.change) != wanted:
            refusals.append(FIELDS)
    else:
        # With the lines of the text as its author sees it: the desk's own fields may have moved the others.
        problems = tuple(
            each for each in check(session, row.provider_id, row.text, files, now=now).problems if each.stops
        )
        several = f"{len(problems)} things in the text have to be mended first."
        mend = {0: ready.message, 1: "One thing in the text has to be mended first."}
        refusals.append(mend.get(len(problems), several))
    return _Made(
        number=number,
        text=text,
        prepared=prepared,
        marking=marking,
        refusals=tuple(refusals),
        problems=problems,
    )


def _refusals(row: Draft, editions: Sequence[EditionInfo], change: str, marking: Sequence[str]) -> Sequence[str]:
    newest = editions[-1] if editions else None
    said = []
    if newest and newest.withdrawn_at is None and row.published_revision == row.revision:
        said.append(SAME)
    elif row.state != DraftState.READY.value:
        said.append(NOT_CHECKED)
    if newest and change == "minor" and marking:
        said.append(
            f"Since edition {newest.number} {'; '.join(marking)}. People who did it were marked another way, so this "
            "has to be a major change."
        )
    return said


def _marking(session: Session, editions: Sequence[EditionInfo], ready: Ready) -> tuple[str, ...]:
    if not editions or ready.built is None:
        return ()
    return content_service.marking_since(session, editions[-1].sha, ready.built)[1]


def _library(session: Session, row: Draft, *, now: datetime) -> Library:
    provider = provider_of(session, row.provider_id)
    pack = content_pack(own_pack(session, provider, now=now), provider.name)
    published = published_library(session)
    return replace(published, packs={**published.packs, pack.key: pack})


def _counting(
    session: Session,
    provider_id: int,
    key: str,
    people: Sequence[int],
    editions: Sequence[EditionInfo],
    *,
    now: datetime,
) -> frozenset[int]:
    """Return who did an edition that counts today: the newest, or one that it only changed in little things."""
    if not editions:
        return frozenset()
    steps = [EditionStep(number=e.number, change=e.change, published=day_of(e.published_at)) for e in editions]
    since = max((step.number for step in steps[1:] if step.change == "major"), default=steps[0].number)
    standings = learning.standings_of(session, provider_id, people, chains={key: steps}, now=now, modules=[key])
    today = day_of(now)
    return frozenset(
        person
        for (person, _), each in standings.items()
        if each.edition is not None
        and each.edition >= since
        and (each.valid_until is None or each.valid_until >= today)
    )


def _editions(session: Session, row: Draft) -> tuple[EditionInfo, ...]:
    return content.editions_of(session, row.key, provider_of(session, row.provider_id).uuid)
