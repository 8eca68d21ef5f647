"""Training categories of the Adult Social Care Workforce Data Set, as its training upload codes them (August 2026).

Which of them a module counts as is how others file it, and no part of what it teaches: so its codes may change without
a new edition, and are not in an edition's bytes nor in the hash of its source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OTHER = 21

CATEGORIES: Mapping[int, str] = {
    2: "dementia",
    7: "basic life support",
    9: "health and safety",
    10: "infection control",
    12: "learning disability",
    13: "medication",
    14: "mental capacity",
    15: "moving people",
    16: "nutrition and hydration",
    17: "end of life",
    20: "safeguarding adults",
    21: "other",
    22: "dignity and person-centred care",
    23: "equality",
    25: "safeguarding children",
    26: "data",
    28: "communication",
    29: "diabetes",
    31: "mental health",
    32: "autism",
    34: "duty of care",
    36: "stroke",
    41: "Oliver McGowan",
    42: "Oliver McGowan",
    43: "Oliver McGowan",
    49: "online safety",
    51: "digital skills",
}

# The Oliver McGowan training is a training of its own, with a live part: no module is that training.
NO_MODULE = frozenset({41, 42, 43})

# The line of the front matter, and the lines of a list below it.
_CODES = re.compile(r"^asc_wds:(?P<value>[^\n]*\n(?:(?:[ \t]|-(?!--))[^\n]*\n)*)", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")


def without_codes(text: str) -> str:
    """Return a module's normalised text without the codes it counts as; any other text as it is."""
    front, rest = _split(text)
    return _CODES.sub("", front) + rest


def codes_in(text: str) -> tuple[int, ...]:
    """Return the codes in a module's text that was checked before, none where it says none."""
    found = _CODES.search(_split(text)[0])
    return tuple(map(int, re.findall(r"\d+", _COMMENT.sub("", found["value"])))) if found else ()


def _split(text: str) -> tuple[str, str]:
    end = text.find("\n---", 3) + 1 if text.startswith("---") else 0
    return text[:end], text[end:]
