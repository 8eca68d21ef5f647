"""Servers of another day: an older one does not know a kind of record, a newer one knows more and says more.

Nothing is copied. What a server knows is two tables and a number of the application, and they are set here.
"""

from __future__ import annotations

import json

from app.learning import acts
from app.sync import judging

PRESENT_KINDS = dict(acts.ACT_KINDS)
PRESENT_SCHEMA = judging.NEWEST_SCHEMA
FIELD = "of_tomorrow"


class OfTomorrow(acts._Data):
    """A kind of record that no released server knows."""

    text: str


def become(variant: str) -> None:
    """Know what a server of this variant knows: "older", "present" or "newer"."""
    acts.ACT_KINDS.clear()
    acts.ACT_KINDS.update(PRESENT_KINDS)
    judging.NEWEST_SCHEMA = PRESENT_SCHEMA
    if variant == "older":
        del acts.ACT_KINDS["reflection.saved"]
    elif variant == "newer":
        acts.ACT_KINDS["of.tomorrow"] = False
        judging.NEWEST_SCHEMA = PRESENT_SCHEMA + 1
    acts._SHAPES["of.tomorrow"] = OfTomorrow


def says_more(body: str) -> str:
    """Return a reply as a newer server would word it: with fields no phone of today has heard of."""
    reply = json.loads(body)
    for value in [reply, *(each for part in reply.values() if isinstance(part, list) for each in part)]:
        if isinstance(value, dict):
            value[FIELD] = {"more": [1, None]}
    return json.dumps(reply, separators=(",", ":"))
