"""What waits for a manager, of all pages in one place: each page shows its own, this names them with the way there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app import authoring, compliance, learning, providers, recognised, requirements, supervision
from app.compliance import Need, PersonSummary
from app.extensions import db
from app.interop import suggesting, telling
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.recognised import Decision
from app.requirements import OutsideState, OutsideView
from app.supervision import Standing
from app.sync import trail
from app.web import words
from app.web.access import allows, current_membership
from app.web.manager.blueprint import bp
from app.web.manager.news import news
from app.web.manager.practice.delegated_pages import waiting_words
from app.web.manager.practice.overview import FOR_A_MANAGER

NAMED = 5
Members = Mapping[int, MemberView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person or a module that something waits of. `beside`: what is said after the name, or empty."""

    name: str
    beside: str
    endpoint: str
    at: Mapping[str, Any]

    @property
    def href(self) -> str:
        """Return the way there; made when it is asked for, as most of a thousand names are only counted."""
        return url_for(self.endpoint, **self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """One kind of thing that waits. `href` leads to the page of all, empty where each of `named` has its own way.

    `named`: the first few; `more`: how many there are besides. `key`: where the whole list stands on the page of all.
    """

    key: str
    words: str
    href: str = ""
    named: tuple[Named, ...] = ()
    more: int = 0

    def first(self, few: int) -> Waits:
        """Return it with no more than a few names."""
        return replace(self, named=self.named[:few], more=max(0, len(self.named) - few))


@bp.get("/waiting")
@allows(Role.MANAGER)
def all_waiting() -> ResponseReturnValue:
    """Show all that waits, with everybody's name."""
    provider_id = current_membership().provider.id
    found = _waiting(provider_id, providers.list_members(db.session(), provider_id), utc_now())
    return render_template("manager/all-waiting.html", waiting=found)


def waiting(provider_id: int, people: Iterable[PersonSummary], *, now: datetime) -> tuple[Waits, ...]:
    """Return what waits at a provider, with the first few names of each kind. A fixed number of statements.

    `people` are all of them, as the page asked for them anyway; of those who left nothing waits.
    """
    here = [person.member for person in people if person.need is not Need.LEFT]
    return tuple(each.first(NAMED) for each in _waiting(provider_id, here, now))


def _waiting(provider_id: int, here: Iterable[MemberView], now: datetime) -> tuple[Waits, ...]:
    members = {member.person_id: member for member in here}
    kinds: Iterable[Callable[[int, Members, datetime], Iterable[Waits]]] = (
        _passes,
        _records,
        _certificates,
        _recognised,
        _practice,
        _delegated,
        _meetings,
        _agreed,
        _facts,
        _suggestions,
        _systems,
    )
    return tuple(found for kind in kinds for found in kind(provider_id, members, now))


def _passes(provider_id: int, _members: Members, _now: datetime) -> Iterable[Waits]:
    count = len(learning.passes_to_decide(db.session(), provider_id))
    if count:
        said = words.count(count, "pass waits", "passes wait")
        said += " for you to decide, as an answer was put right"
        yield Waits(key="passes", words=said, href=url_for("manager.corrections"))


def _records(provider_id: int, members: Members, _now: datetime) -> Iterable[Waits]:
    held = trail.waiting_in(db.session(), provider_id)
    theirs = Counter({person: count for person, count in held.items() if person in members})
    if theirs:
        said = words.count(theirs.total(), "record waits", "records wait")
        yield _of_people("records", f"{said} for someone to look", members, theirs, "waiting")


def _certificates(provider_id: int, members: Members, now: datetime) -> Iterable[Waits]:
    today = day_of(now)

    def those(which: Callable[[OutsideView], bool]) -> Counter[int]:
        return Counter(each.person_id for each in known if which(each) and each.person_id in members)

    known = requirements.outside(db.session(), provider_id, undecided=True)
    offered = those(lambda each: each.state is OutsideState.OFFERED)
    if offered:
        said = words.count(offered.total(), "certificate waits", "certificates wait")
        yield _of_people("certificates", f"{said} for you to accept or refuse", members, offered, "outside")
    over = those(
        lambda each: each.state is OutsideState.BOOKED and each.booked_for is not None and each.booked_for < today
    )
    if over:
        said = words.count(over.total(), "booked day has", "booked days have")
        said += " passed: note the certificate, or call it off"
        yield _of_people("booked", said, members, over, "outside")


def _recognised(provider_id: int, members: Members, _now: datetime) -> Iterable[Waits]:
    known = recognised.recognitions(db.session(), provider_id)
    gone = Counter(
        each.person_id
        for each in known
        if each.state in (Decision.WITHDRAWN, Decision.UNTRUSTED) and each.person_id in members
    )
    if gone:
        said = words.count(gone.total(), "statement from elsewhere counts", "statements from elsewhere count")
        said += " no more: look at what is missing now"
        yield _of_people("recognised", said, members, gone, "statements", endpoint="manager.recognised_page")


def _practice(provider_id: int, members: Members, now: datetime) -> Iterable[Waits]:
    known = compliance.practice_seen(db.session(), provider_id, now=now, news=news())
    seen = [theirs for person, theirs in known.items() if person in members]
    href = url_for("practice.page")
    here = sum(view.state in FOR_A_MANAGER for theirs in seen for view in theirs.views)
    if here:
        said = f"{words.count(here, 'observation waits', 'observations wait')} for you"
        yield Waits(key="observations", words=said, href=href)
    doubted = sum(len(theirs.doubts) for theirs in seen)
    if doubted:
        said = words.count(doubted, "criterion that was shown is", "criteria that were shown are")
        yield Waits(key="doubts", words=f'{said} in doubt, as a later "not yet" waits for a word', href=href)
    ready = sum(
        bool(theirs.ready) and Role.LEARNER in members[person].roles
        for person, theirs in known.items()
        if person in members
    )
    if ready:
        said = words.count(ready, "person has", "people have")
        yield Waits(key="ready", words=f"{said} standards ready to sign off", href=href)


def _delegated(provider_id: int, _members: Members, _now: datetime) -> Iterable[Waits]:
    said = waiting_words(provider_id)
    if said:
        yield Waits(key="delegated", words=said, href=url_for("practice.delegated"))


def _meetings(provider_id: int, members: Members, now: datetime) -> Iterable[Waits]:
    starts = {person: day_of(member.started) for person, member in members.items()}
    due = supervision.due_of(db.session(), provider_id, starts, today=day_of(now))
    standings = [{each.standing for each in theirs.values()} for theirs in due.values()]
    late = sum(Standing.OVERDUE in each for each in standings)
    soon = sum(Standing.SOON in each and Standing.OVERDUE not in each for each in standings)
    said = [words.count(late, "person is overdue", "people are overdue")] if late else []
    said += [words.count(soon, "person is due soon", "people are due soon")] if soon else []
    if said:
        meetings = f"{words.listed(said)} for supervision or another meeting"
        yield Waits(key="meetings", words=meetings, href=url_for("supervision.overview"))


def _agreed(provider_id: int, members: Members, now: datetime) -> Iterable[Waits]:
    late = supervision.late_actions(db.session(), provider_id, today=day_of(now))
    theirs = Counter({person: count for person, count in late.items() if person in members})
    if theirs:
        said = words.count(theirs.total(), "thing agreed in a meeting is", "things agreed in meetings are")
        yield _of_people("agreed", f"{said} late", members, theirs, "agreed", endpoint="supervision.person")


def _facts(provider_id: int, _members: Members, now: datetime) -> Iterable[Waits]:
    due = authoring.own_to_check(db.session(), provider_id, day_of(now))
    if due:
        said = words.count(len(due), "module of your own is", "modules of your own are")
        yield Waits(
            key="facts",
            words=f"{said} to be checked again",
            named=tuple(
                Named(
                    name=each.title,
                    beside=f"{'since' if each.overdue else 'by'} {words.day(each.day)}",
                    endpoint="trainer.editor" if each.draft else "trainer.module",
                    at={"draft": each.draft} if each.draft else {"key": each.key},
                )
                for each in due
            ),
        )


def _suggestions(_provider_id: int, _members: Members, _now: datetime) -> Iterable[Waits]:
    count = suggesting.waiting(db.session())
    # Where several share a server, whoever runs it looks after what is everybody's.
    if count and len(providers.list_providers(db.session())) == 1:
        said = f"{words.count(count, 'suggestion waits', 'suggestions wait')} for somebody to read it"
        yield Waits(key="suggestions", words=said, href=url_for("trainer.suggestions"))


def _systems(provider_id: int, _members: Members, _now: datetime) -> Iterable[Waits]:
    stopped = telling.stopped(db.session(), provider_id)
    if stopped:
        said = words.count(len(stopped), "other system does", "other systems do")
        said += f" not take what we tell: {words.listed(stopped)}"
        yield Waits(key="systems", words=said, href=url_for("connections.page"))


def _of_people(
    key: str, said: str, members: Members, theirs: Counter[int], part: str, *, endpoint: str = "manager.person"
) -> Waits:
    found = sorted((members[person] for person in theirs), key=lambda member: member.name.casefold())
    return Waits(
        key=key,
        words=said,
        named=tuple(
            Named(
                name=member.name,
                beside=str(theirs[member.person_id]) if theirs[member.person_id] > 1 else "",
                endpoint=endpoint,
                at={"person": member.person_uuid, "_anchor": part},
            )
            for member in found
        ),
    )
