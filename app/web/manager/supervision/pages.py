"""Presenters: what the supervision pages are given, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.providers import MemberView
from app.supervision import (
    ActionView,
    Due,
    GoalView,
    InductionLine,
    MeetingKind,
    MeetingView,
    Origin,
    Period,
    Standing,
    Unit,
)
from app.web import words

KINDS: Mapping[MeetingKind, str] = {
    MeetingKind.SUPERVISION: "Supervision",
    MeetingKind.APPRAISAL: "Appraisal",
    MeetingKind.SPOT_CHECK: "Spot check",
    MeetingKind.TEAM: "Team meeting",
}
# Standing → the key of its sign, see components/status.html.
SIGNS: Mapping[Standing, str] = {
    Standing.OVERDUE: "overdue",
    Standing.SOON: "due-soon",
    Standing.LATER: "to-come",
    Standing.NOT_ASKED: "no-schedule",
}
URGENT = (Standing.OVERDUE, Standing.SOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One kind of meeting of one person: its name, the key of its sign, the next day and the last in words."""

    kind: str
    name: str
    sign: str
    next: str
    last: str
    agreed: bool

    @classmethod
    def of(cls, due: Due) -> DueRow:
        """Put it in words. `next` is empty where nothing is asked for."""
        return cls(
            kind=due.kind.value,
            name=KINDS[due.kind],
            sign=SIGNS[due.standing],
            next=words.day(due.next) if due.next else "",
            last=words.day(due.last) if due.last else "",
            agreed=due.agreed,
        )


def due_rows(due: Mapping[MeetingKind, Due]) -> tuple[DueRow, ...]:
    """Return the kinds that are asked for or were ever held, in their order."""
    return tuple(DueRow.of(each) for each in due.values() if each.next or each.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person of the overview."""

    uuid: UUID
    name: str
    due: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """Everybody, by what is due first. `overdue` and `soon` count people; `hidden` are those not shown."""

    rows: tuple[PersonRow, ...]
    overdue: int
    soon: int
    hidden: int
    next: str

    @classmethod
    def of(
        cls, members: Iterable[MemberView], due: Mapping[int, Mapping[MeetingKind, Due]], *, everyone: bool
    ) -> OverviewPage:
        """Make the page. Whoever is due first comes first; without `everyone` only those of the next four weeks."""
        nearest = {
            member.person_id: min((each.next for each in due[member.person_id].values() if each.next), default=None)
            for member in members
        }
        by_day = sorted(members, key=lambda m: (nearest[m.person_id] or date.max, m.name.casefold()))
        urgent = [m for m in by_day if any(each.standing in URGENT for each in due[m.person_id].values())]
        late = [m for m in urgent if any(e.standing is Standing.OVERDUE for e in due[m.person_id].values())]
        shown = by_day if everyone else urgent
        coming = min((day for day in nearest.values() if day), default=None)
        return cls(
            rows=tuple(PersonRow(uuid=m.person_uuid, name=m.name, due=due_rows(due[m.person_id])) for m in shown),
            overdue=len(late),
            soon=len(urgent) - len(late),
            hidden=len(by_day) - len(shown),
            next=words.day(coming) if coming else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """Something agreed, in words. `late`: its day has passed and it is open."""

    uuid: UUID
    text: str
    due: str
    done: str
    late: bool

    @classmethod
    def of(cls, action: ActionView, today: date) -> ActionRow:
        """Put it in words."""
        return cls(
            uuid=action.uuid,
            text=action.text,
            due=words.day(action.due) if action.due else "",
            done=words.day(action.done_on) if action.done_on else "",
            late=action.done_on is None and action.due is not None and action.due < today,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A meeting, in words. Notes are lists of paragraphs."""

    uuid: UUID
    title: str
    led_by: str
    shared: tuple[str, ...]
    private: tuple[str, ...]
    next: str
    written: str
    taken_out: str
    actions: tuple[ActionRow, ...]

    @classmethod
    def of(cls, meeting: MeetingView, today: date) -> MeetingRow:
        """Put it in words."""
        return cls(
            uuid=meeting.uuid,
            title=f"{KINDS[meeting.kind]}, {words.day(meeting.held_on)}",
            led_by=meeting.led_by or "somebody who was erased",
            shared=paragraphs(meeting.shared),
            private=paragraphs(meeting.private),
            next=words.day(meeting.next_on) if meeting.next_on else "",
            written=words.exact(meeting.written_at),
            taken_out=meeting.taken_out or "",
            actions=tuple(ActionRow.of(each, today) for each in meeting.actions),
        )


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the lines of a text that are not empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRow:
    """A comment on a goal."""

    uuid: UUID
    text: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """A goal, in words. `managers`: a manager put it there, and can take it off."""

    uuid: UUID
    text: str
    by: str
    done: bool
    managers: bool
    comments: tuple[CommentRow, ...]

    @classmethod
    def of(cls, goal: GoalView) -> GoalRow:
        """Put it in words."""
        return cls(
            uuid=goal.goal,
            text=goal.text,
            by=words.day(goal.wanted_by) if goal.wanted_by else "",
            done=goal.done,
            managers=goal.origin is Origin.MANAGER,
            comments=tuple(
                CommentRow(
                    uuid=each.uuid,
                    text=each.text,
                    said=f"{each.by or 'Somebody who was erased'}, {words.on(each.at)}",
                )
                for each in goal.comments
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line of the induction, in words. `done` is empty while it is open."""

    uuid: UUID
    title: str
    done: str
    fixed: bool
    on_list: bool

    @classmethod
    def of(cls, line: InductionLine) -> LineRow:
        """Put it in words."""
        with_whom = f", with {line.with_whom}" if line.with_whom else ""
        return cls(
            uuid=line.item.uuid,
            title=line.item.title,
            done=f"{words.day(line.on)}{with_whom}" if line.on else "",
            fixed=line.item.fixed,
            on_list=line.on_list,
        )


def how_far(lines: Sequence[InductionLine]) -> tuple[int, int]:
    """Return how many lines of the list are done, of how many."""
    on_list = [line for line in lines if line.on_list]
    return sum(line.on is not None for line in on_list), len(on_list)


def period_words(period: Period) -> str:
    """Return "every 12 weeks", "every month", or that none is set."""
    if period.every is None:
        return "not on a schedule"
    one = "week" if period.unit is Unit.WEEKS else "month"
    return f"every {one}" if period.every == 1 else f"every {period.every} {period.unit.value}"
