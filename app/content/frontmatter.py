"""Front matter: the fields between the two `---` lines, each with its line.

Only PyYAML's safe node tree is used, and the values are read from the text of the nodes by hand. So `13.10` stays
"13.10", `no` stays a word, a date that does not exist gets a kind sentence, and nothing an author types can build an
object.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from app.content.fields import FIELDS
from app.content.problems import Problems, did_you_mean
from app.content.types import Label

LONGEST = 16_000
# Nesting this deep is never meant, and the C parser of YAML recurses.
TOO_DEEP = re.compile(r"(?:[-?:][ \t]+){8}|(?:[\[{][^\]}\n]*){20}")

# The loader only composes nodes here; it constructs nothing.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The fields as text: one string, or a list of strings, or a mapping for `accept`; with the line of each."""

    values: Mapping[str, Label | tuple[Label, ...] | Mapping[str, str]]
    lines: Mapping[str, int]
    body_line: int
    body: str


def split(text: str, problems: Problems) -> Front:
    """Take the front matter off `text`, which has only `\\n` newlines. Mistakes go to `problems`."""
    lines = text.split("\n")
    if not lines or lines[0].rstrip() != "---":
        problems.error(
            1, "front-missing", 'A module starts with a line "---" and its fields.', "See docs/authoring.md."
        )
        return Front(values={}, lines={}, body_line=1, body=text)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        problems.error(
            1, "front-missing", "The fields at the top have no end.", 'Add a line "---" after the last field.'
        )
        return Front(values={}, lines={}, body_line=len(lines) + 1, body="")
    source = "\n".join(lines[1:end])
    values, where = _read(source, problems)
    return Front(values=values, lines=where, body_line=end + 2, body="\n".join(lines[end + 1 :]))


def compose(source: str) -> Any:
    """Return the YAML node tree of `source`. Raises yaml.YAMLError, also for text that is too long or nested too
    deep.
    """
    if len(source) > LONGEST or TOO_DEEP.search(source):
        raise yaml.YAMLError("too long or nested too deep")
    return yaml.compose(source, Loader=_Loader)


def _read(source: str, problems: Problems) -> tuple[dict[str, Any], dict[str, int]]:
    values: dict[str, Any] = {}
    where: dict[str, int] = {}
    try:
        node = compose(source)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        # A bracket that never closes is noticed lines later; say where it opens.
        opened = "flow" in (getattr(problem, "context", None) or "")
        mark = getattr(problem, "context_mark" if opened else "problem_mark", None)
        problems.error(
            mark.line + 2 if mark else 1,
            "front-unreadable",
            "The fields at the top cannot be read from here on.",
            'Write one "field: value" a line. Put the value in "quotes" when it holds a colon.',
        )
        return values, where
    if node is None:
        return values, where
    if not isinstance(node, yaml.MappingNode):
        problems.error(2, "front-unreadable", 'Write the fields as "field: value", one a line.')
        return values, where
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 2
        name = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        if name not in FIELDS:
            hint = did_you_mean(name, FIELDS) or f"The fields are {', '.join(FIELDS)}."
            problems.error(line, "field-unknown", f'"{name}" is not a field we know.', hint)
        elif name in values or name in where:
            problems.error(line, "field-twice", f'"{name}" stands here twice.', "Keep one of the two.")
        else:
            where[name] = line
            value = _value(name, value_node, line, problems)
            if value is not None:
                values[name] = value
    return values, where


def _value(name: str, node: Any, line: int, problems: Problems) -> Any:
    wants_list, wants_map = name in ("criteria", "asc_wds", "credits", "sources"), name == "accept"
    if isinstance(node, yaml.ScalarNode):
        empty = not node.style and node.value in ("", "~", "null")
        if empty:
            return () if wants_list else None
        if not wants_list and not wants_map:
            return Label(value=" ".join(node.value.split()), line=node.start_mark.line + 2)
    elif wants_list and isinstance(node, yaml.SequenceNode):
        if all(isinstance(item, yaml.ScalarNode) for item in node.value):
            return tuple(Label(value=item.value.strip(), line=item.start_mark.line + 2) for item in node.value)
    elif (
        wants_map
        and isinstance(node, yaml.MappingNode)
        and all(isinstance(part, yaml.ScalarNode) for pair in node.value for part in pair)
    ):
        return {key.value.strip(): value.value.strip() for key, value in node.value}
    shape = {
        "criteria": 'Write a list: criteria: ["13.1a", "13.1b"]',
        "asc_wds": "Write a list: asc_wds: [20]",
        "credits": 'Write a list: credits: ["Bramble Home Care"]',
        "sources": 'Write a list: sources: ["https://…"]',
        "accept": 'Write the code and the reason: accept: {reading-level: "why"}',
    }.get(name, f'Write one value: {name}: "…"')
    problems.error(line, "field-wrong", f'"{name}" does not hold what it should.', shape)
    return None


class Fields:
    """Reads single fields out of front matter, noting what is wrong and going on with a harmless value."""

    def __init__(self, front: Front, problems: Problems) -> None:
        self._front = front
        self._problems = problems

    def line(self, name: str) -> int:
        """The line a field stands on, or 1."""
        return self._front.lines.get(name, 1)

    def required(self) -> None:
        """Note each required field that is absent or empty."""
        for name in (field.name for field in FIELDS.values() if field.required):
            absent = name not in self._front.lines
            empty = name not in self._front.values
            if absent or (empty and name != "criteria"):
                self._problems.error(
                    self.line(name), "field-missing", f'"{name}" is missing.', f'Add "{name}: …" at the top.'
                )

    def text(self, name: str) -> str:
        """Return a one-line text, empty when absent."""
        limit = FIELDS[name].longest
        found = self._front.values.get(name)
        if not isinstance(found, Label):
            return ""
        if len(found.value) > limit:
            self._wrong(name, f"Keep it under {limit} characters.")
        return found.value[:limit]

    def number(self, name: str) -> int | None:
        """Return a whole number within the field's limits, or None."""
        low, high = FIELDS[name].low, FIELDS[name].high
        found = self._front.values.get(name)
        if not isinstance(found, Label):
            return None
        if re.fullmatch(r"[0-9]{1,6}", found.value) and low <= int(found.value) <= high:
            return int(found.value)
        self._wrong(name, f"Write a whole number from {low} to {high}.")
        return None

    def day(self, name: str) -> date | None:
        """Return a date, or None."""
        found = self._front.values.get(name)
        if not isinstance(found, Label):
            return None
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", found.value):
            with contextlib.suppress(ValueError):
                return date.fromisoformat(found.value)
        self._wrong(name, "Write a date as year-month-day: 2027-06-01")
        return None

    def one_of(self, name: str, otherwise: str) -> str:
        """Return one of the allowed words."""
        allowed = FIELDS[name].allowed
        value = self.text(name)
        if not value or value in allowed:
            return value or otherwise
        hint = did_you_mean(value, allowed) or f"Write {' or '.join(allowed)}."
        self._wrong(name, hint)
        return otherwise

    def matching(self, name: str, otherwise: str) -> str:
        """Return a text of the field's form, or `otherwise`."""
        value, pattern = self.text(name), FIELDS[name].pattern
        if not value or pattern is None or pattern.match(value):
            return value or otherwise
        self._wrong(name, FIELDS[name].hint)
        return otherwise

    def listed(self, name: str) -> tuple[Label, ...]:
        """Return a list of texts, empty when absent."""
        found = self._front.values.get(name)
        return tuple(item for item in found if item.value) if isinstance(found, tuple) else ()

    def codes(self, name: str, known: Collection[int]) -> tuple[int, ...]:
        """Return a list of whole numbers, each one of `known` and none twice, empty when absent."""
        allowed = {str(code) for code in known}
        values = [item.value for item in self.listed(name)]
        if len(set(values)) == len(values) and set(values) <= allowed:
            return tuple(map(int, values))
        self._wrong(name, f"Write codes once each, out of {', '.join(map(str, sorted(known)))}.")
        return ()

    def reasons(self, name: str) -> dict[str, str]:
        """Return a mapping of words to words, empty when absent."""
        found = self._front.values.get(name)
        return dict(found) if isinstance(found, Mapping) else {}

    def _wrong(self, name: str, hint: str) -> None:
        self._problems.error(self.line(name), "field-wrong", f'"{name}" does not hold what it should.', hint)
