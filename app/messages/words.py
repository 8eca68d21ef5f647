"""The words of a nudge: filled in for each person, and looked over before they go. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

LONGEST = 500
NAME, WHAT = "[name]", "[what]"
USUAL = f"Hello {NAME}. When you have a few minutes: {WHAT}. You can stop at any time and carry on later."
NOTHING_NAMED = "have a look at Today"
# How many modules are named before they are only counted.
NAMED = 3

_GAP = re.compile(r"\[[^\]\n]{0,40}\]")
_NUMBER = r"(?:\d+|a|one|two|three|four|five|six|seven|eight|nine|ten|several|many)"
_COUNTED = re.compile(
    rf"\b{_NUMBER}\s+(?:days?|weeks?|months?)\s+(?:late|overdue|behind|missed)\b"
    rf"|\b(?:late|overdue|behind)\s+(?:by|for)\s+{_NUMBER}\s+(?:days?|weeks?|months?)\b"
    rf"|\bmissed\s+{_NUMBER}\s+(?:days?|weeks?|times)\b",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\byou\s+(?:still\s+)?(?:have\s+not|haven['’]t|did\s+not|didn['’]t|failed|forgot|are\s+late|are\s+behind|never)\b"
    r"|\byour\s+fault\b|\bno\s+excuses?\b|\b(?:last|final)\s+warning\b|\bdisappointed\b|\blazy\b|\bfailed\s+to\b",
    re.IGNORECASE,
)


def fill(template: str, *, name: str, what: str) -> str:
    """Return the exact words for one person: their first name, and what it is about."""
    words = template.replace(NAME, name.split()[0] if name.split() else name).replace(WHAT, what or NOTHING_NAMED)
    return " ".join(words.split(" ")).strip()


def about(modules: Sequence[tuple[str, int]]) -> str:
    """Return modules, pairs of title and minutes, as one phrase: "Choking (8 minutes)", or how many there are."""
    minutes = sum(each for _, each in modules)
    time = f"({minutes} minute{'' if minutes == 1 else 's'}{' in all' if len(modules) > 1 else ''})"
    if not modules:
        return ""
    if len(modules) > NAMED:
        return f"{len(modules)} short modules {time}"
    return f"{_listed([title for title, _ in modules])} {time}"


def mend(template: str) -> str | None:
    """Say what must be mended before these words can go, or None."""
    if not template.strip():
        return "Write a line or two."
    if len(template) > LONGEST:
        return f"Use at most {LONGEST} letters. These are {len(template)}."
    if unknown := [gap for gap in _GAP.findall(template) if gap not in (NAME, WHAT)]:
        return f"We do not know what to put for {unknown[0]}. There are {NAME} and {WHAT}."
    if found := _COUNTED.search(template):
        return f"Take out “{found[0]}”. Say what to do next, not how long it has been."
    return None


def consider(template: str) -> str | None:
    """Say what may read as blame, for the sender to think about, or None. It is their choice."""
    found = _BLAME.search(template)
    return f"“{found[0]}” may read as blame. Say what to do next, or send it as it is." if found else None


def of_dates(
    name: str,
    dates: Sequence[tuple[str, int, date, bool | None]],
    tasks: Sequence[tuple[str, str, date, bool]] = (),
) -> str:
    """Return the words of a nudge the server sends by itself.

    `dates`: title, minutes, the day, and None while that is to come, else whether it was done before and ran out.
    `tasks`: delegated tasks, each with its alias, its last day, and whether that has passed.
    """
    parts = []
    for title, minutes, day, ran_out in dates[:NAMED]:
        when = "is to be done by" if ran_out is None else "ran out on" if ran_out else "was to be done by"
        parts.append(f"{title} {when} {day.day} {day:%B}, {minutes} minute{'' if minutes == 1 else 's'}")
    more = f" And {len(dates) - NAMED} more on Today." if len(dates) > NAMED else ""
    lines = [f"{'; '.join(parts)}.{more} You can stop at any time and carry on later."] if parts else []
    for task, alias, day, ended in tasks:
        what = f"{day.day} {day:%B}: {task}, for {alias}."
        lines.append(
            f"Delegated until {what} It has ended. Do not do it: ring the office."
            if ended
            else f"Delegated until {what} Ask the office who looks at it again."
        )
    return " ".join([f"Hello {name.split()[0]}.", *lines])


def _listed(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
