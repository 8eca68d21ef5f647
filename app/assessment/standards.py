"""Both halves of each standard: what somebody knows, by modules, and what they have shown at work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app import catalogue, learning, providers, recognised
from app.assessment.facts import after
from app.assessment.queries import shown_of, sign_offs_of
from app.assessment.types import FRAMEWORK, Shown, SignOffView, StandardStanding
from app.catalogue import Step
from app.content import queries as content
from app.content.types import EditionInfo
from app.kernel import day_of
from app.learning import Half, Standing
from app.recognised import Recognised, RecognitionView


def standards_of(
    session: Session,
    provider_id: int,
    people: Collection[int],
    *,
    now: datetime,
    as_at: date | None = None,
    shown: Mapping[int, Mapping[str, Shown]] | None = None,
) -> Mapping[int, tuple[StandardStanding, ...]]:
    """Return where each of these people stands with each standard, in order. A fixed number of statements.

    With `as_at`, what was known, shown and signed at its end, by the editions of that day. `shown`: what
    `shown_of` gave, when the caller has it already. What is recognised counts in both halves, and is told apart.
    """
    if shown is None:
        shown = shown_of(session, provider_id, people, as_at=as_at)
    elsewhere = recognised_by(session, provider_id, people, as_at=as_at)
    known = known_of(session, provider_id, people, now=now, as_at=as_at, elsewhere=elsewhere)
    day = as_at or day_of(now)
    known_there = recognised.codes_of(elsewhere, day, practice=False)
    shown_there = recognised.codes_of(elsewhere, day, practice=True)
    signed = {
        person_id: {view.standard: view for view in views if view.withdrawn_at is None and view.framework == FRAMEWORK}
        for person_id, views in sign_offs_of(session, provider_id, people, as_at=as_at).items()
    }
    standards = catalogue.standards(session)
    nobody: Mapping[int | None, SignOffView] = {}
    return {
        person_id: tuple(
            _standing(
                standard,
                known.get(person_id, frozenset()),
                shown.get(person_id, {}),
                signed.get(person_id, nobody).get(standard.number),
                known_there.get(person_id, {}),
                shown_there.get(person_id, {}),
            )
            for standard in standards
        )
        for person_id in people
    }


def recognised_by(
    session: Session, provider_id: int, people: Collection[int], *, as_at: date | None = None
) -> tuple[RecognitionView, ...]:
    """Return what was recognised of these people, now or as it was at the end of a day. One statement."""
    until = after(as_at)
    moment = None if until is None else until - timedelta(microseconds=1)
    return recognised.recognitions(session, provider_id, people, moment=moment)


def known_of(
    session: Session,
    provider_id: int,
    people: Collection[int],
    *,
    now: datetime,
    as_at: date | None = None,
    elsewhere: tuple[RecognitionView, ...] | None = None,
) -> Mapping[int, frozenset[str]]:
    """Return which criteria these people know: those a module names that counts that day, learned here or elsewhere.

    `elsewhere`: what `recognised_by` gave, when the caller has it already.
    """
    until = after(as_at)
    standings: dict[int, dict[str, Standing]] = defaultdict(dict)
    if until is None:
        listing = catalogue.listing(session, provider_id)
        criteria = {offer.edition.key: offer.edition.criteria for offer in listing.offers}
        found = learning.standings_of(session, provider_id, people, chains=listing.chains(), now=now)
        for (person_id, module), standing in found.items():
            standings[person_id][module] = standing
    else:
        published = _published(session, provider_id, until)
        criteria = {key: editions[-1].criteria for key, editions in published.items()}
        moment = until - timedelta(microseconds=1)
        done = learning.completions_of(session, provider_id, people, until=moment)
        if elsewhere is None:
            elsewhere = recognised_by(session, provider_id, people, as_at=as_at)
        there = recognised.modules_of(elsewhere)
        for person_id, module in done.keys() | there.keys():
            if module in published:
                standings[person_id][module] = learning.standing(
                    now=moment,
                    assignment=None,
                    completions=done.get((person_id, module), ()),
                    chain=_chain(published[module]),
                    recognised=there.get((person_id, module), ()),
                )
    return {person_id: learning.known(criteria, mine) for person_id, mine in standings.items()}


def _published(session: Session, provider_id: int, until: datetime) -> dict[str, list[EditionInfo]]:
    """Return the editions of each module that was on offer at a moment, oldest first."""
    provider = providers.find_provider(session, provider_id)
    adopted = catalogue.adopted_packs(session, provider_id)
    found: dict[str, list[EditionInfo]] = defaultdict(list)
    for edition in content.all_editions(session, provider.uuid if provider else None):
        withdrawn = edition.withdrawn_at is not None and edition.withdrawn_at < until
        if edition.published_at < until and not withdrawn and edition.pack in adopted:
            found[edition.key].append(edition)
    return {key: sorted(editions, key=lambda each: each.number) for key, editions in found.items()}


def _chain(editions: Collection[EditionInfo]) -> tuple[Step, ...]:
    return tuple(Step(number=e.number, change=e.change, published=day_of(e.published_at)) for e in editions)


def _standing(
    standard: catalogue.StandardView,
    known: frozenset[str],
    shown: Mapping[str, Shown],
    sign_off: SignOffView | None,
    known_there: Mapping[str, Recognised],
    shown_there: Mapping[str, Recognised],
) -> StandardStanding:
    not_known = tuple(code for code in standard.knowledge if code not in known and code not in known_there)
    not_shown = tuple(code for code in standard.practice if code not in shown and code not in shown_there)
    knows = [known_there[code] for code in standard.knowledge if code in known_there]
    shows = [shown_there[code] for code in standard.practice if code in shown_there and code not in shown]
    return StandardStanding(
        number=standard.number,
        title=standard.title,
        know=Half(done=len(standard.knowledge) - len(not_known), of=len(standard.knowledge)),
        shown=Half(done=len(standard.practice) - len(not_shown), of=len(standard.practice)),
        not_known=not_known,
        not_shown=not_shown,
        sign_off=sign_off,
        knowledge_elsewhere=tuple(dict.fromkeys(knows)),
        practice_elsewhere=tuple(dict.fromkeys(shows)),
    )
