"""A small content folder on disk, to change and to publish."""

from __future__ import annotations

from pathlib import Path

from tests.support.content import example, picture

PACK = """\
key: core
title: Core
publisher: Test
licence: CC-BY-4.0
framework: care
topics:
  - {key: stairs, title: Stairs, standard: 13}
"""
FRAMEWORK = """\
key: care
title: Care
standards:
  - number: 13
    title: Health and safety
    outcomes:
      - code: "13.1"
        text: stay safe
        criteria:
          - {code: "13.1a", text: know one thing, kind: knowledge, basis: test, code_confirmed: true}
          - {code: "13.1b", text: know another, kind: knowledge, basis: test, code_confirmed: false}
          - {code: "13.1c", text: know a third, kind: knowledge, basis: test, code_confirmed: false}
          - {code: "13.1d", text: do it, kind: practice, basis: test, code_confirmed: false}
"""


class Place:
    """A content folder with the example module in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.module = root / "packs/core/stairs/on-the-stairs"
        self.module.mkdir(parents=True)
        self.write("packs/core/pack.yml", PACK)
        self.write("frameworks/care.yml", FRAMEWORK)
        self.write("glossary/en.yml", "sepsis: A body's dangerous answer to an infection.\n")
        self.write_module(example())
        (self.module / "stairs.svg").write_bytes(picture())

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_module(self, text: str) -> None:
        (self.module / "module.md").write_text(text, encoding="utf-8", newline="")

    def edit(self, *changes: tuple[str, str]) -> None:
        """Replace words in the module; each has to be there."""
        text = (self.module / "module.md").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        self.write_module(text)
