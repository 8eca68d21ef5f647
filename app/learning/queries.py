"""Questions the screens ask about learning. Each starts from a provider and its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, func, select, true, type_coerce
from sqlalchemy.orm import Session

from app import recognised
from app.kernel import MomentText, Prepared, UuidText, any_of_one
from app.learning.models import Assignment, AttemptReset, AttemptResult, Completed, LessonRead, Reflection
from app.learning.status import standing
from app.learning.types import (
    AssignmentView,
    AttemptView,
    Completion,
    EditionStep,
    GoAt,
    LessonReadView,
    PassView,
    QuestionResult,
    ReflectionView,
    Standing,
    StoredResult,
)

# The module chains of a provider's catalogue: each module's published editions, oldest first.
Chains = Mapping[str, Collection[EditionStep]]
# Before anything was ever done.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
# Of so few people every phone's question is; SQLAlchemy is asked once what these statements say.
FEW = 16
_ASSIGNED = (
    select(
        Assignment.person_id,
        Assignment.module,
        Assignment.due,
        Assignment.assigned_at,
        Assignment.training,
        Assignment.refresh_months,
        Assignment.window_days,
        Assignment.grace_days,
    )
    .where(Assignment.ended_at.is_(None))
    .order_by(Assignment.due.is_(None), Assignment.due, Assignment.module, Assignment.person_id)
)
_COMPLETED = select(Completed.person_id, Completed.module, Completed.edition, Completed.at, Completed.valid_for_months)


def _of_few(query: Select[*tuple[Any, ...]], table: Any) -> Prepared:
    people = table.person_id.in_(bindparam("people", expanding=True))
    return Prepared(query.where(table.provider_id == bindparam("provider"), people))


def _last_acts_in(table: type[LessonRead | AttemptResult]) -> Select[int, str, datetime]:
    return select(table.person_id, table.module, func.max(table.at).label("at")).group_by(table.person_id, table.module)


_ASSIGNED_TO_FEW = _of_few(_ASSIGNED, Assignment)
_COMPLETED_BY_FEW = _of_few(_COMPLETED, Completed)
_LAST_ACTS_OF_FEW = {table: _of_few(_last_acts_in(table), table) for table in (LessonRead, AttemptResult)}
_OF_ONE = (AttemptResult.provider_id == bindparam("provider"), AttemptResult.person_id == bindparam("person"))
# When the last was done that is still among so many: an index answers it, and no row has to be found for the others.
_LAST_TOLD = (
    select(AttemptResult.at).where(*_OF_ONE).order_by(AttemptResult.at.desc()).limit(1).offset(bindparam("limit") - 1)
)
_STORED = Prepared(
    select(
        # Text as it is stored, without reading it: of years of somebody's that is thousands of small objects.
        type_coerce(AttemptResult.record, UuidText).label("record"),
        AttemptResult.module,
        AttemptResult.edition,
        AttemptResult.sha,
        type_coerce(AttemptResult.at, MomentText).label("at"),
        type_coerce(AttemptResult.received_at, MomentText).label("received_at"),
        AttemptResult.seconds,
        AttemptResult.score,
        AttemptResult.passed,
        cast(AttemptResult.questions, Text).label("questions"),
    )
    .where(*_OF_ONE, AttemptResult.at >= func.coalesce(_LAST_TOLD.scalar_subquery(), EARLIEST))
    .order_by(AttemptResult.at.desc(), AttemptResult.record.desc())
    .limit(bindparam("limit"))
)
# Whether there is anything of a person: parts of one statement, asked with `provider`, `person` and `person_uuid`.
ANY_OF_ONE = {
    "attempts": any_of_one(AttemptResult),
    "resets": any_of_one(AttemptReset),
}


def assignments_of(
    session: Session, provider_id: int, people: Collection[int], *, modules: Collection[str] | None = None
) -> tuple[AssignmentView, ...]:
    """Return what these people are asked for now, of `modules` where given, by due date, those without one last."""
    if modules is None and len(people) <= FEW:
        rows = _ASSIGNED_TO_FEW.all(session, provider=provider_id, people=list(people))
    else:
        query = _ASSIGNED.where(Assignment.provider_id == provider_id, Assignment.person_id.in_(people))
        rows = session.execute(query if modules is None else query.where(Assignment.module.in_(modules))).all()
    return tuple(
        AssignmentView(
            person_id=row.person_id,
            module=row.module,
            due=row.due,
            assigned_at=row.assigned_at,
            training=row.training,
            refresh_months=row.refresh_months,
            window_days=row.window_days,
            grace_days=row.grace_days,
        )
        for row in rows
    )


def attempts_of(
    session: Session, provider_id: int, people: Collection[int], *, limit: int | None = None
) -> tuple[AttemptView, ...]:
    """Return these people's attempts, the newest first."""
    # Columns, not rows of the class: it may be years of somebody's.
    rows = session.execute(
        select(*AttemptResult.__table__.c)
        .where(AttemptResult.provider_id == provider_id, AttemptResult.person_id.in_(people))
        .order_by(AttemptResult.at.desc(), AttemptResult.record.desc())
        .limit(limit)
    )
    return tuple(
        AttemptView(
            record=row.record,
            person_id=row.person_id,
            module=row.module,
            edition=row.edition,
            sha=row.sha,
            at=row.at,
            received_at=row.received_at,
            seconds=row.seconds,
            score=row.score,
            passed=row.passed,
            questions=tuple(QuestionResult(**each) for each in row.questions),
        )
        for row in rows
    )


def stored_results_of(session: Session, provider_id: int, person_id: int, *, limit: int) -> Sequence[StoredResult]:
    """Return what `attempts_of` returns of one person, as text: for whoever sends it on."""
    found: Sequence[StoredResult] = _STORED.all(session, provider=provider_id, person=person_id, limit=limit)
    return found


def goes_of(
    session: Session, provider_id: int, module: str | None = None, *, shas: Collection[str] | None = None
) -> tuple[GoAt, ...]:
    """Return every go of a provider's people, at one module, some editions or all, by module, edition and time."""
    rows = session.execute(
        select(
            AttemptResult.record,
            AttemptResult.person_id,
            AttemptResult.module,
            AttemptResult.edition,
            AttemptResult.sha,
            AttemptResult.at,
            AttemptResult.received_at,
            AttemptResult.seconds,
            AttemptResult.questions,
        )
        .where(
            AttemptResult.provider_id == provider_id,
            true() if module is None else AttemptResult.module == module,
            true() if shas is None else AttemptResult.sha.in_(list(shas)),
        )
        .order_by(AttemptResult.module, AttemptResult.edition, AttemptResult.at)
    )
    return tuple(
        GoAt(
            record=row.record,
            person_id=row.person_id,
            module=row.module,
            edition=row.edition,
            sha=row.sha,
            at=row.at,
            received_at=row.received_at,
            seconds=row.seconds,
            first={each["id"]: each["first"] for each in row.questions if each["tries"]},
        )
        for row in rows
    )


def lesson_reads_of(
    session: Session, provider_id: int, people: Collection[int], *, limit: int | None = None
) -> tuple[LessonReadView, ...]:
    """Return the lessons these people had open, the newest first."""
    rows = session.scalars(
        select(LessonRead)
        .where(LessonRead.provider_id == provider_id, LessonRead.person_id.in_(people))
        .order_by(LessonRead.at.desc(), LessonRead.record.desc())
        .limit(limit)
    )
    return tuple(
        LessonReadView(
            record=row.record,
            person_id=row.person_id,
            module=row.module,
            edition=row.edition,
            sha=row.sha,
            lesson=row.lesson,
            at=row.at,
            seconds=row.seconds,
        )
        for row in rows
    )


def reflections_of(
    session: Session, provider_id: int, people: Collection[int], *, limit: int | None = None
) -> tuple[ReflectionView, ...]:
    """Return what these people wrote, the newest first."""
    rows = session.scalars(
        select(Reflection)
        .where(Reflection.provider_id == provider_id, Reflection.person_id.in_(people))
        .order_by(Reflection.at.desc(), Reflection.record.desc())
        .limit(limit)
    )
    return tuple(
        ReflectionView(
            record=row.record,
            person_id=row.person_id,
            module=row.module,
            edition=row.edition,
            sha=row.sha,
            question=row.question,
            shared_with=row.shared_with,
            text=row.text,
            at=row.at,
        )
        for row in rows
    )


def shared_by_person(session: Session, provider_id: int) -> dict[int, int]:
    """Return how many reflections each person wrote for their assessor, where their words are still kept."""
    query = (
        select(Reflection.person_id, func.count().label("number"))
        .where(
            Reflection.provider_id == provider_id, Reflection.shared_with == "assessor", Reflection.text.is_not(None)
        )
        .group_by(Reflection.person_id)
    )
    return {row.person_id: row.number for row in session.execute(query)}


def resets_of(session: Session, provider_id: int, person_id: int) -> dict[str, datetime]:
    """Return when each module's goes were last reset for a person."""
    rows = session.execute(
        select(AttemptReset.module, func.max(AttemptReset.at).label("at"))
        .where(AttemptReset.provider_id == provider_id, AttemptReset.person_id == person_id)
        .group_by(AttemptReset.module)
        .order_by(AttemptReset.module)
    )
    return {row.module: row.at for row in rows}


def standings_of(
    session: Session,
    provider_id: int,
    people: Collection[int],
    *,
    chains: Chains,
    now: datetime,
    modules: Collection[str] | None = None,
    assigned: Collection[AssignmentView] | None = None,
    elsewhere: Collection[recognised.RecognitionView] | None = None,
) -> dict[tuple[int, str], Standing]:
    """Return where each of these people stands with each module they were asked for, have begun or have done.

    Keys are (person id, module). What is recognised for a module counts as done elsewhere. `modules`: only of these,
    all when None. Five statements, however many people. Modules nobody published are left out. `assigned` and
    `elsewhere`: what these people are asked for and what is recognised of them, where that is known already.
    """
    if assigned is None:
        assigned = assignments_of(session, provider_id, people, modules=modules)
    if elsewhere is None:
        elsewhere = recognised.recognitions(session, provider_id, people)
    asked = {(row.person_id, row.module): row.asked for row in assigned}
    completions = completions_of(session, provider_id, people, modules=modules)
    last_act = last_acts_of(session, provider_id, people, modules=modules)
    counted = recognised.modules_of(elsewhere)
    found: dict[tuple[int, str], Standing] = {}
    for pair in sorted(asked.keys() | completions.keys() | last_act.keys() | counted.keys()):
        if pair[1] not in chains or (modules is not None and pair[1] not in modules):
            continue
        done = completions.get(pair, [])
        last_done = max((each.at for each in done), default=None)
        acted = last_act.get(pair)
        found[pair] = standing(
            now=now,
            assignment=asked.get(pair),
            completions=done,
            chain=tuple(chains[pair[1]]),
            started=acted is not None and (last_done is None or acted > last_done),
            recognised=counted.get(pair, ()),
        )
    return found


def completions_of(
    session: Session,
    provider_id: int,
    people: Collection[int],
    *,
    until: datetime | None = None,
    modules: Collection[str] | None = None,
) -> dict[tuple[int, str], list[Completion]]:
    """Return what these people completed, by (person id, module); up to `until` and of `modules` where given."""
    if until is None and modules is None and len(people) <= FEW:
        rows = _COMPLETED_BY_FEW.all(session, provider=provider_id, people=list(people))
    else:
        query = _COMPLETED.where(Completed.provider_id == provider_id, Completed.person_id.in_(people))
        if until is not None:
            query = query.where(Completed.at <= until)
        if modules is not None:
            query = query.where(Completed.module.in_(modules))
        rows = session.execute(query).all()
    found: dict[tuple[int, str], list[Completion]] = defaultdict(list)
    for person_id, module, edition, at, months in rows:
        found[person_id, module].append(Completion(edition=edition, at=at, valid_for_months=months))
    return dict(found)


def passes_of(session: Session, provider_id: int, people: Collection[int]) -> tuple[PassView, ...]:
    """Return every completion of these people by its record, with what was reached, the earliest first."""
    query = (
        select(
            Completed.record,
            Completed.person_id,
            Completed.module,
            Completed.sha,
            Completed.at,
            Completed.valid_for_months,
            AttemptResult.score,
        )
        .outerjoin(
            AttemptResult,
            (AttemptResult.person_id == Completed.person_id) & (AttemptResult.record == Completed.record),
        )
        .where(Completed.provider_id == provider_id, Completed.person_id.in_(people))
        .order_by(Completed.at, Completed.record)
    )
    return tuple(
        PassView(
            record=row.record,
            person_id=row.person_id,
            module=row.module,
            sha=row.sha,
            at=row.at,
            valid_for_months=row.valid_for_months,
            score=row.score,
        )
        for row in session.execute(query)
    )


def last_acts_of(
    session: Session,
    provider_id: int,
    people: Collection[int],
    *,
    until: datetime | None = None,
    modules: Collection[str] | None = None,
) -> dict[tuple[int, str], datetime]:
    """Return when each person last read or answered in each module, by (person id, module). Two statements.

    `until`: only what was done by then. `modules`: only in these.
    """
    found: dict[tuple[int, str], datetime] = {}
    for table in (LessonRead, AttemptResult):
        if until is None and modules is None and len(people) <= FEW:
            rows = _LAST_ACTS_OF_FEW[table].all(session, provider=provider_id, people=list(people))
        else:
            query = _last_acts_in(table).where(table.provider_id == provider_id, table.person_id.in_(people))
            if until is not None:
                query = query.where(table.at <= until)
            if modules is not None:
                query = query.where(table.module.in_(modules))
            rows = session.execute(query).all()
        for person_id, module, at in rows:
            found[person_id, module] = max(at, found.get((person_id, module), at))
    return found
