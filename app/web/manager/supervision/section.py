"""What a person's page says of supervision: a summary, and the way to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app import supervision
from app.extensions import db
from app.kernel import day_of
from app.providers import MemberView, ProviderView
from app.web import words
from app.web.manager.supervision.blueprint import today
from app.web.manager.supervision.pages import DueRow, due_rows, how_far


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The summary. `first_visit` is a day in words, or empty."""

    uuid: UUID
    due: tuple[DueRow, ...]
    goals: str
    induction: str
    first_visit: str


def section_of(provider: ProviderView, member: MemberView) -> Section:
    """Gather it, in a fixed number of statements."""
    session, person_id = db.session(), member.person_id
    due = supervision.due_of(session, provider.id, {person_id: day_of(member.started)}, today=today())
    goals = supervision.plans_of(session, provider.id, [person_id]).get(person_id, ())
    lines = supervision.inductions_of(session, provider, [person_id])[person_id]
    done, of = how_far(lines)
    first = next((line.on for line in lines if line.item.fixed), None)
    open_goals = sum(not goal.done for goal in goals)
    return Section(
        uuid=member.person_uuid,
        due=due_rows(due[person_id]),
        goals=f"{words.count(open_goals, 'goal', 'goals')} open, {len(goals) - open_goals} done" if goals else "",
        induction=f"{done} of {of} done",
        first_visit=words.day(first) if first else "",
    )
