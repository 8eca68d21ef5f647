"""The induction and shadowing checklist: what a provider has on it, and what is done for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.providers import ProviderView
from app.supervision.errors import SupervisionError
from app.supervision.models import InductionItem, Tick
from app.supervision.names import names_of
from app.supervision.queries import after
from app.supervision.types import InductionLine, ItemView

FIRST_VISIT = "first-visit-alone"
MOST_ITEMS = 60
LONGEST_ITEM = 200
# Where a provider begins. Sensible for home care, no law: each line can be changed or taken off but the last.
DEFAULTS: Mapping[str, str] = {
    "met-the-team": "Met the team, and knows whom to ring by day and by night",
    "policies": "Shown our policies and where to find them",
    "checks": "Checks before starting work are complete, such as DBS and references",
    "conduct": "Code of conduct read and talked about",
    "kit": "Badge, uniform, gloves and aprons, and the app on the phone handed over",
    "lone-working": "Lone working: checking in, and what to do when worried",
    "keys": "Getting in: keys, key safes and codes kept private",
    "care-plans": "Care plans and visit notes: how to read and write them",
    "safeguarding": "Safeguarding: what to look for and whom to tell",
    "infection": "Washing hands, gloves and aprons shown and tried",
    "moving": "Moving and handling: practical training done",
    "medication": "Medication: our policy, and what is not to be done yet",
    "emergencies": "Emergencies: 999, a fall, no answer at the door",
    "travel": "Travel between visits: route, car insurance, getting home late",
    "shadow-mornings": "Shadowed a colleague: morning visits",
    "shadow-evenings": "Shadowed a colleague: evening visits",
    "shadow-equipment": "Shadowed a colleague: hoist or other equipment, or visits by two",
    "watched": "Was watched by a colleague during a visit, and talked about it after",
    FIRST_VISIT: "First visit alone",
    "after-a-week": "Talked about how it is going, after the first week alone",
}


def first_visit_of(provider: ProviderView) -> UUID:
    """Return the uuid of the line "First visit alone" of a provider. Always the same one."""
    return uuid5(provider.uuid, FIRST_VISIT)


def items_of(session: Session, provider: ProviderView, *, as_at: date | None = None) -> tuple[ItemView, ...]:
    """Return a provider's checklist in its order; until it was changed for the first time, the one to begin with."""
    until = after(as_at)
    first = first_visit_of(provider)
    query = select(InductionItem).where(InductionItem.provider_id == provider.id)
    rows = session.scalars(query.order_by(InductionItem.position, InductionItem.id)).all()
    if until is not None:
        rows = [row for row in rows if row.since < until]
    if not rows:
        return tuple(
            ItemView(uuid=uuid5(provider.uuid, key), title=title, fixed=key == FIRST_VISIT)
            for key, title in DEFAULTS.items()
        )
    return tuple(
        ItemView(uuid=row.uuid, title=row.title, fixed=row.uuid == first)
        for row in rows
        if row.ended_at is None or (until is not None and row.ended_at >= until)
    )


def set_items(
    session: Session,
    provider: ProviderView,
    titles: Sequence[tuple[UUID | None, str]],
    *,
    now: datetime,
    by: int | None,
) -> bool:
    """Make the checklist these lines, in this order: (uuid of a line there is or None, its words). Flushes.

    A line that is left out, or whose words are empty, ends; ticks of it stay in people's records. The first visit alone
    stays in any case. Says whether anything changed. Raises SupervisionError for words that are too long or too many.
    """
    before = items_of(session, provider)
    known = {item.uuid: item for item in before}
    wanted = [(uuid if uuid in known else None, title) for uuid, title in titles if title]
    first = first_visit_of(provider)
    if first not in {uuid for uuid, _ in wanted}:
        wanted.append((first, known[first].title))
    if len(wanted) > MOST_ITEMS:
        raise SupervisionError(f"A checklist has {MOST_ITEMS} lines at most.", field="new")
    for number, (_, title) in enumerate(wanted, 1):
        if len(title) > LONGEST_ITEM:
            raise SupervisionError(f"This line is too long: {LONGEST_ITEM} letters at most.", field=f"item-{number}")
    if [(item.uuid, item.title) for item in before] == wanted:
        return False
    current = select(InductionItem).where(InductionItem.provider_id == provider.id, InductionItem.ended_at.is_(None))
    for row in session.scalars(current):
        row.ended_at, row.ended_by = now, by
    for position, (uuid, title) in enumerate(wanted):
        session.add(
            InductionItem(
                uuid=uuid or new_uuid7(),
                provider_id=provider.id,
                position=position,
                title=title,
                since=now,
                by=by,
            )
        )
    session.flush()
    return True


def inductions_of(
    session: Session, provider: ProviderView, people: Collection[int], *, as_at: date | None = None
) -> Mapping[int, tuple[InductionLine, ...]]:
    """Return the checklist for each of these people, in its order, as it is or was at the end of a day.

    What was done and is no longer on the list comes last. Four statements, however many people.
    """
    until = after(as_at)
    items = items_of(session, provider, as_at=as_at)
    query = select(Tick).where(Tick.provider_id == provider.id, Tick.person_id.in_(list(people)))
    if until is None:
        query = query.where(Tick.ended_at.is_(None))
    else:
        query = query.where(Tick.at < until, (Tick.ended_at.is_(None)) | (Tick.ended_at >= until))
    ticks: dict[int, dict[UUID, Tick]] = defaultdict(dict)
    for row in session.scalars(query.order_by(Tick.id)):
        ticks[row.person_id][row.subject] = row
    names = names_of(session, provider.id, (row.with_id for each in ticks.values() for row in each.values()))
    former = _former(session, provider.id, {item.uuid for item in items})

    def line(item: ItemView, found: Tick | None, *, on_list: bool) -> InductionLine:
        return InductionLine(
            item=item,
            on=found.on if found else None,
            with_whom=names.get(found.with_id or 0, "") if found else "",
            on_list=on_list,
        )

    return {
        person: (
            *(line(item, ticks[person].get(item.uuid), on_list=True) for item in items),
            *(line(former[uuid], found, on_list=False) for uuid, found in ticks[person].items() if uuid in former),
        )
        for person in people
    }


def _former(session: Session, provider_id: int, on_list: set[UUID]) -> dict[UUID, ItemView]:
    query = select(InductionItem).where(InductionItem.provider_id == provider_id, InductionItem.ended_at.is_not(None))
    rows = session.scalars(query.order_by(InductionItem.id))
    return {row.uuid: ItemView(uuid=row.uuid, title=row.title, fixed=False) for row in rows if row.uuid not in on_list}


def first_visits(session: Session, provider: ProviderView) -> Mapping[int, date]:
    """Return the day of everybody's first visit alone, by internal id; who has had none is not in it. One statement."""
    query = select(Tick.person_id, Tick.on).where(
        Tick.provider_id == provider.id, Tick.subject == first_visit_of(provider), Tick.ended_at.is_(None)
    )
    return {row.person_id: row.on for row in session.execute(query)}
