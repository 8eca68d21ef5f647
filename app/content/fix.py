"""`--fix`: write the ids an author left out. Nothing else of a file is touched, not even its newlines."""

from __future__ import annotations

import re

from app.content.parse import parse
from app.content.problems import Problems, slug

LONGEST_ID = 40


def add_missing_ids(raw: bytes) -> tuple[bytes, int]:
    """Return the file with an `Id:` line under each question that has none, and how many were added.

    A file that is not UTF-8 comes back as it is. An id once written is never changed.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw, 0
    module = parse(raw, Problems(""))
    taken = {question.id for question in module.questions if question.id}
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    added = 0
    for question in reversed(module.questions):
        if question.id or "id" in question.labels:
            continue
        new = _free(slug(question.prompt.text), taken)
        taken.add(new)
        added += 1
        heading = lines[question.line - 1]
        ending = heading[len(heading.rstrip("\r\n")) :] or "\n"
        below = lines[question.line] if question.line < len(lines) else ""
        where = question.line + (1 if below and not below.strip() else 0)
        gap = "" if where > question.line else ending
        if question.labels:
            lines.insert(where, f"Id: {new}{ending}")
        else:
            lines.insert(where, f"{gap}Id: {new}{ending}{ending}")
    return "".join(lines).encode("utf-8"), added


def _free(wanted: str, taken: set[str]) -> str:
    """Return an id of at most 40 letters, cut between words, that is not taken."""
    short = wanted[: LONGEST_ID + 1]
    short = (short.rsplit("-", 1)[0] if len(wanted) > LONGEST_ID and "-" in short else short[:LONGEST_ID]) or "question"
    candidate, number = short, 2
    while candidate in taken:
        candidate, number = f"{short}-{number}", number + 1
    return candidate
