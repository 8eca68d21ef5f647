"""Giving statements to a learning record store (xAPI 1.0.3, part three, 2.1.2): a batch, and what its answer means.

A store that has a statement already, under its id, says so with 409 or takes it once more; either way it has it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from app.interop.posting import Answer
from app.interop.xapi.making import VERSION, Statement

MOST = 100
MOST_BYTES = 256 * 1024
Post = Callable[[Sequence[Statement]], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why the rest was not given. `for_good`: it would not go better later; a person has to do something."""

    words: str
    for_good: bool


@dataclass(slots=True)
class Given:
    """What a store has now, by id, and what kept the rest from it."""

    ids: list[str] = field(default_factory=list)
    trouble: Trouble | None = None


def give(batch: Sequence[Statement], post: Post) -> Given:
    """Give a batch to a store; one by one where it refuses the batch, so that what is wrong is named."""
    answer = post(batch)
    if answer.taken or (len(batch) == 1 and answer.status == 409):
        return Given([each["id"] for each in batch])
    if answer.status in (400, 409, 413, 422) and len(batch) > 1:
        return _one_by_one(batch, post) if answer.status != 413 else _in_halves(batch, post)
    return Given(trouble=_trouble(answer, batch[0]))


def batches(statements: Sequence[Statement]) -> Iterator[Sequence[Statement]]:
    """Yield statements in their order, at most `MOST` and about `MOST_BYTES` at a time."""
    batch: list[Statement] = []
    size = 0
    for each in statements:
        length = len(json.dumps(each))
        if batch and (len(batch) == MOST or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield batch


def headers(user: str, password: str) -> dict[str, str]:
    """Return the headers of a request to a store."""
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {basic}", "X-Experience-API-Version": VERSION}


def body_of(batch: Sequence[Statement]) -> bytes:
    """Return a batch as it travels."""
    return json.dumps(list(batch), ensure_ascii=False, separators=(",", ":")).encode()


def _one_by_one(batch: Sequence[Statement], post: Post) -> Given:
    given = Given()
    for each in batch:
        one = give([each], post)
        given.ids += one.ids
        if one.trouble is not None:
            given.trouble = one.trouble
            break
    return given


def _in_halves(batch: Sequence[Statement], post: Post) -> Given:
    middle = len(batch) // 2
    given = give(batch[:middle], post)
    if given.trouble is None:
        rest = give(batch[middle:], post)
        given.ids += rest.ids
        given.trouble = rest.trouble
    return given


def _trouble(answer: Answer, statement: Statement) -> Trouble:
    said = f" It said: {answer.words}" if answer.words else ""
    if answer.status in (401, 403):
        return Trouble(words=f"It does not accept the key and secret ({answer.status}). Put them right.", for_good=True)
    if answer.status in (400, 409, 413, 422):
        words = f"It refused the statement {statement['id']} ({answer.status}).{said}"
        return Trouble(words=words, for_good=True)
    if answer.status in (404, 405, 410) or 300 <= answer.status < 400:
        words = f"There is no learning record store at this address ({answer.status}). Check the address."
        return Trouble(words=words, for_good=True)
    return Trouble(words=f"It answered {answer.status}.{said}", for_good=False)
