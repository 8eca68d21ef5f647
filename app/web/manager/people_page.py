"""The list of people: what of it is wanted, and the words it is shown in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.compliance import Need, PersonSummary
from app.providers import Role, TeamView
from app.web import words
from app.web.manager.pages import Line

ON_A_PAGE = 50
NEEDS_YOU = (Need.OVERDUE, Need.NOT_JOINED, Need.NEEDS_WATCHING)
# What one can look for: key of the address, words, what counts.
STATES: Mapping[str, tuple[str, tuple[Need, ...]]] = {
    "needs-you": ("Needs you", NEEDS_YOU),
    "overdue": ("Overdue", (Need.OVERDUE,)),
    "not-joined": ("Has not joined", (Need.NOT_JOINED,)),
    "needs-watching": ("Needs watching", (Need.NEEDS_WATCHING,)),
    "due-soon": ("Due soon", (Need.DUE_SOON,)),
    "up-to-date": ("Needs nothing now", (Need.NOTHING,)),
    "left": ("Has left", (Need.LEFT,)),
}
NO_TEAM = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the list is wanted, as its address says. What an address cannot mean is as if it were not there."""

    search: str
    team: str
    role: str
    state: str
    left: bool
    page: int

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wanted:
        """Read an address."""
        page, role, state = args.get("page", ""), args.get("role", ""), args.get("state", "")
        return cls(
            search=args.get("q", "").strip()[:100],
            team=args.get("team", "")[:36],
            role=role if role in set(Role) else "",
            state=state if state in STATES else "",
            left="left" in args,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 and int(page) else 1,
        )

    @property
    def with_left(self) -> bool:
        """Say whether those who left are among the wanted."""
        return self.left or self.state == "left"

    @property
    def filtered(self) -> bool:
        """Say whether not everybody is wanted."""
        return bool(self.search or self.team or self.role or self.state)

    @property
    def address(self) -> dict[str, str]:
        """Return the parts of the address of another page of the same list."""
        parts = {"q": self.search, "team": self.team, "role": self.role, "state": self.state}
        return {**{name: value for name, value in parts.items() if value}, **({"left": "1"} if self.left else {})}

    def sift(
        self, people: Sequence[PersonSummary], teams: Mapping[int, Sequence[TeamView]]
    ) -> tuple[PersonSummary, ...]:
        """Return who is wanted, in the order they came in. A name fits when it holds every word of the search."""
        sought = self.search.casefold().split()
        needs = STATES[self.state][1] if self.state else tuple(Need)

        def fits(person: PersonSummary) -> bool:
            member = person.member
            held = {str(team.uuid) for team in teams.get(member.person_id, ())} or {NO_TEAM}
            text = f"{member.name} {member.reference or ''} {member.email or ''}".casefold()
            return (
                person.need in needs
                and (not self.role or self.role in member.roles)
                and (not self.team or self.team in held)
                and all(word in text for word in sought)
            )

        return tuple(person for person in people if fits(person))

    def on_page(self, found: Sequence[PersonSummary]) -> Sequence[PersonSummary]:
        """Return those of the wanted page; of the last one when it is beyond."""
        start = (min(self.page, pages_of(found)) - 1) * ON_A_PAGE
        return found[start : start + ON_A_PAGE]


def pages_of(found: Sequence[PersonSummary]) -> int:
    """Say how many pages a list fills; an empty one fills one."""
    return max(1, math.ceil(len(found) / ON_A_PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """One page of the list: who needs the manager, everyone else, those who left. `found` counts all pages."""

    found: int
    page: int
    pages: int
    nobody_yet: bool
    needs_you: tuple[Line, ...]
    others: tuple[Line, ...]
    left: tuple[Line, ...]
    teams: Mapping[str, str]
    all_well: str

    @classmethod
    def of(
        cls,
        people: Sequence[PersonSummary],
        *,
        found: Sequence[PersonSummary],
        shown: Sequence[PersonSummary],
        wanted: Wanted,
        teams: Mapping[int, Sequence[TeamView]],
        titles: Mapping[str, str],
        contacts: Mapping[int, datetime],
        now: datetime,
    ) -> PeoplePage:
        """Sort the people of a page into its lists. `people` are all there are, `found` those wanted."""

        def lines(*needs: Need) -> tuple[Line, ...]:
            return tuple(
                Line.of(p, titles=titles, last=contacts.get(p.member.person_id), now=now)
                for p in shown
                if p.need in needs
            )

        someone = any(p.need in NEEDS_YOU for p in people)
        return cls(
            found=len(found),
            page=min(wanted.page, pages_of(found)),
            pages=pages_of(found),
            nobody_yet=not any(p.need is not Need.LEFT and Role.LEARNER in p.member.roles for p in people),
            needs_you=lines(*NEEDS_YOU),
            others=lines(Need.DUE_SOON, Need.NOTHING),
            left=lines(Need.LEFT),
            teams={
                str(p.member.person_uuid): words.listed([team.name for team in teams[p.member.person_id]])
                for p in shown
                if p.member.person_id in teams
            },
            all_well="" if someone or wanted.filtered else _all_well(people),
        )


def _all_well(people: Sequence[PersonSummary]) -> str:
    days = [each.day for person in people for each in person.due_soon if each.day]
    return f"Everyone is in date. Next: {words.day(min(days))}." if days else "Everyone is in date."
