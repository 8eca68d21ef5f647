"""Collecting problems, and guessing what an author meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from app.content.types import Problem, Severity


class Problems:
    """The problems of one file, in the order they were found; `sorted()` gives them by line."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: list[Problem] = []

    def error(self, line: int, code: str, message: str, suggestion: str = "") -> None:
        """Note something that stops publishing."""
        self._add(Severity.ERROR, line, code, message, suggestion)

    def warning(self, line: int, code: str, message: str, suggestion: str = "") -> None:
        """Note something that wants a look."""
        self._add(Severity.WARNING, line, code, message, suggestion)

    def note(self, line: int, code: str, message: str, suggestion: str = "") -> None:
        """Note something worth knowing."""
        self._add(Severity.NOTE, line, code, message, suggestion)

    def _add(self, severity: Severity, line: int, code: str, message: str, suggestion: str) -> None:
        self._found.append(
            Problem(path=self.path, line=line, severity=severity, code=code, message=message, suggestion=suggestion)
        )

    def sorted(self) -> tuple[Problem, ...]:
        """Return them by line; those of one line stay as found."""
        return tuple(sorted(self._found, key=lambda problem: problem.line))


def closest(word: str, known: Iterable[str], cutoff: float = 0.55) -> str:
    """Return the known word most like `word`, or an empty string when none is near."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower()[:200], by_lower, n=1, cutoff=cutoff)
    return by_lower[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str], pattern: str = "{}") -> str:
    """Return 'Did you mean "…"?' for the nearest known word, or an empty string."""
    near = closest(word, known)
    return f'Did you mean "{pattern.format(near)}"?' if near else ""


def slug(text: str) -> str:
    """Return `text` as lower-case-with-hyphens: accents and punctuation dropped, as a link to a heading has it."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = re.sub(r"[^a-z0-9\s_-]", "", plain)
    return re.sub(r"[\s_-]+", "-", plain).strip("-")
