"""A content folder of any size, made from the lessons that stand here: as long, as varied and with as many pictures."""

from __future__ import annotations

import re
import shutil
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parent.parent


def make(target: Path, modules: int) -> None:
    """Write a library of `modules` modules to `target`: copies of ours under other keys."""
    shipped = sorted((ROOT / "content/packs").glob("*/*/*/module.md"))
    shutil.copytree(ROOT / "content/frameworks", target / "frameworks")
    shutil.copytree(ROOT / "content/glossary", target / "glossary")
    for pack in (ROOT / "content/packs").iterdir():
        (target / "packs" / pack.name).mkdir(parents=True)
        shutil.copy(pack / "pack.yml", target / "packs" / pack.name / "pack.yml")
    for number, module in enumerate(islice(cycle(shipped), modules)):
        turn = number // len(shipped)
        key = f"{module.parent.name}-{turn}" if turn else module.parent.name
        place = target / "packs" / module.relative_to(ROOT / "content/packs").parents[1] / key
        shutil.copytree(module.parent, place)
        if turn:
            _renamed(place / "module.md", key)


def _renamed(module: Path, key: str) -> None:
    """Give a copy its key, and a title of its own, so that no two editions are the same."""
    text = module.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^key: .*$", f"key: {key}", text, count=1)
    module.write_text(text, encoding="utf-8", newline="\n")
