"""The fields at the top of a module, each defined once: reading, the check and the JSON Schema for editors go by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. `kind`: text, number, day, list or reasons. A text may have a form (`pattern`) or be one of `allowed`.

    `low` and `high` are the limits of a number, `longest` that of a text in letters. `words` tell an author what it
    holds; `hint` what to write when the form is wrong.
    """

    name: str
    words: str
    kind: str = "text"
    required: bool = False
    low: int = 0
    high: int = 0
    longest: int = 300
    allowed: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    hint: str = ""


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(
            name="key", words="The folder's name: lower-case words with hyphens. It never changes.", required=True,
            pattern=KEY, hint="Write lower-case words with hyphens, as the folder is called.",
        ),
        Field(name="title", words="What the carer sees in the list.", required=True, longest=120),
        Field(
            name="edition", words="A whole number. It starts at 1.", kind="number", required=True, low=1, high=100_000,
        ),
        Field(
            name="change", allowed=("minor", "major"),
            words="From edition 2 on. minor: it still counts for who did the last one. major: they take it again.",
        ),
        Field(name="summary", words="One sentence: what the carer can do afterwards.", required=True),
        Field(
            name="minutes", words="How long it takes. 3 to 7 is right.", kind="number", required=True, low=1, high=60,
        ),
        Field(name="criteria", words="The codes it teaches, such as 13.1a.", kind="list", required=True),
        Field(
            name="asc_wds", words="Codes of training categories of ASC-WDS it counts as, such as [20].", kind="list",
        ),
        Field(
            name="pass", words="Per cent of right first tries. Leave it out for practice only.", kind="number",
            low=0, high=100,
        ),
        Field(
            name="valid_for_months", words="When to take it again. Leave it out if never.", kind="number",
            low=1, high=120,
        ),
        Field(name="checked_by", words="Name and role of the person who checked the facts. Empty: not checked yet."),
        Field(name="check_again", words="The day the facts are to be checked again: 2027-06-01", kind="day"),
        Field(name="licence", words="Such as CC-BY-4.0.", required=True, longest=80),
        Field(
            name="credits", kind="list",
            words="Who helped to write it, such as providers whose changes were taken. Carers read it at the end.",
        ),
        Field(name="sources", words="Addresses or titles the facts come from.", kind="list"),
        Field(name="pocket", words="One short line to keep, shown at the end."),
        Field(
            name="lang", words="The language, when it is not English: pl", pattern=LANG,
            hint="Write a language code such as en or pl.",
        ),
        Field(name="accept", words="Warnings you accept: their code, and your reason.", kind="reasons"),
    )
}  # fmt: skip


def json_schema() -> dict[str, Any]:
    """Return a JSON Schema of the fields, for editors that check YAML while it is typed."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The fields at the top of a module",
        "description": "Made by flask content schema. docs/authoring.md explains each field.",
        "type": "object",
        "properties": {field.name: _schema(field) for field in FIELDS.values()},
        "required": [field.name for field in FIELDS.values() if field.required],
        "additionalProperties": False,
        # From edition 2 on, change is needed.
        "if": {"properties": {"edition": {"minimum": 2}}, "required": ["edition"]},
        "then": {"required": ["change"]},
    }


def _schema(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"description": field.words}
    match field.kind:
        case "number":
            whole = "integer" if field.required else ["integer", "null"]
            return told | {"type": whole, "minimum": field.low, "maximum": field.high}
        case "list":
            some = "array" if field.required else ["array", "null"]
            return told | {"type": some, "items": {"type": ["string", "number"]}}
        case "reasons":
            return told | {"type": ["object", "null"], "additionalProperties": {"type": "string"}}
        case "day":
            # Written without quotes it is a date to YAML, and a text to most editors.
            return told | {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    told["type"] = "string" if field.required else ["string", "null"]
    if field.allowed:
        return told | {"enum": [*field.allowed, None]}
    if field.pattern:
        told["pattern"] = "^" + field.pattern.pattern.removesuffix(r"\Z") + "$"
    return told | {"maxLength": field.longest} | ({"minLength": 1} if field.required else {})
