"""Training categories of the Adult Social Care Workforce Data Set, as its training upload codes them (August 2026)."""

from __future__ import annotations

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
