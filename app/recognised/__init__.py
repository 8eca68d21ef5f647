"""What counts here though it was shown elsewhere: signed statements a manager looked at, and what was decided on each.

Owns those and the decisions, which are only ever added to. Knows neither how a signature is checked nor what a module
or a training asks: `app.interop.recognition` decides what a statement stands in for, and writes it here, so that what
lies above may count it.
"""

from app.recognised.erasing import erase
from app.recognised.errors import RecognitionError
from app.recognised.queries import (
    ANY_OF_ONE,
    body_of,
    codes_of,
    decided,
    last_day,
    lines_of,
    modules_of,
    reaching,
    recognitions,
    stopped,
    titles_of,
)
from app.recognised.service import decide, keep
from app.recognised.types import Decision, Recognised, RecognitionView, Stands, Statement

__all__ = [
    "ANY_OF_ONE",
    "Decision",
    "Recognised",
    "RecognitionError",
    "RecognitionView",
    "Stands",
    "Statement",
    "body_of",
    "codes_of",
    "decide",
    "decided",
    "erase",
    "keep",
    "last_day",
    "lines_of",
    "modules_of",
    "reaching",
    "recognitions",
    "stopped",
    "titles_of",
]
