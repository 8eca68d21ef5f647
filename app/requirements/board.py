"""People by trainings: where everybody stands with what is needed of them, now or as it was on a past day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import assessment, learning, providers, recognised
from app.kernel import day_of
from app.learning import Asked, Completion, EditionStep
from app.providers import MemberView
from app.recognised import Recognised
from app.requirements import queries, rules
from app.requirements.types import (
    Board,
    Cell,
    CellStatus,
    Dates,
    Elsewhere,
    ExceptionView,
    How,
    Met,
    OutsideState,
    OutsideView,
    TrainingView,
)

# A provider's modules by key: each one's published editions, oldest first.
Chains = Mapping[str, Collection[EditionStep]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a provider's people at a moment, by person id and more; see `gather`."""

    moment: datetime
    trainings: tuple[TrainingView, ...]
    members: tuple[MemberView, ...]
    since: Mapping[tuple[int, UUID], datetime]
    exceptions: Mapping[tuple[int, UUID], Sequence[ExceptionView]]
    outside: Mapping[tuple[int, UUID], Sequence[OutsideView]]
    completions: Mapping[tuple[int, str], Sequence[Completion]]
    acts: Mapping[tuple[int, str], datetime]
    shown: Mapping[int, Mapping[str, date]]
    recognised: Mapping[tuple[int, str], Sequence[Recognised]]
    shown_there: Mapping[int, Mapping[str, Recognised]]
    stopped: Mapping[tuple[int, str], date]
    chains: Mapping[str, tuple[EditionStep, ...]]
    alike: dict[tuple[object, ...], Dates] = field(default_factory=dict)


def board(
    session: Session,
    provider_id: int,
    *,
    now: datetime,
    as_at: date | None = None,
    people: Collection[int] | None = None,
    trainings: Collection[UUID] | None = None,
    chains: Chains,
) -> Board:
    """Return where people stand with what is needed of them; `people` are ids, all who have a place when None.

    `trainings`: only with these, all of the list when None.

    `as_at` gives what was true at the end of that day: places, profiles, the list as it stood then, exceptions,
    certificates as they were decided, and what had been learned. The number of statements depends on nothing.
    """
    moment = rules.moment_of(as_at, now)
    known = gather(session, provider_id, moment=moment, as_at=as_at, people=people, trainings=trainings, chains=chains)
    cells: dict[int, dict[UUID, Cell]] = {}
    for member in known.members:
        needed = {}
        for training in known.trainings:
            cell = cell_of(known, member, training)
            if cell is not None:
                needed[training.uuid] = cell
        if needed:
            cells[member.person_id] = needed
    return Board(trainings=known.trainings, people=known.members, cells=cells)


def gather(
    session: Session,
    provider_id: int,
    *,
    moment: datetime,
    as_at: date | None = None,
    people: Collection[int] | None,
    trainings: Collection[UUID] | None = None,
    chains: Chains,
) -> Evidence:
    """Read all that the rules need, as it was at a moment; `as_at` is its day when that is not now."""
    members = _members(session, provider_id, moment, people)
    ids = [member.person_id for member in members]
    exceptions: dict[tuple[int, UUID], list[ExceptionView]] = defaultdict(list)
    for each in queries.exceptions(session, provider_id, moment=moment, people=ids):
        exceptions[each.person_id, each.training].append(each)
    outside: dict[tuple[int, UUID], list[OutsideView]] = defaultdict(list)
    for had in queries.outside(session, provider_id, moment=moment, people=ids):
        if had.training is not None:
            outside[had.person_id, had.training].append(had)
    day = day_of(moment)
    asked = queries.trainings(session, provider_id, moment=moment)
    if trainings is not None:
        asked = tuple(each for each in asked if each.uuid in trainings)
    modules = None if trainings is None else {module for each in asked for module in each.modules}
    practice = any(each.practice for each in asked)
    shown = assessment.shown_of(session, provider_id, ids, as_at=as_at) if practice else {}
    there = recognised.recognitions(session, provider_id, ids, moment=moment)
    return Evidence(
        moment=moment,
        trainings=asked,
        members=members,
        since=queries.needed_since(session, provider_id, moment, people=people),
        exceptions=exceptions,
        outside=outside,
        completions=learning.completions_of(session, provider_id, ids, until=moment, modules=modules),
        acts=learning.last_acts_of(session, provider_id, ids, until=moment, modules=modules),
        shown={person: {code: each.on for code, each in found.items()} for person, found in shown.items()},
        recognised=recognised.modules_of(there),
        shown_there=recognised.codes_of(there, day, practice=True),
        stopped=recognised.stopped(there),
        chains={key: tuple(step for step in steps if step.published <= day) for key, steps in chains.items()},
    )


def cell_of(known: Evidence, member: MemberView, training: TrainingView) -> Cell | None:
    """Return where one person stands with one training, or None when it is not needed of them."""
    key = (member.person_id, training.uuid)
    if key not in known.since:
        return None
    today = day_of(known.moment)
    starts = starts_of(known, member, training)
    excepted = exception_on(known, key, today)
    if excepted is not None:
        return Cell(
            person_id=member.person_id,
            training=training.uuid,
            status=CellStatus.NOT_NEEDED,
            starts=starts,
            due=None,
            valid_until=None,
            refresh_from=None,
            booked=None,
            how=(How.EXCEPTION,),
            reason=excepted.reason,
            own=excepted.own,
        )
    parts = _parts(known, member.person_id, training, starts)
    found = rules.with_practice(_known(training, parts), parts.get(How.OBSERVED))
    booked = _booked(known, key, today)
    how = tuple(dict.fromkeys(way for each, part in parts.items() if part.counts for way in _ways(each, part)))
    return Cell(
        person_id=member.person_id,
        training=training.uuid,
        status=rules.with_booking(found.status, booked, today),
        starts=starts,
        due=found.due,
        valid_until=found.valid_until,
        refresh_from=found.refresh_from,
        booked=booked,
        how=how,
        reason="",
        own=How.ELSEWHERE in how and any(each.own for each in known.outside.get(key, ())),
        recognised=tuple(dict.fromkeys(there for part in parts.values() if part.counts for there in part.recognised)),
    )


def starts_of(known: Evidence, member: MemberView, training: TrainingView) -> date:
    """Return the day a person needs a training from: never before their place here began."""
    return day_of(max(known.since[member.person_id, training.uuid], member.started))


def exception_on(known: Evidence, key: tuple[int, UUID], today: date) -> ExceptionView | None:
    """Return the exception that holds on a day, the newest of several."""
    holding = [each for each in known.exceptions.get(key, ()) if each.until is None or each.until >= today]
    return holding[-1] if holding else None


def last_exception_ended(known: Evidence, key: tuple[int, UUID]) -> date | None:
    """Return the last day of an exception there was, if there was one."""
    found = known.exceptions.get(key)
    if not found:
        return None
    return max((each.until for each in found if each.until and each.until >= day_of(each.since)), default=None)


def notice_from(known: Evidence, person_id: int, training: TrainingView) -> date | None:
    """Return the day from which somebody has notice: an exception ended, or what was recognised counts no more."""
    days = [known.stopped.get((person_id, each)) for each in (*training.modules, *training.practice)]
    ended = last_exception_ended(known, (person_id, training.uuid))
    return max((day for day in (ended, *days) if day is not None), default=None)


def certificates(known: Evidence, key: tuple[int, UUID]) -> tuple[Met, ...]:
    """Return the accepted certificates that count for a person's training."""
    return tuple(
        Met(on=each.taken_on, valid_until=each.valid_until, how=How.ELSEWHERE)
        for each in known.outside.get(key, ())
        if each.state is OutsideState.ACCEPTED and each.taken_on is not None
    )


def by_certificate(known: Evidence, person_id: int, training: TrainingView, starts: date) -> Dates | None:
    """Return where certificates alone leave a person, or None where none can count."""
    if training.elsewhere is Elsewhere.NO:
        return None
    ended, had = notice_from(known, person_id, training), certificates(known, (person_id, training.uuid))
    alike = (training.id, starts, ended, had)
    if alike not in known.alike:
        known.alike[alike] = rules.dates(training, starts, had, known.moment, not_before=ended)
    return known.alike[alike]


def passes(known: Evidence, person_id: int, module: str) -> tuple[Met, ...]:
    """Return a person's completions of a module, each with what its own edition says of how long it counts."""
    return tuple(
        Met(on=day_of(each.at), valid_until=learning.valid_until(each), how=How.MODULES)
        for each in known.completions.get((person_id, module), ())
    )


def asked_for(known: Evidence, person_id: int, training: TrainingView, module: str, starts: date) -> Asked:
    """Return how a module is asked for because of a training: the words an assignment then has, and a phone reads."""
    # By the provider's period, an edition's own is not looked at.
    met = passes(known, person_id, module)
    if training.refresh_months is not None:
        met = tuple(Met(on=each.on, valid_until=None, how=each.how) for each in met)
    ended = notice_from(known, person_id, training)
    return Asked(
        due=rules.floor(training, starts, met, not_before=ended),
        training=training.uuid,
        refresh_months=training.refresh_months,
        window_days=training.window_days,
        grace_days=training.grace_days,
    )


def _parts(known: Evidence, person_id: int, training: TrainingView, starts: date) -> dict[How, Dates]:
    parts: dict[How, Dates] = {}
    if training.modules:
        modules = [module_stands(known, person_id, training, module, starts) for module in training.modules]
        whole = rules.together(modules) if len(modules) > 1 else modules[0]
        there = tuple(each for part in modules for each in part.recognised)
        parts[How.MODULES] = replace(whole, recognised=there, here=any(not part.recognised for part in modules))
    had = by_certificate(known, person_id, training, starts)
    if had is not None:
        parts[How.ELSEWHERE] = had
    if training.practice:
        parts[How.OBSERVED] = _practice(known, person_id, training, starts)
    return parts


def _practice(known: Evidence, person_id: int, training: TrainingView, starts: date) -> Dates:
    seen, elsewhere = known.shown.get(person_id, {}), known.shown_there.get(person_id, {})
    there = [elsewhere[code] for code in training.practice if code not in seen and code in elsewhere]
    days = [seen[code] for code in training.practice if code in seen] + [each.on for each in there]
    met = []
    if len(days) == len(training.practice):
        # Shown once every criterion was seen; the oldest of them runs out first.
        ends = min((each.valid_until for each in there if each.valid_until), default=None)
        met = [Met(on=min(days), valid_until=ends, how=How.OBSERVED)]
    ended = notice_from(known, person_id, training)
    found = rules.dates(training, starts, met, known.moment, not_before=ended)
    return replace(found, recognised=tuple(there), here=len(there) < len(training.practice))


def _ways(way: How, part: Dates) -> tuple[How, ...]:
    """Return what a part is met by: what was learned or seen here, and what is recognised from elsewhere."""
    there = (How.RECOGNISED,) if part.recognised else ()
    return (way, *there) if part.here else there


def module_stands(known: Evidence, person_id: int, training: TrainingView, module: str, starts: date) -> Dates:
    """Return where a person stands with one module of a training."""
    key = (person_id, module)
    done = known.completions.get(key, ())
    acted, last = known.acts.get(key), max((each.at for each in done), default=None)
    started = acted is not None and (last is None or acted > last)
    # Hundreds of people stand alike with a module: the rule is asked once for each way of standing.
    days = tuple((each.edition, day_of(each.at), each.valid_for_months) for each in done)
    ended = notice_from(known, person_id, training)
    there = tuple(known.recognised.get(key, ()))
    alike = (training.id, module, starts, ended, started, days, there)
    if alike not in known.alike:
        standing = learning.standing(
            now=known.moment,
            assignment=asked_for(known, person_id, training, module, starts),
            completions=done,
            chain=known.chains.get(module, ()),
            started=started,
            recognised=there,
        )
        known.alike[alike] = rules.of_standing(training, starts, standing)
    return known.alike[alike]


def _known(training: TrainingView, parts: Mapping[How, Dates]) -> Dates | None:
    """Join what modules here and certificates from elsewhere say: both needed, or either enough."""
    modules, had = parts.get(How.MODULES), parts.get(How.ELSEWHERE)
    if modules is None or had is None:
        return modules or had
    return rules.together((modules, had)) if training.elsewhere is Elsewhere.NEEDED else rules.better(modules, had)


def _booked(known: Evidence, key: tuple[int, UUID], today: date) -> date | None:
    days = [
        each.booked_for
        for each in known.outside.get(key, ())
        if each.state is OutsideState.BOOKED and each.booked_for is not None and each.booked_for >= today
    ]
    return min(days, default=None)


def _members(
    session: Session, provider_id: int, moment: datetime, people: Collection[int] | None
) -> tuple[MemberView, ...]:
    """Return who had a place at a moment, by name; each once, with that place."""
    found = {
        member.person_id: member
        for member in providers.list_members(session, provider_id, with_ended=True, people=people)
        if member.started <= moment and (member.ended is None or member.ended > moment)
    }
    return tuple(found.values())
