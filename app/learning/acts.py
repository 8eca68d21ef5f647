"""The data of each kind of record, as far as the server uses it. What it does not use it does not demand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticSerializationError, to_json

from app.learning.types import StudiedEdition

# Kind of record → whether it is about an edition, and cannot be judged without it.
ACT_KINDS = {"lesson.read": True, "quiz.answered": True, "reflection.saved": True, "look-back.answered": False}
# A lesson left open over night says nothing about learning.
LONGEST_SECONDS = 24 * 60 * 60
# What the id of an attempt can be.
ATTEMPT = re.compile(r"[0-9A-Za-z-]{1,36}")
_UNSTORABLE = dict.fromkeys((0, *range(55296, 57344)), "�")


def storable(value: Any) -> Any:
    """Replace the characters a database cannot hold, NUL and halves of a pair, in every text of a JSON value.

    The log keeps them as they came.
    """
    # Hardly any value holds one, and pydantic's writer looks through it in a quarter of the time: it writes NUL as an
    # escape, and gives up at a half of a pair.
    try:
        if b"\\u0000" not in to_json(value):
            return value
    except PydanticSerializationError:
        pass
    return _mended(value)


def _mended(value: Any) -> Any:
    if type(value) is str:
        return value.translate(_UNSTORABLE)
    if type(value) is list:
        return [_mended(each) for each in value]
    if type(value) is dict:
        return {_mended(key): _mended(each) for key, each in value.items()}
    return value


def _seconds(value: Any) -> int:
    if type(value) is int and 0 <= value <= LONGEST_SECONDS:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return int(min(max(value, 0), LONGEST_SECONDS))


ShortText = Annotated[str, Field(max_length=200)]
Seconds = Annotated[int, BeforeValidator(_seconds)]


class _Data(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class LessonReadData(_Data):
    """A lesson was open for `seconds`."""

    lesson: ShortText
    seconds: Seconds


class QuizAnsweredData(NamedTuple):
    """One attempt from start to end: every try at every question, in order. A tuple, as most records are of these."""

    attempt: str
    seconds: int
    answers: dict[str, Any]

    @classmethod
    def model_validate(cls, data: Any) -> QuizAnsweredData:
        """Read it as the models beside it do, in a third of the time. Raises ValueError, KeyError or TypeError."""
        attempt, answers = data["attempt"], data["answers"]
        if not isinstance(attempt, str) or not ATTEMPT.fullmatch(attempt) or not isinstance(answers, dict):
            raise ValueError("not a finished quiz")
        return cls(attempt, _seconds(data["seconds"]), answers)


class ReflectionData(_Data):
    """Words a learner wrote; `text` is None when they are for the learner alone."""

    question: ShortText
    shared_with: Literal["assessor", "only me"]
    text: str | None


class LookBackData(_Data):
    """Questions from earlier modules, answered again. Kept in the log; nothing is worked out from it."""

    items: list[dict[str, Any]]


_SHAPES: dict[str, type[_Data] | type[QuizAnsweredData]] = {
    "lesson.read": LessonReadData,
    "quiz.answered": QuizAnsweredData,
    "reflection.saved": ReflectionData,
    "look-back.answered": LookBackData,
}


def parse(kind: str, data: Any) -> _Data | QuizAnsweredData | None:
    """Return the data of a record of this kind, or None when it does not fit."""
    try:
        return _SHAPES[kind].model_validate(data)
    except (ValueError, KeyError, TypeError):  # pydantic's own error is a ValueError
        return None


def understand(kind: str, data: Mapping[str, Any], edition: StudiedEdition | None) -> object | None:
    """Return the data of a record, or None when it has not its kind's shape or names what its edition does not have."""
    found = parse(kind, data)
    if isinstance(found, LessonReadData) and edition is not None and found.lesson not in edition.lessons:
        return None
    return found
