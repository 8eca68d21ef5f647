"""Which observation counts for which criterion, and why not. Pure: of what is known, in whatever order it came.

An observation counts when its assessor held a place and an appointment covering its standard on the day it was seen,
the learner agreed, and nobody took it back. Nobody's word about their own practice counts until another manager has
countersigned it. Source: Care Certificate guidance, "assessed by a competent person the employer has named".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from app.assessment.types import (
    AppointmentView,
    Confirmation,
    Countersigned,
    Criterion,
    Decision,
    Method,
    NotYet,
    ObservationView,
    Shown,
    State,
    Statement,
    Stay,
    TakenBack,
    Why,
    Withdrawal,
)

# A phone may stand in a zone that is a day ahead of UTC.
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was said and decided about some learners at one provider.

    `criteria`: framework → code → criterion. `stays`: assessor → their places. `learners`: uuid → (person id, name).
    """

    statements: Sequence[Statement]
    learners: Mapping[UUID, tuple[int, str]]
    confirmations: Sequence[Confirmation] = ()
    withdrawals: Sequence[Withdrawal] = ()
    taken_back: Sequence[TakenBack] = ()
    countersigned: Sequence[Countersigned] = ()
    appointments: Sequence[AppointmentView] = ()
    stays: Mapping[UUID, Sequence[Stay]] = field(default_factory=dict)
    criteria: Mapping[str, Mapping[str, Criterion]] = field(default_factory=dict)


def settle(facts: Facts) -> tuple[ObservationView, ...]:
    """Return each observation with where it stands, the latest seen first."""
    confirmed = confirmations_by_observation(facts.statements, facts.confirmations)
    withdrawals = {
        (each.observation, each.assessor): each for each in sorted(facts.withdrawals, key=lambda w: (w.at, w.record))
    }
    taken = {each.observation: each for each in sorted(facts.taken_back, key=lambda t: t.at) if each.undone_at is None}
    countersigned: dict[tuple[UUID, UUID | None], Countersigned] = {}
    for each in sorted(facts.countersigned, key=lambda c: c.at):
        countersigned[each.observation, each.confirmation] = each
    appointments: dict[UUID, list[AppointmentView]] = defaultdict(list)
    for appointment in facts.appointments:
        appointments[appointment.assessor].append(appointment)
    views = []
    for made in facts.statements:
        if made.learner not in facts.learners:
            continue
        confirmation = confirmed.get(made.record)
        own = made.assessor == made.learner
        signed = countersigned.get((made.record, None if own or confirmation is None else confirmation.record))
        own_words = withdrawals.get((made.record, made.assessor)) if made.assessor else None
        by_manager = taken.get(made.record)
        whys = _whys(made, facts.criteria.get(made.framework, {}))
        why = _why(made, appointments, facts.stays, whys)
        state = _state(
            own=own,
            withdrawn=own_words is not None or by_manager is not None,
            why=why,
            confirmation=confirmation,
            signed=signed is not None,
        )
        person_id, name = facts.learners[made.learner]
        counting = {each.code for each in made.decided} - whys.keys() if state is State.COUNTS else ()
        views.append(
            ObservationView(
                record=made.record,
                person_id=person_id,
                learner=made.learner,
                learner_name=name,
                assessor=made.assessor,
                assessor_name=made.assessor_name,
                own=own,
                framework=made.framework,
                standard=made.standard,
                method=made.method,
                seen_on=made.seen_on,
                at=made.at,
                decided=made.decided,
                next_step=made.next_step,
                next_on=made.next_on,
                short=made.short,
                state=state,
                why=why,
                whys=whys,
                counting=frozenset(counting),
                confirmation=confirmation,
                countersigned=signed,
                withdrawn_reason=own_words.reason if own_words else by_manager.reason if by_manager else "",
                withdrawn_by=made.assessor_name if own_words else by_manager.by if by_manager else "",
                taken_back=by_manager is not None,
            )
        )
    return tuple(sorted(views, key=_latest, reverse=True))


def confirmations_by_observation(
    statements: Iterable[Statement], confirmations: Iterable[Confirmation]
) -> dict[UUID, Confirmation]:
    """Return each observation's latest word of its own learner; nobody else's counts.

    One that names its observation by uuid is that one's. A short code is of the one observation of that learner which
    has it; where two have it, it says nothing about either: an agreement nobody can place is none.
    """
    by_uuid: dict[UUID, Statement] = {}
    by_short: dict[tuple[UUID, str], list[Statement]] = defaultdict(list)
    for made in statements:
        by_uuid[made.record] = made
        by_short[made.learner, made.short].append(made)
    found: dict[UUID, Confirmation] = {}
    for said in sorted(confirmations, key=lambda c: (c.at, c.record)):
        if said.observation is not None:
            named = by_uuid.get(said.observation)
        else:
            same = by_short.get((said.learner, said.short or ""), [])
            named = same[0] if len(same) == 1 else None
        if named is not None and named.learner == said.learner:
            found[named.record] = said
    return found


def shown_and_not_yet(
    views: Iterable[ObservationView],
) -> tuple[dict[int, dict[str, Shown]], dict[int, dict[str, NotYet]]]:
    """Return, by person, which criteria were shown, and which the latest counting decision says are not there yet.

    The latest is by the day it was seen, then by when it was noted. "Not seen" says nothing either way.
    """
    shown: dict[int, dict[str, Shown]] = defaultdict(dict)
    not_yet: dict[int, dict[str, NotYet]] = defaultdict(dict)
    for view in sorted(views, key=_latest):
        for each in view.decided:
            if each.code not in view.counting or each.decision is Decision.NOT_SEEN:
                continue
            shown[view.person_id].pop(each.code, None)
            not_yet[view.person_id].pop(each.code, None)
            if each.decision is Decision.YES:
                shown[view.person_id][each.code] = Shown(
                    code=each.code,
                    on=view.seen_on,
                    assessor=view.assessor_name,
                    method=view.method,
                    observation=view.record,
                )
            else:
                not_yet[view.person_id][each.code] = NotYet(
                    code=each.code,
                    standard=view.standard,
                    next_step=view.next_step,
                    next_on=view.next_on,
                    observation=view.record,
                )
    return dict(shown), dict(not_yet)


def _latest(view: ObservationView) -> tuple[object, ...]:
    return view.seen_on, view.at, view.record


def _state(*, own: bool, withdrawn: bool, why: Why | None, confirmation: Confirmation | None, signed: bool) -> State:
    if withdrawn:
        return State.WITHDRAWN
    if own and not signed:
        return State.OWN_PRACTICE
    if why is not None:
        return State.OUT_OF_SCOPE
    if own:
        return State.COUNTS
    if confirmation is None:
        return State.WAITING
    return State.COUNTS if confirmation.agrees or signed else State.DISAGREED


def _whys(made: Statement, criteria: Mapping[str, Criterion]) -> dict[str, Why]:
    """Return the codes an assessor could not decide about this way, whoever they are."""
    whys: dict[str, Why] = {}
    for each in made.decided:
        criterion = criteria.get(each.code)
        if criterion is None or criterion.standard != made.standard:
            whys[each.code] = Why.OTHER_STANDARD
        elif made.method is Method.SIMULATION and not criterion.simulation:
            whys[each.code] = Why.SIMULATION
    return whys


def _why(
    made: Statement,
    appointments: Mapping[UUID, Sequence[AppointmentView]],
    stays: Mapping[UUID, Sequence[Stay]],
    whys: Mapping[str, Why],
) -> Why | None:
    """Return why nothing of an observation may count, or None."""
    if made.seen_on > made.at.date() + A_DAY:
        return Why.FUTURE
    if made.assessor is None:
        if not made.in_scope:
            return Why.NOT_APPOINTED
    else:
        here = stays.get(made.assessor, ())
        if not any(s.started <= made.seen_on and (s.ended is None or made.seen_on <= s.ended) for s in here):
            return Why.NO_PLACE
        if not any(each.covers(made.standard, made.seen_on) for each in appointments.get(made.assessor, ())):
            return Why.NOT_APPOINTED
    left = {each.code for each in made.decided} - whys.keys()
    return None if left else next(iter(sorted(whys.values())))
