"""Presenters: the words and flags of the practice pages. Templates only place them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app import assessment
from app.assessment import (
    AppointmentView,
    Criterion,
    Doubt,
    NotYet,
    ObservationView,
    PracticeStandard,
    Shown,
    SignOffView,
    StandardStanding,
    State,
)
from app.compliance import DECISIONS, METHODS
from app.compliance.cell_words import from_elsewhere
from app.web import words
from app.web.manager.practice.words import scope_of, standards_of, state_of, why_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """One observation. `lines`: code, what was decided, what was seen, and why that does not count."""

    record: UUID
    person: UUID
    name: str
    assessor: str
    standard: int
    when: str
    received: str
    how: str
    state: tuple[str, str, str]
    lines: tuple[tuple[str, str, str, str], ...]
    next: str
    note: str
    comment: str
    withdrawn: str
    countersigned: str
    can_take_back: bool
    can_bring_back: bool
    waits_for: str

    @classmethod
    def of(cls, view: ObservationView, *, me: UUID, alone: bool = False) -> SeenRow:
        """Make the row of one observation, as `me` may decide about it; `alone`: nobody else manages here."""
        said = view.confirmation
        return cls(
            record=view.record,
            person=view.learner,
            name=view.learner_name,
            assessor=view.assessor_name,
            standard=view.standard,
            when=words.day(view.seen_on),
            received=words.on(view.received_at),
            how=METHODS[view.method],
            state=state_of(view),
            lines=tuple(
                (
                    each.code,
                    DECISIONS[each.decision],
                    each.saw,
                    "Does not count" if view.state is State.COUNTS and each.code not in view.counting else "",
                )
                for each in view.decided
            ),
            next=_next(view.next_step, view.next_on),
            note=why_of(view),
            comment=_comment(view) if said else "",
            withdrawn=_withdrawn(view) if view.state is State.WITHDRAWN else "",
            countersigned=_countersigned(view),
            can_take_back=view.state is not State.WITHDRAWN and (alone or me != view.learner),
            can_bring_back=view.taken_back
            and (alone or me != view.learner)
            and (me != view.assessor or view.taken_back_by == view.assessor),
            waits_for=(
                "" if not view.waits_for_manager else "another" if me in (view.assessor, view.learner) else "you"
            ),
        )


def _next(step: str | None, on: date | None) -> str:
    return " ".join([*([step.rstrip(".") + "."] if step else []), *([f"By {words.day(on)}."] if on else [])])


def _comment(view: ObservationView) -> str:
    said = view.confirmation
    if said is None:
        return ""
    what = "agreed" if said.agrees else "did not agree"
    told = f"{view.learner_name} {what} on {words.on(said.at)}." + (f' "{said.comment}"' if said.comment else "")
    if view.other:
        told += " What their phone showed then is not what is written here. Ask both of them what was meant."
    return told


def _withdrawn(view: ObservationView) -> str:
    by = f" by {view.withdrawn_by}" if view.withdrawn_by else ""
    if view.taken_back and view.taken_back_by == view.learner:
        by += " (by the person themselves)"
    return f"Taken back{by}: {view.withdrawn_reason}"


def _countersigned(view: ObservationView) -> str:
    signed = view.countersigned
    if signed is None:
        return ""
    return f"Decided by {signed.by or 'somebody who was erased'} on {words.on(signed.at)}: {signed.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion to be seen at work. `detail` says when and by whom.

    `state` is "shown", "doubt", "not-yet" or "open".
    """

    code: str
    text: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardRow:
    """One standard of a learner. `signed`: who signed and when; `note`: what changed since; `missing`: its wants."""

    number: int
    title: str
    know: str
    know_whole: bool
    shown: str
    shown_whole: bool
    criteria: tuple[CriterionRow, ...]
    seen: tuple[SeenRow, ...]
    signed: str
    note: str
    missing: str
    elsewhere: str
    can_sign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerPage:
    """A learner's practice by standard, and their certificate."""

    uuid: UUID
    name: str
    own: bool
    standards: tuple[StandardRow, ...]
    others: tuple[SeenRow, ...]
    signed: int
    of: int
    certificate: str
    certificate_note: str
    certificate_why_not: str
    history: tuple[str, ...]

    @classmethod
    def of_learner(
        cls,
        *,
        person: UUID,
        name: str,
        me: UUID,
        standings: Sequence[StandardStanding],
        framework: Sequence[PracticeStandard],
        views: Sequence[ObservationView],
        shown: Mapping[str, Shown],
        not_yet: Mapping[str, NotYet],
        sign_offs: Sequence[SignOffView],
        registered: tuple[UUID, str] | None,
        alone: bool = False,
    ) -> LearnerPage:
        """Make the page. `registered`: who is the registered manager, if anybody was named.

        `alone`: nobody but `me` manages here.
        """
        own = person == me
        criteria = {standard.number: standard.criteria for standard in framework}
        doubts = {code: each for found in assessment.in_doubt(views).values() for code, each in found.items()}
        seen: dict[int, list[SeenRow]] = defaultdict(list)
        for view in views:
            seen[view.standard].append(SeenRow.of(view, me=me, alone=alone))
        rows = tuple(
            _standard(each, criteria.get(each.number, ()), seen.pop(each.number, []), shown, not_yet, doubts, own=own)
            for each in standings
        )
        gone = [each.number for each in standings if not each.whole]
        whole = next((s for s in sign_offs if s.standard is None and s.withdrawn_at is None), None)
        signed = sum(bool(row.signed) for row in rows)
        return cls(
            uuid=person,
            name=name,
            own=own,
            standards=rows,
            others=tuple(row for found in seen.values() for row in found),
            signed=signed,
            of=len(rows),
            certificate=_signed_words(whole),
            certificate_note=_since(rows) if whole else "",
            certificate_why_not=_why_not(own, registered, me, rows, signed, gone),
            history=tuple(_history(each) for each in sign_offs if each.withdrawn_at),
        )


def _standard(
    standing: StandardStanding,
    criteria: Iterable[Criterion],
    seen: Sequence[SeenRow],
    shown: Mapping[str, Shown],
    not_yet: Mapping[str, NotYet],
    doubts: Mapping[str, Doubt],
    *,
    own: bool,
) -> StandardRow:
    missing = assessment.missing_words(standing.not_known, standing.not_shown)
    signed = standing.sign_off is not None
    return StandardRow(
        number=standing.number,
        title=standing.title,
        know=f"{standing.know.done} of {standing.know.of}",
        know_whole=not standing.not_known,
        shown=f"{standing.shown.done} of {standing.shown.of}",
        shown_whole=not standing.not_shown,
        criteria=tuple(
            _criterion(each, shown.get(each.code), not_yet.get(each.code), doubts.get(each.code)) for each in criteria
        ),
        seen=tuple(seen),
        signed=_signed_words(standing.sign_off),
        note=f"It stays as it was decided. Today this is not there any more. {missing}" if signed and missing else "",
        missing="" if signed else missing,
        elsewhere=_elsewhere(standing),
        can_sign=not signed and standing.whole and not own,
    )


def _elsewhere(standing: StandardStanding) -> str:
    halves = (("Known", standing.knowledge_elsewhere), ("Shown", standing.practice_elsewhere))
    return " ".join(f"{half} elsewhere: {from_elsewhere(there)}." for half, there in halves if there)


def _criterion(criterion: Criterion, shown: Shown | None, not_yet: NotYet | None, doubt: Doubt | None) -> CriterionRow:
    if doubt:
        detail = f"Seen on {words.day(doubt.on)}. Until that is settled or taken back, it does not stand as shown."
        return CriterionRow(code=criterion.code, text=criterion.text, state="doubt", detail=detail)
    if shown:
        detail = f"{words.day(shown.on)}, {METHODS[shown.method]}, seen by {shown.assessor}"
        return CriterionRow(code=criterion.code, text=criterion.text, state="shown", detail=detail)
    if not_yet:
        detail = _next(not_yet.next_step, not_yet.next_on)
        return CriterionRow(code=criterion.code, text=criterion.text, state="not-yet", detail=detail)
    return CriterionRow(code=criterion.code, text=criterion.text, state="open", detail="")


def _signed_words(sign_off: SignOffView | None) -> str:
    if sign_off is None:
        return ""
    return f"Signed off by {sign_off.by or 'somebody who was erased'} on {words.on(sign_off.at)}"


def _since(rows: Sequence[StandardRow]) -> str:
    changed = [str(row.number) for row in rows if row.note or not row.signed]
    return f"It stays as it was decided. Look at standard {words.listed(changed)}." if changed else ""


def _why_not(
    own: bool,
    registered: tuple[UUID, str] | None,
    me: UUID,
    rows: Sequence[StandardRow],
    signed: int,
    gone: Sequence[int],
) -> str:
    if registered is None:
        return "Nobody is named as the registered manager yet. Only they sign the certificate."
    if own:
        return "Your own certificate is for somebody else to sign."
    if registered[0] != me:
        return f"Only the registered manager, {registered[1]}, signs the certificate."
    if signed < len(rows) or not rows:
        return "Sign every standard off first."
    if gone:
        return f"Not all of it is there any more. Look at {standards_of(gone).lower()}."
    return ""


def _history(sign_off: SignOffView) -> str:
    what = "The certificate" if sign_off.standard is None else f"Standard {sign_off.standard}"
    by = sign_off.withdrawn_by or "somebody who was erased"
    when = words.on(sign_off.withdrawn_at) if sign_off.withdrawn_at else ""
    return f"{what}: {_signed_words(sign_off).lower()}. {by} took that back on {when}: {sign_off.withdrawn_reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessorRow:
    """One appointment: who, for what, why, from when to when."""

    uuid: UUID
    name: str
    scope: str
    basis: str
    days: str
    named: str
    ended: str
    trouble: str

    @classmethod
    def of(cls, view: AppointmentView, *, today: date, assessors: Iterable[UUID]) -> AssessorRow:
        """Make the row. `assessors`: who has the role now."""
        over = view.ended_at is not None or (view.until is not None and view.until < today)
        trouble = ""
        if not over and view.assessor not in set(assessors):
            trouble = "They are not an assessor here any more. End this, or give them the role again."
        elif not over and view.since > today:
            trouble = "It has not begun yet."
        ended = ""
        if view.ended_at:
            ended = f"Ended on {words.on(view.ended_at)}" + (f" by {view.ended_by}" if view.ended_by else "")
        elif over and view.until:
            ended = f"Ran out on {words.day(view.until)}"
        return cls(
            uuid=view.uuid,
            name=view.name,
            scope=scope_of(view),
            basis=view.basis,
            days=f"From {words.day(view.since)}" + (f" until {words.day(view.until)}" if view.until else ""),
            named=f"Named on {words.on(view.at)}" + (f" by {view.by}" if view.by else ""),
            ended=ended,
            trouble=trouble,
        )
