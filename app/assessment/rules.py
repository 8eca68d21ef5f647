"""Which observation counts for which criterion, and why not. Pure: of what is known, in whatever order it came.

An observation counts when its assessor held a place and an appointment covering its standard on the day it was seen,
the learner agreed to just what is kept, and nobody took it back. Nobody's word about their own practice counts until
another manager has countersigned it. What reached us long after its assessor's time was over waits for a manager too.
Source: Care Certificate guidance, "assessed by a competent person the employer has named".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from app.assessment.saw import digests_of
from app.assessment.types import (
    AppointmentView,
    Confirmation,
    Countersigned,
    Criterion,
    Decision,
    Doubt,
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
from app.kernel import day_of

# A phone may stand in a zone that is a day ahead of UTC.
A_DAY = timedelta(days=1)
# How long after an assessor's time is over a phone without signal may still bring what they saw.
LONGEST_WAY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was said and decided about some learners at one provider.

    `criteria`: framework → code → criterion. `stays`: assessor → their places. `learners`: uuid → (person id, name).
    `rivals`: statements not asked for that share a learner and a short code with one that is.
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
    rivals: Sequence[Statement] = ()


def settle(facts: Facts) -> tuple[ObservationView, ...]:
    """Return each observation with where it stands, the latest seen first."""
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
    scopes = {made.record: _scope(made, facts, appointments) for made in (*facts.statements, *facts.rivals)}
    inside = [made for made in (*facts.statements, *facts.rivals) if scopes[made.record][0] in (None, Why.LATE)]
    confirmed = confirmations_by_observation(facts.statements, facts.confirmations, in_scope=inside)
    views = []
    for made in facts.statements:
        if made.learner not in facts.learners:
            continue
        confirmation = confirmed.get(made.record)
        own = made.assessor == made.learner
        let_in = countersigned.get((made.record, None))
        settled = countersigned.get((made.record, confirmation.record)) if confirmation and not own else None
        signed = settled or let_in
        own_words = withdrawals.get((made.record, made.assessor)) if made.assessor else None
        by_manager = taken.get(made.record)
        why, whys = scopes[made.record]
        if why is Why.LATE and let_in is not None:
            why = None
        other = confirmation is not None and not _fits(made, confirmation)
        state = _state(
            own=own,
            withdrawn=own_words is not None or by_manager is not None,
            why=why,
            agrees=None if confirmation is None else confirmation.agrees and not other,
            signed=(let_in if own else settled) is not None,
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
                received_at=made.received_at,
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
                taken_back_by=by_manager.by_person if by_manager else None,
                other=other,
            )
        )
    return tuple(sorted(views, key=_latest, reverse=True))


def confirmations_by_observation(
    statements: Iterable[Statement], confirmations: Iterable[Confirmation], *, in_scope: Iterable[Statement]
) -> dict[UUID, Confirmation]:
    """Return each observation's latest word of its own learner; nobody else's counts.

    One that names its observation by uuid is that one's. A short code is of the one observation of that learner, in its
    assessor's scope, which had it when they spoke: what is noted later takes no agreement away. Where two had it, it
    says nothing about either: an agreement nobody can place is none.
    """
    by_uuid = {made.record: made for made in statements}
    by_short: dict[tuple[UUID, str], list[Statement]] = defaultdict(list)
    for made in in_scope:
        by_short[made.learner, made.short].append(made)
    found: dict[UUID, Confirmation] = {}
    for said in sorted(confirmations, key=lambda c: (c.at, c.record)):
        if said.observation is not None:
            named = by_uuid.get(said.observation)
        else:
            named = _named_by_code(by_short.get((said.learner, said.short or ""), ()), said)
        if named is not None and named.learner == said.learner:
            found[named.record] = said
    return found


def _named_by_code(same: Sequence[Statement], said: Confirmation) -> Statement | None:
    before = [made for made in same if made.at <= said.at]
    if before:
        return before[0] if len(before) == 1 else None
    # Two clocks may differ by a little: the first that was noted is the one they had before them.
    first = sorted(same, key=lambda made: (made.at, made.record))[:2]
    return first[0] if first and (len(first) == 1 or first[0].at < first[1].at) else None


def shown_and_not_yet(
    views: Iterable[ObservationView],
) -> tuple[dict[int, dict[str, Shown]], dict[int, dict[str, NotYet]]]:
    """Return, by person, which criteria were shown, and which the latest counting decision says are not there yet.

    The latest is by the day it was seen, then by when it was noted. "Not seen" says nothing either way. What was shown
    and is in doubt is in neither.
    """
    shown, not_yet, _ = _by_criterion(views)
    return shown, not_yet


def in_doubt(views: Iterable[ObservationView]) -> dict[int, dict[str, Doubt]]:
    """Return, by person, which criteria were shown and have a later "not yet" that waits for somebody's word.

    It waits for the learner, who has not answered or has changed their mind, or for a manager. Nobody lets their own
    "not yet" stand aside by saying nothing: until it is settled or taken back, the criterion is not shown.
    """
    return {person_id: found for person_id, found in _by_criterion(views)[2].items() if found}


def _by_criterion(
    views: Iterable[ObservationView],
) -> tuple[dict[int, dict[str, Shown]], dict[int, dict[str, NotYet]], dict[int, dict[str, Doubt]]]:
    shown: dict[int, dict[str, Shown]] = defaultdict(dict)
    not_yet: dict[int, dict[str, NotYet]] = defaultdict(dict)
    doubts: dict[int, dict[str, Doubt]] = defaultdict(dict)
    for view in sorted(views, key=_latest):
        for each in view.decided:
            if view.waits and each.decision is Decision.NOT_YET and each.code not in view.whys:
                doubts[view.person_id][each.code] = Doubt(
                    code=each.code, on=view.seen_on, state=view.state, observation=view.record
                )
            if each.code not in view.counting or each.decision is Decision.NOT_SEEN:
                continue
            shown[view.person_id].pop(each.code, None)
            not_yet[view.person_id].pop(each.code, None)
            doubts[view.person_id].pop(each.code, None)
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
    for person_id, found_doubts in doubts.items():
        doubts[person_id] = {code: doubt for code, doubt in found_doubts.items() if code in shown[person_id]}
        for code in doubts[person_id]:
            del shown[person_id][code]
    return dict(shown), dict(not_yet), dict(doubts)


def _latest(view: ObservationView) -> tuple[object, ...]:
    return view.seen_on, view.at, view.record


def _fits(made: Statement, said: Confirmation) -> bool:
    """Say whether a learner spoke of what is kept here, as far as their phone tells."""
    if said.saw is None:
        return True
    digests = made.digests or digests_of(
        standard=made.standard,
        seen_on=made.seen_on,
        lines=[(each.code, each.decision.value, each.saw) for each in made.decided],
        next_step=made.next_step,
        next_on=made.next_on,
    )
    return said.saw in digests.split()


def _state(*, own: bool, withdrawn: bool, why: Why | None, agrees: bool | None, signed: bool) -> State:
    """`agrees`: the learner said yes to just this; None: they have not spoken."""
    if withdrawn:
        return State.WITHDRAWN
    if own and not signed:
        return State.OWN_PRACTICE
    if why is not None:
        return State.OUT_OF_SCOPE
    if own:
        return State.COUNTS
    if agrees is None:
        return State.WAITING
    return State.COUNTS if agrees or signed else State.DISAGREED


def _scope(
    made: Statement, facts: Facts, appointments: Mapping[UUID, Sequence[AppointmentView]]
) -> tuple[Why | None, dict[str, Why]]:
    whys = _whys(made, facts.criteria.get(made.framework, {}))
    return _why(made, appointments, facts.stays, whys), whys


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
    if made.seen_on > day_of(made.at) + A_DAY:
        return Why.FUTURE
    if made.assessor is None:
        if not made.in_scope:
            return Why.NOT_APPOINTED
    else:
        here = stays.get(made.assessor, ())
        if not any(s.started <= made.seen_on and (s.ended is None or made.seen_on <= s.ended) for s in here):
            return Why.NO_PLACE
        covering = [each for each in appointments.get(made.assessor, ()) if each.covers(made.standard, made.seen_on)]
        if not covering:
            return Why.NOT_APPOINTED
    left = {each.code for each in made.decided} - whys.keys()
    if not left:
        return next(iter(sorted(whys.values())))
    if made.assessor is not None and all(
        each.ends is not None and day_of(made.received_at) > each.ends + LONGEST_WAY for each in covering
    ):
        return Why.LATE
    return None
