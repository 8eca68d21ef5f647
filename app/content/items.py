"""Lists, quotes and tables inside a question, read by hand.

Python-Markdown reads a quote under a list item as plain text when its indent is wrong, so questions are read before any
Markdown: here a quote belongs to the answer above it at any indent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.content.problems import Problems
from app.content.types import Words

Lines = list[tuple[int, str]]

ITEM = re.compile(r"( {0,3})([-*+]|\d{1,9}[.)])(?:[ \t]+(.*)|)$")
QUOTE = re.compile(r"([ \t]*)>[ ]?(.*)$")
SEPARATOR = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


@dataclass(slots=True)
class Item:
    """A list item with the quote under it. `numbered` tells `1.` from `-`."""

    line: int
    numbered: bool
    text: list[str]
    quote: list[str] = field(default_factory=list)
    quote_line: int = 0

    @property
    def words(self) -> Words:
        """Its own words, on one line."""
        return Words(text=" ".join(" ".join(self.text).split()), line=self.line)

    @property
    def feedback(self) -> Words | None:
        """The quote under it."""
        return quoted(self.quote, self.quote_line)


@dataclass(slots=True)
class ItemList:
    """A list and the quote that closes it."""

    items: list[Item] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    closing_line: int = 0

    @property
    def explain(self) -> Words | None:
        """The closing quote."""
        return quoted(self.closing, self.closing_line)


def quoted(lines: list[str], line: int) -> Words | None:
    """Return the lines of a quote as Markdown, or None when it says nothing."""
    text = "\n".join(lines).strip()
    return Words(text=text, line=line) if text else None


def stray(problems: Problems, line: int, text: str) -> None:
    """Note a line that belongs to nothing."""
    shown = text.strip()
    shown = shown if len(shown) <= 40 else shown[:39] + "…"
    problems.error(
        line,
        "stray-text",
        f'"{shown}" stands inside a question but belongs to no answer.',
        "Move it into the heading, above the question, or under a new ## heading.",
    )


def read_list(lines: Lines, problems: Problems) -> ItemList:
    """Read items, the quotes under them and a closing quote; anything else is noted as stray."""
    result = ItemList()
    place = "none"  # what an unmarked line straight below would go on with
    for number, line in lines:
        if not line.strip():
            place = "gap"
            continue
        quote, item = QUOTE.match(line), ITEM.match(line)
        if quote and result.items:
            place = _take_quote(result, number, quote, place)
        elif item:
            _closing_was_feedback(result)
            result.items.append(Item(line=number, numbered=item[2][0].isdigit(), text=[item[3] or ""]))
            place = "item"
        elif place == "closing":
            result.closing.append(line.strip())
        elif place == "quote":
            result.items[-1].quote.append(line.strip())
        elif result.items and (place == "item" or line[0] in " \t") and not result.items[-1].quote:
            result.items[-1].text.append(line.strip())
            place = "item"
        else:
            stray(problems, number, line)
    return result


def _take_quote(result: ItemList, number: int, quote: re.Match[str], place: str) -> str:
    if quote[1] and not result.closing:
        item = result.items[-1]
        item.quote.append(quote[2])
        item.quote_line = item.quote_line or number
        return "quote"
    if result.closing and place == "gap":
        result.closing.append("")
    result.closing.append(quote[2])
    result.closing_line = result.closing_line or number
    return "closing"


def _closing_was_feedback(result: ItemList) -> None:
    """A quote with another answer below it was feedback, whatever its indent."""
    if result.closing:
        item = result.items[-1]
        item.quote += result.closing
        item.quote_line = item.quote_line or result.closing_line
        result.closing, result.closing_line = [], 0


def read_table(lines: Lines, problems: Problems) -> tuple[list[tuple[int, list[str]]], Words | None]:
    """Read a table's rows below its heading row, and the quote after it."""
    rows: list[tuple[int, list[str]]] = []
    closing: list[str] = []
    closing_line = 0
    separated = False
    for number, line in lines:
        quote = QUOTE.match(line)
        if not line.strip():
            continue
        if quote:
            closing.append(quote[2])
            closing_line = closing_line or number
        elif closing or "|" not in line:
            stray(problems, number, line)
        elif SEPARATOR.match(line) and not separated:
            separated = True
        else:
            rows.append((number, cells(line)))
    if rows and not separated:
        problems.error(
            rows[0][0],
            "table-heading",
            "The table has no heading row.",
            "Add two lines above: | This | That | and |---|---|",
        )
    return rows[1:] if separated else rows, quoted(closing, closing_line)


def cells(line: str) -> list[str]:
    """Return the cells of a table row; `\\|` is a bar inside a cell."""
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", text)]
