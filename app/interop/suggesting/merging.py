"""Putting a suggestion onto today's text, when the module moved on since it was written. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.authoring.history import lines_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Lines that both sides changed. Today's stay, from line `line` of the merged text on, counted from 1."""

    line: int
    today: str
    suggested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Today's text with what could be carried over."""

    text: str
    conflicts: tuple[Conflict, ...]


def merge(base: str, today: str, suggested: str) -> Merged:
    """Carry what `suggested` changed of `base` over to `today`, which changed too.

    Where both changed the same lines in another way, today's stay and the conflict is told.
    """
    old, ours, theirs = base.split("\n"), today.split("\n"), suggested.split("\n")
    here, there = lines_now(base, today), lines_now(base, suggested)
    merged: list[str] = []
    conflicts: list[Conflict] = []
    # Where each of the three is, from 0; every round takes what lies before the next line that all have.
    at = mine = others = 0
    for number in [*sorted(here.keys() & there.keys()), None]:
        end = (number - 1, here[number] - 1, there[number] - 1) if number else (len(old), len(ours), len(theirs))
        was, now, wanted = old[at : end[0]], ours[mine : end[1]], theirs[others : end[2]]
        if wanted in (was, now):
            merged += now
        elif now == was:
            merged += wanted
        else:
            conflicts.append(Conflict(line=len(merged) + 1, today="\n".join(now), suggested="\n".join(wanted)))
            merged += now
        if number:
            merged.append(ours[end[1]])
        at, mine, others = end[0] + 1, end[1] + 1, end[2] + 1
    return Merged(text="\n".join(merged), conflicts=tuple(conflicts))
