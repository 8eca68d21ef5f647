"""Which module teaches each criterion, and which questions check it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from app.content.library import Library
from app.content.parse import parse
from app.content.problems import Problems

# A criterion that one question checks is checked by luck: the second one is of another kind where it can be.
QUESTIONS_WANTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One criterion. `questions` are "module#id"; `kinds` the kinds of those questions, each once.

    A practice criterion is met by being seen; a module only says what the assessor will look for, so no number of
    questions is asked of it.
    """

    framework: str
    standard: int
    code: str
    text: str
    kind: str
    code_confirmed: bool
    modules: tuple[str, ...]
    questions: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def gap(self) -> str:
        """What is missing: "not taught", "not checked", "checked once", "not explained" (practice) or nothing."""
        if self.kind == "practice":
            return "" if self.modules else "not explained"
        if not self.modules:
            return "not taught"
        if len(self.questions) < QUESTIONS_WANTED:
            return "checked once" if self.questions else "not checked"
        return ""

    def as_json(self) -> dict[str, Any]:
        """Return it as `flask content coverage --json` shows it."""
        return {
            "framework": self.framework,
            "standard": self.standard,
            "code": self.code,
            "text": self.text,
            "kind": self.kind,
            "code_confirmed": self.code_confirmed,
            "modules": list(self.modules),
            "questions": list(self.questions),
            "kinds": list(self.kinds),
            "gap": self.gap,
        }


def coverage(library: Library) -> tuple[Covered, ...]:
    """Return every criterion of every framework, in order. Modules with mistakes count for what they name."""
    taught: defaultdict[str, list[str]] = defaultdict(list)
    checked: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for folder in library.folders:
        module = parse(folder.text(), Problems(folder.shown))
        for label in module.criteria:
            taught[label.value].append(folder.name)
        for question in module.questions:
            for code in question.criteria:
                checked[code].append((f"{folder.name}#{question.id}", question.kind.value))
    return tuple(
        Covered(
            framework=framework.key,
            standard=standard.number,
            code=criterion.code,
            text=criterion.text,
            kind=criterion.kind,
            code_confirmed=criterion.code_confirmed,
            modules=tuple(taught[criterion.code]),
            questions=tuple(name for name, _ in checked[criterion.code]),
            kinds=tuple(dict.fromkeys(kind for _, kind in checked[criterion.code])),
        )
        for framework in library.frameworks
        for standard, criterion in framework.criteria()
    )
