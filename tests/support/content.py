"""The example module with all seven kinds, and short ways to check a text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.content import Checked, Surroundings, check

EXAMPLE = Path(__file__).parent.parent / "unit/content/example"
TODAY = date(2026, 11, 22)
CRITERIA = frozenset({"13.1a", "13.1b", "13.1c", "13.2a"})
GLOSSARY = frozenset({"sepsis"})


def example() -> str:
    return (EXAMPLE / "module.md").read_text(encoding="utf-8")


def picture() -> bytes:
    return (EXAMPLE / "stairs.svg").read_bytes()


def checked(text: str | bytes, **changes: object) -> Checked:
    """Check a text as the example is checked: its picture beside it, four known criteria, a small glossary."""
    around = {"today": TODAY, "criteria": CRITERIA, "glossary": GLOSSARY, "files": {"stairs.svg": picture()}, **changes}
    return check(text, "on-the-stairs/module.md", Surroundings(**around))
