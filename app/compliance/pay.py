"""Minutes of learning for pay: each person's month, the same figure as on their own phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import learning, providers
from app.compliance.tables import Table, table
from app.providers import MemberView


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month's minutes by name: everybody who is here now, and those who left but learned in it."""

    first: date
    lines: tuple[tuple[MemberView, int], ...]

    @property
    def total(self) -> int:
        """Return all minutes together."""
        return sum(minutes for _, minutes in self.lines)

    @property
    def people(self) -> int:
        """Return how many people learned in it."""
        return sum(minutes > 0 for _, minutes in self.lines)


def month_of_pay(session: Session, provider_id: int, month: date) -> Month:
    """Return the minutes of a month; `month` is any day of it. Two statements, and one for roles."""
    minutes = learning.minutes_of(session, provider_id, month)
    members = providers.list_members(session, provider_id, with_ended=True)
    # Somebody who left and came back is one person, with the place they have now.
    by_person = {each.person_id: each for each in sorted(members, key=lambda m: (m.ended is None, m.started))}
    lines = [
        (member, minutes.get(person_id, 0))
        for person_id, member in by_person.items()
        if member.ended is None or minutes.get(person_id)
    ]
    return Month(
        first=month.replace(day=1),
        lines=tuple(sorted(lines, key=lambda line: (line[0].name.casefold(), line[0].person_id))),
    )


def pay_table(month: Month) -> Table:
    """Return a month as a table for payroll."""
    columns = [("number", "Staff number"), ("person", "Person"), ("month", "Month"), ("minutes", "Minutes")]
    rows = [(each.reference or "", each.name, f"{month.first:%Y-%m}", minutes) for each, minutes in month.lines]
    return table("minutes", "Minutes of learning", columns, rows, note="Finished goes, by the month they ended in.")


def months_until(now: datetime, how_many: int = 13) -> tuple[date, ...]:
    """Return the first days of the latest months, the present one first."""
    first = learning.month_of(now)
    index = first.year * 12 + first.month - 1
    return tuple(date((index - back) // 12, (index - back) % 12 + 1, 1) for back in range(how_many))
