"""Presenters: the words and flags of the managers' pages. Templates only place them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.compliance import ModuleDate, ModuleReport, Need, PersonReport, PersonSummary
from app.compliance.cell_words import from_elsewhere
from app.identity import PhoneView
from app.learning import Status
from app.sync.trail import Arrival, Waiting
from app.web import words
from app.web.manager.phones import PhoneRow, phone_rows

GOES_A_DAY = 3
# How many modules a line of the list names before it only counts them.
NAMED = 2

HELD_WORDS = {
    "unknown-kind": "This phone's app is newer than this server. It is kept until the server is brought up to date.",
    "newer-schema": "This phone's app is newer than this server. It is kept until the server is brought up to date.",
    "unknown-edition": "We do not have the lesson it belongs to. It is kept until that lesson is published here.",
    "wrong-data": "Part of it cannot be read. It is kept as it came.",
    "bad-time": "The phone's clock gave a time we cannot read. It is kept as it came.",
    "other-content": "It came twice with different content. Both are kept.",
}
KIND_WORDS = {
    "quiz.answered": "Answers",
    "lesson.read": "A lesson that was read",
    "reflection.saved": "Words written by the carer",
    "look-back.answered": "A quick look back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person in a list. `states`: pairs of a state's key and the modules in it, by title or by number."""

    uuid: UUID
    name: str
    roles: str
    states: tuple[tuple[str, str], ...]
    note: str
    figures: str
    contact: str

    @classmethod
    def of(cls, person: PersonSummary, *, titles: Mapping[str, str], last: datetime | None, now: datetime) -> Line:
        """Make the line of one person. `last`: when their phone last sent something."""
        if last is not None:
            contact = f"Phone last heard {words.moment(last, now)}"
        else:
            contact = "Nothing sent yet" if person.member.has_pin else ""
        return cls(
            uuid=person.member.person_uuid,
            name=person.member.name,
            roles=words.roles(person.member.roles),
            states=tuple(_states(person, titles)),
            note=_note(person),
            figures=f"{person.in_date} of {person.asked} in date" if person.asked else "",
            contact=contact,
        )


def _states(person: PersonSummary, titles: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for key, dates in (
        ("overdue", person.overdue),
        ("due-soon", person.due_soon),
        ("needs-watching", person.needs_watching),
    ):
        if dates:
            yield key, _named(dates, titles)
    if person.need is Need.NOTHING and person.asked and person.asked == person.in_date:
        yield "in-date", ""


def _named(dates: Sequence[ModuleDate], titles: Mapping[str, str]) -> str:
    if len(dates) > NAMED:
        return f"{len(dates)} modules"
    return words.listed([titles.get(each.module, each.module) for each in dates])


def _note(person: PersonSummary) -> str:
    since = f" since {words.day(person.since)}" if person.since else ""
    if person.need is Need.NOT_JOINED:
        return f"Waiting to join{since}"
    if person.need is Need.LEFT:
        return f"Left{since}".replace("since", "on")
    return f"Waiting{since}" if since else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleRow:
    """One module on a person's page. `facts`: pairs of a name and a value, in reading order."""

    key: str
    title: str
    state: str
    detail: str
    facts: tuple[tuple[str, str], ...]
    assigned: bool
    can_reset: bool

    @classmethod
    def of(
        cls,
        report: ModuleReport,
        *,
        titles: Mapping[str, str],
        arrival: Arrival | None,
        phones: Mapping[int, str],
        staff: Mapping[UUID, str],
    ) -> ModuleRow:
        """Make the row of one module."""
        standing = report.standing
        facts = []
        if standing.completed_at:
            facts.append(("Completed", words.on(standing.completed_at)))
        if standing.recognised:
            facts.append(("Shown elsewhere", from_elsewhere([standing.recognised])))
        if standing.valid_until:
            facts.append(("Valid until", words.day(standing.valid_until)))
        if report.last:
            outcome = "passed" if report.last.passed else "not yet"
            facts.append(("Last go", f"{report.last.score} per cent, {outcome}"))
            facts.append(("Edition", str(report.last.edition)))
            facts.append(("Happened", words.exact(report.last.at)))
            facts.append(("Arrived here", words.exact(report.last.received_at)))
            facts.append(("Goes", f"{report.attempts} in all, {report.today} today"))
        elif standing.edition:
            facts.append(("Edition", str(standing.edition)))
        if arrival:
            facts.append(("From", phones.get(arrival.device_id, "A phone we no longer know")))
            if arrival.handed_in_by:
                by = staff.get(arrival.handed_in_by, "a person who was erased")
                facts.append(("Handed in", f"as a file by {by}"))
        return cls(
            key=report.module,
            title=titles.get(report.module, report.module),
            state=standing.status.value,
            detail=_due_words(report),
            facts=tuple(facts),
            assigned=report.assigned,
            can_reset=report.today >= GOES_A_DAY and standing.status is not Status.IN_DATE,
        )


def _due_words(report: ModuleReport) -> str:
    due = report.standing.due
    if report.standing.status in (Status.IN_DATE, Status.NEEDS_WATCHING):
        # The day it runs out stands among the facts; beside "In date" it would read as a demand.
        return ""
    if due is None:
        return "" if report.assigned else "(not asked for)"
    if report.standing.status is Status.OVERDUE:
        return f"since {words.day(due)}"
    return f"by {words.day(due)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One person as their manager sees them."""

    uuid: UUID
    name: str
    roles: str
    started: str
    ended: str
    joined: bool
    contact: str
    phones: tuple[PhoneRow, ...]
    modules: tuple[ModuleRow, ...]
    waiting: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(
        cls,
        report: PersonReport,
        *,
        titles: Mapping[str, str],
        phones: Sequence[PhoneView],
        arrivals: Mapping[UUID, Arrival],
        staff: Mapping[UUID, str],
        waiting: Sequence[Waiting],
        last: datetime | None,
        now: datetime,
    ) -> PersonPage:
        """Make the page of one person. `phones` are theirs at this provider; `last` when one of them last sent.

        `staff` has the names of those who handed records in as files.
        """
        member = report.member
        rows, names = phone_rows(phones, now)
        return cls(
            uuid=member.person_uuid,
            name=member.name,
            roles=words.roles(member.roles),
            started=words.on(member.started),
            ended=words.on(member.ended) if member.ended else "",
            joined=member.has_pin,
            contact=words.moment(last, now) if last else "",
            phones=rows,
            modules=tuple(
                ModuleRow.of(
                    module,
                    titles=titles,
                    arrival=arrivals.get(module.last.record) if module.last else None,
                    phones=names,
                    staff=staff,
                )
                for module in report.modules
            ),
            waiting=tuple(
                (
                    KIND_WORDS.get(each.kind or "", "Something we do not know"),
                    words.exact(each.received_at),
                    HELD_WORDS.get(each.code, "It is kept as it came."),
                )
                for each in waiting
            ),
        )
