"""What waits for a manager, of all pages in one place: each page shows its own, this names them with the way there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app import compliance, learning, providers, requirements, supervision
from app.extensions import db
from app.kernel import day_of
from app.providers import MemberView, Role
from app.requirements import OutsideState, OutsideView
from app.supervision import Standing
from app.sync import trail
from app.web import words
from app.web.manager.news import news
from app.web.manager.practice.delegated_pages import waiting_words
from app.web.manager.practice.overview import FOR_A_MANAGER

NAMED = 5
Members = Mapping[int, MemberView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """One kind of thing that waits. `href` leads to the page of all, empty where each person's own page has it.

    `people`: names with the way to each, the first few; `more`: how many there are besides.
    """

    words: str
    href: str = ""
    people: tuple[tuple[str, str], ...] = ()
    more: int = 0


def waiting(provider_id: int, *, now: datetime) -> tuple[Waits, ...]:
    """Return what waits at a provider. A fixed number of statements."""
    members = {member.person_id: member for member in providers.list_members(db.session(), provider_id)}
    kinds: Iterable[Callable[[int, Members, datetime], Iterable[Waits]]] = (
        _passes,
        _records,
        _certificates,
        _practice,
        _delegated,
        _meetings,
    )
    return tuple(found for kind in kinds for found in kind(provider_id, members, now))


def _passes(provider_id: int, _members: Members, _now: datetime) -> Iterable[Waits]:
    count = len(learning.passes_to_decide(db.session(), provider_id))
    if count:
        said = words.count(count, "pass waits", "passes wait")
        yield Waits(words=f"{said} for you to decide, as an answer was put right", href=url_for("manager.corrections"))


def _records(provider_id: int, members: Members, _now: datetime) -> Iterable[Waits]:
    held = trail.waiting_in(db.session(), provider_id)
    theirs = Counter({person: count for person, count in held.items() if person in members})
    if theirs:
        said = words.count(theirs.total(), "record waits", "records wait")
        yield _of_people(f"{said} for someone to look", members, theirs, "waiting")


def _certificates(provider_id: int, members: Members, now: datetime) -> Iterable[Waits]:
    today = day_of(now)

    def those(which: Callable[[OutsideView], bool]) -> Counter[int]:
        return Counter(each.person_id for each in known if which(each) and each.person_id in members)

    known = requirements.outside(db.session(), provider_id, undecided=True)
    offered = those(lambda each: each.state is OutsideState.OFFERED)
    if offered:
        said = words.count(offered.total(), "certificate waits", "certificates wait")
        yield _of_people(f"{said} for you to accept or refuse", members, offered, "outside")
    over = those(
        lambda each: each.state is OutsideState.BOOKED and each.booked_for is not None and each.booked_for < today
    )
    if over:
        said = words.count(over.total(), "booked day has", "booked days have")
        yield _of_people(f"{said} passed: note the certificate, or call it off", members, over, "outside")


def _practice(provider_id: int, members: Members, now: datetime) -> Iterable[Waits]:
    known = compliance.practice_seen(db.session(), provider_id, now=now, news=news())
    seen = [theirs for person, theirs in known.items() if person in members]
    href = url_for("practice.page")
    here = sum(view.state in FOR_A_MANAGER for theirs in seen for view in theirs.views)
    if here:
        yield Waits(words=f"{words.count(here, 'observation waits', 'observations wait')} for you", href=href)
    doubted = sum(len(theirs.doubts) for theirs in seen)
    if doubted:
        said = words.count(doubted, "criterion that was shown is", "criteria that were shown are")
        yield Waits(words=f'{said} in doubt, as a later "not yet" waits for a word', href=href)
    ready = sum(
        bool(theirs.ready) and Role.LEARNER in members[person].roles
        for person, theirs in known.items()
        if person in members
    )
    if ready:
        said = words.count(ready, "person has", "people have")
        yield Waits(words=f"{said} standards ready to sign off", href=href)


def _delegated(provider_id: int, _members: Members, _now: datetime) -> Iterable[Waits]:
    said = waiting_words(provider_id)
    if said:
        yield Waits(words=said, href=url_for("practice.delegated"))


def _meetings(provider_id: int, members: Members, now: datetime) -> Iterable[Waits]:
    starts = {person: day_of(member.started) for person, member in members.items()}
    due = supervision.due_of(db.session(), provider_id, starts, today=day_of(now))
    standings = [{each.standing for each in theirs.values()} for theirs in due.values()]
    late = sum(Standing.OVERDUE in each for each in standings)
    soon = sum(Standing.SOON in each and Standing.OVERDUE not in each for each in standings)
    said = [words.count(late, "person is overdue", "people are overdue")] if late else []
    said += [words.count(soon, "person is due soon", "people are due soon")] if soon else []
    if said:
        yield Waits(
            words=f"{words.listed(said)} for supervision or another meeting", href=url_for("supervision.overview")
        )


def _of_people(said: str, members: Members, theirs: Collection[int], part: str) -> Waits:
    found = sorted((members[person] for person in theirs), key=lambda member: member.name.casefold())
    return Waits(
        words=said,
        people=tuple(
            (member.name, f"{url_for('manager.person', person=member.person_uuid)}#{part}") for member in found[:NAMED]
        ),
        more=max(0, len(found) - NAMED),
    )
