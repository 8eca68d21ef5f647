"""A list of modules in sixteen parts, each with a figure: whoever names the figures gets the parts that differ. Pure.

The phone's half is service_worker/core/parts.ts; both run tests/contract/parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

PARTS = 16
FIGURE = 8  # hexadecimal digits each


class Listed(Protocol):
    """What a figure is made of: with it everything else that is listed of an edition is the same."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def sha(self) -> str: ...  # noqa: D102
    @property
    def pack(self) -> str: ...  # noqa: D102
    @property
    def topic(self) -> str: ...  # noqa: D102


Module = TypeVar("Module", bound=Listed)


@lru_cache(maxsize=20_000)
def _mixed(text: str) -> int:
    """Return FNV-1a of a text: short to write in both languages. It tells by mistake changed from changed by nobody."""
    mixed = 0x811C9DC5
    for byte in text.encode():
        mixed = ((mixed ^ byte) * 0x01000193) & 0xFFFFFFFF
    return mixed


def part_of(key: str) -> int:
    """Return the part a module belongs to, for good."""
    return _mixed(key) % PARTS


def figures(modules: Iterable[Listed]) -> str:
    """Return the figures of all parts, one after the other: of each the XOR over its modules, in any order."""
    parts = [0] * PARTS
    for each in modules:
        parts[part_of(each.key)] ^= _mixed(f"{each.sha} {each.pack} {each.topic}")
    return "".join(f"{part:08x}" for part in parts)


def folded(parts: str) -> str:
    """Return one figure for all of them."""
    whole = 0
    for place in range(0, PARTS * FIGURE, FIGURE):
        whole ^= int(parts[place : place + FIGURE], 16)
    return f"{whole:08x}"


def differing(modules: Sequence[Module], known: str) -> dict[int, list[Module]]:
    """Return the parts whose figures are not the `known` ones, empty ones too; all where `known` is no figures."""
    now = figures(modules)
    wanted = [
        part
        for part in range(PARTS)
        if now[part * FIGURE : (part + 1) * FIGURE] != known[part * FIGURE : (part + 1) * FIGURE]
    ]
    found = defaultdict(list)
    for each in modules:
        found[part_of(each.key)].append(each)
    return {part: found[part] for part in wanted}
