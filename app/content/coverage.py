"""Which module teaches each knowledge criterion, and which questions check it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from app.content.library import Library
from app.content.parse import parse
from app.content.problems import Problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One knowledge criterion. `questions` are "module#id"."""

    framework: str
    standard: int
    code: str
    text: str
    code_confirmed: bool
    modules: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def gap(self) -> str:
        """What is missing: "not taught", "not checked" or nothing."""
        return "not taught" if not self.modules else "not checked" if not self.questions else ""

    def as_json(self) -> dict[str, Any]:
        """Return it as `flask content coverage --json` shows it."""
        return {
            "framework": self.framework,
            "standard": self.standard,
            "code": self.code,
            "text": self.text,
            "code_confirmed": self.code_confirmed,
            "modules": list(self.modules),
            "questions": list(self.questions),
            "gap": self.gap,
        }


def coverage(library: Library) -> tuple[Covered, ...]:
    """Return every knowledge criterion of every framework, in order. Modules with mistakes count for what they name."""
    taught: defaultdict[str, list[str]] = defaultdict(list)
    checked: defaultdict[str, list[str]] = defaultdict(list)
    for folder in library.folders:
        module = parse(folder.text(), Problems(folder.shown))
        for label in module.criteria:
            taught[label.value].append(folder.name)
        for question in module.questions:
            for code in question.criteria:
                checked[code].append(f"{folder.name}#{question.id}")
    return tuple(
        Covered(
            framework=framework.key,
            standard=standard.number,
            code=criterion.code,
            text=criterion.text,
            code_confirmed=criterion.code_confirmed,
            modules=tuple(taught[criterion.code]),
            questions=tuple(checked[criterion.code]),
        )
        for framework in library.frameworks
        for standard, criterion in framework.criteria()
        if criterion.kind == "knowledge"
    )
