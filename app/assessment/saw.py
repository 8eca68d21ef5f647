"""What a learner had on screen when they confirmed an observation, as a digest. The phone makes the same one.

A confirmation carries the SHA-256 of what was shown (`saw`), so that nobody agrees to other content than what is kept.
What is shown is one of two things: all of it, as the server sends it, or what the squares on the assessor's phone
tell. Either is written as JSON, without spaces, in UTF-8, and hashed:

    [1, standard, "YYYY-MM-DD", [[code, decision, words], …], next step or null, "YYYY-MM-DD" or null]

1 is the number of this form. The squares tell the criteria that are "yes", then those that are "not-yet", in the
record's order, without words (null) and without the day to look again (null); a step of more than 140 characters is cut
to 139 and an ellipsis. Names and the criteria's own texts are left out: both may be put right later. The cases are in
tests/contract/saw; the phone's half is service_worker/page/practice/link.ts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date

FORM = 1
MOST_STEP = 140
# Code, decision, words.
Line = tuple[str, str, str | None]


def digest_of(
    *, standard: int, seen_on: date, lines: Sequence[Line], next_step: str | None, next_on: date | None
) -> str:
    """Return the digest of one thing that was shown, as 64 hex digits."""
    days = seen_on.isoformat(), None if next_on is None else next_on.isoformat()
    shown = [FORM, standard, days[0], [list(line) for line in lines], next_step, days[1]]
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def digests_of(
    *, standard: int, seen_on: date, lines: Sequence[Line], next_step: str | None, next_on: date | None
) -> str:
    """Return both digests that fit an observation, with a space between: all of it, and what the squares tell."""
    whole = digest_of(standard=standard, seen_on=seen_on, lines=lines, next_step=next_step, next_on=next_on)
    told: list[Line] = [(code, how, None) for wanted in ("yes", "not-yet") for code, how, _ in lines if how == wanted]
    step = next_step if not next_step or len(next_step) <= MOST_STEP else f"{next_step[: MOST_STEP - 1]}…"
    return f"{whole} {digest_of(standard=standard, seen_on=seen_on, lines=told, next_step=step or None, next_on=None)}"
