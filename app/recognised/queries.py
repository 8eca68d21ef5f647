"""What was recognised of whom, now or as it was at a moment. Each question starts from the provider."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from app.kernel import any_of_one, day_of
from app.recognised.models import Recognition, RecognitionDecision
from app.recognised.types import Decision, Recognised, RecognitionView, Stands

# Whether there is anything of a person: parts of one statement, asked with `provider`, `person` and `person_uuid`.
ANY_OF_ONE = {"recognised": any_of_one(Recognition)}


def recognitions(
    session: Session,
    provider_id: int,
    people: Collection[int] | None = None,
    *,
    moment: datetime | None = None,
    issuer: str | None = None,
) -> tuple[RecognitionView, ...]:
    """Return the statements of these people (None: of all) with the last decision by a moment, the oldest first.

    One statement. `issuer`: only those it signed.
    """
    query = _rows().where(
        Recognition.provider_id == provider_id,
        true() if people is None else Recognition.person_id.in_(people),
        true() if moment is None else RecognitionDecision.at <= moment,
        true() if issuer is None else Recognition.issuer == issuer,
    )
    rows: dict[int, tuple[Recognition, list[RecognitionDecision]]] = {}
    for row, decision in session.execute(query):
        rows.setdefault(row.id, (row, []))[1].append(decision)
    return tuple(_view(row, decisions) for row, decisions in rows.values())


def decided(session: Session, issuer: str) -> tuple[tuple[int, RecognitionView], ...]:
    """Return whatever an issuer signed that counts somewhere on this server, each with its provider's id.

    Also what would count, were its issuer trusted there.
    """
    rows: dict[int, tuple[Recognition, list[RecognitionDecision]]] = {}
    for row, decision in session.execute(_rows().where(Recognition.issuer == issuer)):
        rows.setdefault(row.id, (row, []))[1].append(decision)
    found = ((row.provider_id, _view(row, decisions)) for row, decisions in rows.values())
    return tuple(each for each in found if each[1].state in (Decision.ACCEPTED, Decision.UNTRUSTED))


def reaching(session: Session) -> tuple[str, ...]:
    """Return the DIDs of everybody who signed something that is kept here."""
    return tuple(session.scalars(select(Recognition.issuer).distinct().order_by(Recognition.issuer)))


def modules_of(views: Iterable[RecognitionView]) -> Mapping[tuple[int, str], tuple[Recognised, ...]]:
    """Return what counts for modules, by (person id, module)."""
    found: dict[tuple[int, str], list[Recognised]] = defaultdict(list)
    for view in views:
        if view.state is Decision.ACCEPTED:
            for module in view.stands.modules:
                found[view.person_id, module].append(view.recognised)
    return {key: tuple(each) for key, each in found.items()}


def codes_of(views: Iterable[RecognitionView], day: date, *, practice: bool) -> Mapping[int, Mapping[str, Recognised]]:
    """Return which lines count as known, or as shown in practice, on a day, by person id and code.

    Of several that say the same, the one that was recognised first.
    """
    found: dict[int, dict[str, Recognised]] = defaultdict(dict)
    for view in views:
        if view.state is Decision.ACCEPTED and (view.valid_until is None or day <= view.valid_until):
            for code in view.stands.practice if practice else view.stands.codes:
                found[view.person_id].setdefault(code, view.recognised)
    return dict(found)


def stopped(views: Iterable[RecognitionView]) -> Mapping[tuple[int, str], date]:
    """Return when what was recognised stopped to count, by (person id, module or code): the last day of each."""
    found: dict[tuple[int, str], date] = {}
    for view in views:
        if view.counted_until is not None:
            day = day_of(view.counted_until)
            for each in (*view.counted.modules, *view.counted.practice):
                found[view.person_id, each] = max(day, found.get((view.person_id, each), day))
    return found


def lines_of(views: Iterable[RecognitionView], person_id: int, day: date) -> frozenset[str]:
    """Return the codes of every line, of either half, that is recognised of one person on a day."""
    views = tuple(views)
    return frozenset(
        code for practice in (False, True) for code in codes_of(views, day, practice=practice).get(person_id, {})
    )


def titles_of(session: Session, provider_id: int) -> dict[str, str]:
    """Return what every statement that is kept at a provider is called, by uuid as text."""
    query = select(Recognition.uuid, Recognition.title).where(Recognition.provider_id == provider_id)
    return {str(uuid): title for uuid, title in session.execute(query)}


def last_day(expires: datetime | None) -> date | None:
    """Return the last day on which something counts that ends at a moment; None: it does not end."""
    return None if expires is None else day_of(expires - timedelta(seconds=1))


def body_of(session: Session, provider_id: int, person_id: int, uuid: UUID) -> str | None:
    """Return a statement of one of the provider's people as it was handed in, or None."""
    return session.scalars(
        select(Recognition.document).where(
            Recognition.provider_id == provider_id, Recognition.person_id == person_id, Recognition.uuid == uuid
        )
    ).one_or_none()


def _rows() -> Select[Recognition, RecognitionDecision]:
    return (
        select(Recognition, RecognitionDecision)
        .join(RecognitionDecision, RecognitionDecision.recognition_id == Recognition.id)
        .order_by(Recognition.id, RecognitionDecision.at, RecognitionDecision.id)
    )


def _view(row: Recognition, decisions: list[RecognitionDecision]) -> RecognitionView:
    last, since, stopped_at, counted = decisions[-1], decisions[0].at, None, Stands()
    for before, after in pairwise(decisions):
        if Decision.UNTRUSTED not in (before.decision, after.decision):
            since = after.at
        if before.decision == Decision.ACCEPTED:
            stopped_at, counted = after.at, _stands(before)
    state = Decision(last.decision)
    return RecognitionView(
        uuid=row.uuid,
        person_id=row.person_id,
        issuer=row.issuer,
        issuer_name=row.issuer_name,
        credential=row.credential,
        title=row.title,
        named=row.named,
        on=row.on,
        valid_until=last_day(row.expires),
        expires=row.expires,
        places=tuple((url, number) for url, number in row.places),
        key=row.key,
        sha=row.sha,
        state=state,
        stands=_stands(last),
        reason=last.reason,
        at=last.at,
        since=since,
        by=last.by,
        counted=counted,
        counted_until=None if state is Decision.ACCEPTED else stopped_at,
    )


def _stands(row: RecognitionDecision) -> Stands:
    return Stands(modules=tuple(row.modules), codes=tuple(row.codes), practice=tuple(row.practice), outside=row.outside)
