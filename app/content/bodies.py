"""The body of a question, by kind: boxes, steps, pairs or prompts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.content.items import Item, Lines, read_list, read_table
from app.content.problems import Problems
from app.content.types import Kind, Option, Pair, Words

MOST_ANSWERS = 10


def read_body(kind: Kind, lines: Lines, heading: int, problems: Problems) -> dict[str, Any]:
    """Return the fields of a Question that its kind fills. `heading` is the line to name when something is missing."""
    filled: dict[str, Any] = _BODIES[kind](lines, heading, problems)
    return filled


def _options(lines: Lines, heading: int, problems: Problems) -> tuple[tuple[Option, ...], Words | None]:
    found = read_list(lines, problems)
    options = []
    for item in found.items:
        words = item.words
        box = re.match(r"\[([ xX])\](?:\s+(.*))?$", words.text) if not item.numbered else None
        right = bool(box and box[1] in "xX")
        if box:
            text = box[2] or ""
        else:
            text = re.sub(r"^\[[^\]]{0,3}\]?\s*", "", words.text)
            wrong = words.text.startswith("[") and not item.numbered
            problems.error(
                item.line,
                "box-wrong" if wrong else "box-missing",
                "Put a space or an x in the box." if wrong else "This answer has no box.",
                'Write "- [ ] …", or "- [x] …" when it is right.',
            )
        _not_empty(text, item, problems)
        options.append(Option(words=Words(text=text, line=item.line), right=right, feedback=item.feedback))
    if not 2 <= len(options) <= MOST_ANSWERS:
        problems.error(
            heading,
            "answer-count",
            f"There are {len(options)} answers here.",
            f"Write 2 to {MOST_ANSWERS}, each on a line.",
        )
    return tuple(options), found.explain


def _not_empty(text: str, item: Item, problems: Problems) -> None:
    if not text.strip():
        problems.error(
            item.line, "answer-empty", "There are no words here.", "Write them on the same line, or take the line away."
        )


def _single(lines: Lines, heading: int, problems: Problems) -> dict[str, Any]:
    options, explain = _options(lines, heading, problems)
    right = [option for option in options if option.right]
    if options and len(right) != 1:
        line = right[1].words.line if right else heading
        message = f"{len(right)} answers have an x. Pick one needs exactly one."
        hint = (
            "Take the x out of all but one box, or write **Pick all that apply.**" if right else "Put an x in one box."
        )
        problems.error(line, "right-count", message, hint)
    return {"options": options, "explain": explain}


def _multiple(lines: Lines, heading: int, problems: Problems) -> dict[str, Any]:
    options, explain = _options(lines, heading, problems)
    if options and not any(option.right for option in options):
        problems.error(heading, "right-count", "No answer has an x.", "Put an x in the box of each right answer.")
    return {"options": options, "explain": explain}


def _truefalse(lines: Lines, heading: int, problems: Problems) -> dict[str, Any]:
    options, explain = _options(lines, heading, problems)
    said = [option.words.text.rstrip(".").lower() for option in options]
    if sorted(said) != ["false", "true"]:
        problems.error(
            heading, "true-false", "True or false has these two answers only.", 'Write "- [x] True" and "- [ ] False".'
        )
    elif sum(option.right for option in options) != 1:
        problems.error(heading, "right-count", "Exactly one of the two boxes needs an x.", "Put an x in one box.")
    return {"options": options, "explain": explain}


def _no_quotes(items: list[Item], problems: Problems) -> None:
    for item in items:
        if item.quote:
            problems.error(
                item.quote_line,
                "quote-place",
                "There is no feedback on a single line here.",
                "Put one quote, not indented, at the end.",
            )


def _ordering(lines: Lines, heading: int, problems: Problems) -> dict[str, Any]:
    found = read_list(lines, problems)
    _no_quotes(found.items, problems)
    for item in found.items:
        if not item.numbered:
            problems.error(item.line, "list-kind", "Steps are a numbered list.", 'Begin the line with "1."')
        _not_empty(item.words.text, item, problems)
    if not 3 <= len(found.items) <= 7:
        problems.error(
            heading, "step-count", f"There are {len(found.items)} steps here.", "Write 3 to 7, in the right order."
        )
    return {"items": tuple(item.words for item in found.items), "explain": found.explain}


def _matching(lines: Lines, heading: int, problems: Problems) -> dict[str, Any]:
    rows, explain = read_table(lines, problems)
    pairs: list[Pair] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        if len(row) != 2 or not row[1]:
            problems.error(
                number, "table-cells", "A row has two cells: a thing, and what goes with it.", "Write | this | that |"
            )
            continue
        for side, text in zip(("left", "right"), row, strict=True):
            if text and f"{side} {text.lower()}" in seen:
                problems.error(
                    number,
                    "pair-twice",
                    f'"{text[:40]}" stands in this table twice.',
                    "Each thing has a match of its own.",
                )
            seen[f"{side} {text.lower()}"] = number
        left = Words(text=row[0], line=number) if row[0] else None
        pairs.append(Pair(left=left, right=Words(text=row[1], line=number)))
    count = sum(pair.left is not None for pair in pairs)
    if not 2 <= count <= 8 or len(pairs) > MOST_ANSWERS:
        problems.error(
            heading, "pair-count", f"There are {count} pairs here.", f"Write 2 to 8, and at most {MOST_ANSWERS} rows."
        )
    return {"pairs": tuple(pairs), "explain": explain}


def _reflection(lines: Lines, heading: int, problems: Problems) -> dict[str, Any]:
    found = read_list(lines, problems)
    _no_quotes(found.items, problems)
    for item in found.items:
        if item.numbered or re.match(r"\[[ xX]?\]", item.words.text):
            problems.error(item.line, "list-kind", "Prompts are a plain list.", 'Begin the line with "-" and no box.')
        _not_empty(item.words.text, item, problems)
    if not found.items:
        problems.error(
            heading,
            "prompt-count",
            "There is nothing to think about here.",
            'Add one to five lines that begin with "-".',
        )
    return {"prompts": tuple(item.words for item in found.items), "explain": found.explain}


_BODIES: Mapping[Kind, Any] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUEFALSE: _truefalse,
    Kind.ORDERING: _ordering,
    Kind.MATCHING: _matching,
    Kind.REFLECTION: _reflection,
    Kind.BRANCHING: _single,
}
