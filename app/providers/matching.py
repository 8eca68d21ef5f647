"""Who on a list is who: new, somebody known, or perhaps somebody known. Pure.

By staff number, then by e-mail address, then by the very name. What is only alike is asked, never guessed.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from app.kernel import day_of
from app.providers.staff_list import Entry, Meaning, checked
from app.providers.types import MemberView, Role

ADD, SKIP = "add", "skip"
# Short names differ by a letter without being two spellings: Ana and Ava.
SHORTEST_ALIKE = 6


class Fate(StrEnum):
    """What will happen to a row."""

    NEW = "new"
    UPDATE = "update"
    SAME = "same"
    ASK = "ask"
    MEND = "mend"
    AGREE = "agree"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One row with what will happen to it. `member`: whom it updates. `alike`: whom it may be, when asked.

    `why` is in words, for ASK; `twin`: the number of an earlier row it may repeat. AGREE: it would let somebody do more
    than a carer may, and waits for a tick.
    """

    entry: Entry
    meaning: Meaning
    fate: Fate
    member: MemberView | None = None
    alike: tuple[MemberView, ...] = ()
    twin: int | None = None
    why: str = ""

    @property
    def gives(self) -> frozenset[Role]:
        """The roles beyond carer that taking in this row would give."""
        back = self.member is not None and self.member.ended is not None
        held = frozenset() if self.member is None or back else self.member.roles
        roles = self.meaning.roles | (self.member.roles if self.member is not None and back else frozenset())
        return roles - held - {Role.LEARNER}


_Made = Callable[..., Planned]


def plan(
    entries: Sequence[Entry],
    members: Sequence[MemberView],
    teams: Mapping[int, Sequence[str]],
    *,
    today: date,
) -> tuple[Planned, ...]:
    """Say what will happen to each row. `members` with those who left; `teams`: names of each person's teams by id.

    Entries whose numbers, addresses or names meet within the list are asked about or have to be mended too.
    """
    people = _People(members)
    seen = _Seen()
    planned = []
    for entry in entries:
        found = _one(entry, checked(entry, today=today), people, seen, teams)
        if found.fate in (Fate.NEW, Fate.UPDATE, Fate.SAME):
            seen.add(found)
            found = _to_agree(found)
        planned.append(found)
    return tuple(planned)


def _one(entry: Entry, meaning: Meaning, people: _People, seen: _Seen, teams: Mapping[int, Sequence[str]]) -> Planned:
    as_ = partial(_made, entry, meaning)
    if entry.choice == SKIP:
        return as_(Fate.SKIP)
    chosen = people.by_uuid.get(entry.choice)
    number = _fold(meaning.reference)
    twin = seen.by_reference.get(number) if number else None
    owner = people.by_reference.get(number) if number else None
    others = set(entry.choice.removeprefix(ADD).strip(":").split(",")) if entry.choice.startswith(ADD) else set()
    if twin is not None:
        meaning = _to_mend(meaning, f"Row {twin} has this staff number too.")
    elif owner is not None and (str(owner.person_uuid) in others or chosen not in (None, owner)):
        meaning = _to_mend(meaning, f"{owner.name} has this staff number.")
    if meaning.problems:
        return _made(entry, meaning, Fate.MEND, twin=twin)
    if chosen is not None:
        return _known(as_, chosen, meaning, seen, teams, sure=True)
    if owner is not None:
        if not _may_be_one(meaning.name, owner.name):
            return as_(Fate.ASK, alike=(owner,), why=f"{owner.name} has this staff number.")
        return _known(as_, owner, meaning, seen, teams)
    for group in (people.by_email.get(_fold(meaning.email), ()) if meaning.email else (), people.named(meaning.name)):
        left_over = [m for m in group if str(m.person_uuid) not in others]
        found = tuple(m for m in left_over if m.ended is None) or tuple(left_over)
        if not found:
            continue
        other_number = bool(meaning.reference and found[0].reference)
        if len(found) > 1 or other_number or not _may_be_one(meaning.name, found[0].name):
            return as_(Fate.ASK, alike=found, why=_why(found, other_number=other_number))
        return _known(as_, found[0], meaning, seen, teams)
    alike = tuple(m for m in people.alike(meaning.name, number) if str(m.person_uuid) not in others)
    row = seen.named(meaning.name, number)
    if row is not None and f"row{row}" not in others:
        return as_(Fate.ASK, alike=alike, twin=row, why=f"Row {row} has this name too, or nearly.")
    if alike:
        return as_(Fate.ASK, alike=alike, why=_why(alike))
    return as_(Fate.NEW)


def _to_agree(row: Planned) -> Planned:
    agreed = row.entry.agreed.split(",")
    return replace(row, fate=Fate.AGREE) if any(role.value not in agreed for role in row.gives) else row


def _made(entry: Entry, meaning: Meaning, fate: Fate, **more: Any) -> Planned:
    return Planned(entry=entry, meaning=meaning, fate=fate, **more)


def _to_mend(meaning: Meaning, words: str) -> Meaning:
    return replace(meaning, problems=(*meaning.problems, ("reference", words)))


def _known(
    as_: _Made,
    member: MemberView,
    meaning: Meaning,
    seen: _Seen,
    teams: Mapping[int, Sequence[str]],
    *,
    sure: bool = False,
) -> Planned:
    twin = seen.people.get(member.person_id)
    if twin is not None:
        return as_(Fate.ASK, twin=twin, why=f"Row {twin} is {member.name} already.")
    if member.ended is not None and not sure:
        return as_(Fate.ASK, alike=(member,), why=f"{member.name} has left. Are they back?")
    changed = changes(member, meaning, teams.get(member.person_id, ()))
    return as_(Fate.UPDATE if changed else Fate.SAME, member=member)


def other_than(row: Planned) -> str:
    """Return the choice that says: a new person, and none of those this row was asked about.

    It names them, so that the same form sent a second time is asked about whom the first one added.
    """
    known = [str(member.person_uuid) for member in row.alike]
    return f"{ADD}:{','.join([*known, *([f'row{row.twin}'] if row.twin is not None else [])])}"


def changes(member: MemberView, meaning: Meaning, teams: Sequence[str]) -> tuple[str, ...]:
    """Name what a row changes about somebody: fields of the entry, or "back". An empty cell changes nothing.

    Roles are only ever added: a list from the office must take nobody's rights away.
    """
    found = []
    if member.ended is not None:
        found.append("back")
    if meaning.name != member.name:
        found.append("name")
    if meaning.email and meaning.email != member.email:
        found.append("email")
    if meaning.reference and meaning.reference != member.reference:
        found.append("reference")
    if meaning.roles - member.roles:
        found.append("roles")
    if meaning.teams and {_fold(team) for team in meaning.teams} != {_fold(team) for team in teams}:
        found.append("teams")
    if meaning.started and meaning.started != day_of(member.started):
        found.append("started")
    return tuple(found)


def _why(people: Sequence[MemberView], *, other_number: bool = False) -> str:
    names = ", ".join(dict.fromkeys(m.name for m in people))
    return f"{names} is here with another staff number." if other_number else f"Is this {names}?"


class _People:
    """A provider's people, findable in every way a list may name them. Each once, by the place they have now."""

    def __init__(self, members: Sequence[MemberView]) -> None:
        newest = {m.person_id: m for m in sorted(members, key=lambda m: (m.ended is None, m.started))}
        self.by_uuid = {str(m.person_uuid): m for m in newest.values()}
        # A number of somebody who left may be another's by now.
        in_turn = sorted(newest.values(), key=lambda m: m.ended is None)
        self.by_reference = {_fold(m.reference): m for m in in_turn if m.reference}
        self.by_email = _grouped((_fold(m.email), m) for m in newest.values() if m.email)
        self._by_name = _grouped((_fold(m.name), m) for m in newest.values())
        self._by_trace = _grouped((trace, m) for m in newest.values() for trace in _traces(m.name))

    def named(self, name: str) -> Sequence[MemberView]:
        """Return who has this very name, whatever its capitals."""
        return self._by_name.get(_fold(name), ())

    def alike(self, name: str, number: str) -> tuple[MemberView, ...]:
        """Return whose name is this one in nearly the same letters, or in another order.

        Whoever has another staff number is another person: the office tells them apart.
        """
        near = [m for trace in _traces(name) for m in self._by_trace.get(trace, ())]
        found = {m.person_id: m for m in near if not (number and m.reference)}
        return tuple(sorted(found.values(), key=lambda m: (m.ended is not None, m.name.casefold())))[:5]


class _Seen:
    """What the rows above have taken."""

    def __init__(self) -> None:
        self.by_reference: dict[str, int] = {}
        self.people: dict[int, int] = {}
        self._with_number: dict[str, int] = {}
        self._without: dict[str, int] = {}

    def add(self, row: Planned) -> None:
        if row.meaning.reference:
            self.by_reference[_fold(row.meaning.reference)] = row.entry.number
        if row.member is not None:
            self.people[row.member.person_id] = row.entry.number
        for trace in _traces(row.meaning.name):
            rows = self._with_number if row.meaning.reference else self._without
            rows.setdefault(trace, row.entry.number)

    def named(self, name: str, number: str) -> int | None:
        """Return the number of the row above with nearly or wholly this name, and no other staff number."""
        both = [self._without] if number else [self._without, self._with_number]
        return next((rows[trace] for rows in both for trace in _traces(name) if trace in rows), None)


def _grouped(pairs: Iterable[tuple[str, MemberView]]) -> Mapping[str, Sequence[MemberView]]:
    found: dict[str, list[MemberView]] = defaultdict(list)
    for key, member in pairs:
        if member not in found[key]:
            found[key].append(member)
    return found


def _fold(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _plain(name: str) -> str:
    """Return a name's letters without their accents, its words in one order."""
    apart = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l").replace("ø", "o").replace("-", " "))
    words = "".join(c for c in apart if c.isalnum() or c.isspace()).split()
    return " ".join(sorted(words))


def _traces(name: str) -> frozenset[str]:
    """Return what a name leaves when any one letter is taken out: names a letter apart share a trace. Digits stay."""
    plain = _plain(name)
    if len(plain) < SHORTEST_ALIKE:
        return frozenset((plain,))
    return frozenset((plain, *(plain[:at] + plain[at + 1 :] for at, c in enumerate(plain) if c.isalpha())))


def _may_be_one(name: str, other: str) -> bool:
    """Say whether two names share a word, or are two spellings of one: a married name, a short first name."""
    return bool(set(_plain(name).split()) & set(_plain(other).split()) or _traces(name) & _traces(other))
