"""Fill a shell document with one screen of an edition.

`service_worker/core/compose.ts` does the same on the phone, and both give the same bytes: the cases in
`tests/contract/compose/` hold them to it. So nothing here may depend on the language it is written in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

TOKEN = re.compile(r"%%([a-z_]+)%%")

NOT_CHECKED = (
    '<div class="bv-alert bv-alert--important"><p class="bv-alert__title">Not checked yet</p>'
    "<p>Nobody qualified has checked the facts in this module yet. "
    "Follow the care plan, and ask if you are unsure.</p></div>"
)


class NoSuchPart(LookupError):
    """The edition has no part of that number; parts count from 1."""


def fill(shell: str, values: Mapping[str, str]) -> str:
    """Put `values`, which are HTML already, in the place of their `%%tokens%%`; a token without a value is left empty.

    One pass: a `%%title%%` inside a lesson's own words is not filled again.
    """
    return TOKEN.sub(lambda found: values.get(found[1], ""), shell)


def shell_for(edition: Mapping[str, Any], part: int) -> str:
    """Name the shell document of this part: "lesson" or "question". Raises NoSuchPart."""
    return str(_part(edition, part)["kind"])


def start_page(shell: str, edition: Mapping[str, Any], sha: str) -> str:
    """Fill the shell "module": what the module is, before anything of it is opened."""
    return fill(
        shell,
        {
            **_common(edition, sha),
            "title": escape(edition["title"]),
            "body": _start_body(edition),
            "notice": _notice(edition),
            "back": "/learn",
            "next": _address(edition, 1),
        },
    )


def part_page(shell: str, edition: Mapping[str, Any], sha: str, part: int) -> str:
    """Fill the shell `shell_for` names with part number `part`, counted from 1. Raises NoSuchPart."""
    item = _part(edition, part)
    parts = len(edition["parts"])
    question = item["kind"] == "question"
    return fill(
        shell,
        {
            **_common(edition, sha),
            "title": escape(item["title"]),
            "body": item["question"]["prompt"] if question else item["html"],
            "kind": item["question"]["kind"] if question else "lesson",
            "question": escape(item["id"]) if question else "",
            "part": str(part),
            "back": _address(edition, part - 1) if part > 1 else f"/learn/{escape(edition['key'])}",
            "next": _address(edition, part + 1 if part < parts else "end"),
            "progress": _progress(part, parts),
        },
    )


def end_page(shell: str, edition: Mapping[str, Any], sha: str) -> str:
    """Fill the shell "end", reached after the last part."""
    pocket = edition["pocket"]
    return fill(
        shell,
        {
            **_common(edition, sha),
            "title": escape(edition["title"]),
            "body": f'<div class="bv-slip"><p class="bv-slip__line">{escape(pocket)}</p></div>' if pocket else "",
            "kind": "end",
            "back": _address(edition, len(edition["parts"])),
            "next": "/today",
        },
    )


def _part(edition: Mapping[str, Any], part: int) -> Mapping[str, Any]:
    if not 1 <= part <= len(edition["parts"]):
        raise NoSuchPart(part)
    found: Mapping[str, Any] = edition["parts"][part - 1]
    return found


def _common(edition: Mapping[str, Any], sha: str) -> dict[str, str]:
    return {
        "module": escape(edition["key"]),
        "module_title": escape(edition["title"]),
        "edition": str(edition["edition"]),
        "sha": escape(sha),
        "parts": str(len(edition["parts"])),
        "lang": escape(edition["lang"]),
        "dir": "rtl" if edition["lang"].split("-")[0] in ("ar", "fa", "he", "ps", "ur") else "ltr",
    }


def _address(edition: Mapping[str, Any], where: int | str) -> str:
    return f"/learn/{escape(edition['key'])}/{edition['edition']}/{where}"


def _progress(part: int, parts: int) -> str:
    been = '<li class="bv-progress__bar bv-progress__bar--been"></li>' * part
    ahead = '<li class="bv-progress__bar"></li>' * (parts - part)
    return (
        f'<div class="bv-progress"><p class="bv-progress__words">Part {part} of {parts}</p>'
        f'<ol class="bv-progress__bars" aria-hidden="true">{been}{ahead}</ol></div>'
    )


def _start_body(edition: Mapping[str, Any]) -> str:
    lessons = [part for part in edition["parts"] if part["kind"] == "lesson"]
    asked = len(edition["parts"]) - len(lessons)
    contents = "".join(f"<li>{escape(part['title'])}</li>" for part in lessons)
    minutes = "1 minute" if edition["minutes"] == 1 else f"{edition['minutes']} minutes"
    counts = ("1 lesson" if len(lessons) == 1 else f"{len(lessons)} lessons") + (
        "" if asked == 0 else ", 1 question" if asked == 1 else f", {asked} questions"
    )
    return (
        f'<p class="bv-lead">{escape(edition["summary"])}</p>'
        f'<p class="bv-row bv-soft"><span>{minutes}</span><span>{counts}</span></p>'
        f'<h2 class="bv-section__title">What is in it</h2><ul>{contents}</ul>'
    )


def _notice(edition: Mapping[str, Any]) -> str:
    checked = edition["checked_by"]
    return f'<p class="bv-soft bv-small">Facts checked by {escape(checked)}.</p>' if checked else NOT_CHECKED
