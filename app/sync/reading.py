"""From bytes to records that can be stored. Pure, and never surprised: everything here was sent by a stranger."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import chain, repeat
from operator import itemgetter
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from app import learning
from app.sync.errors import BadBatch
from app.sync.types import Code, ReadRecord

LARGEST_RECORD = 64 * 1024
DEEPEST = 64
# Whole numbers a phone can mean: beyond this JavaScript itself loses digits.
LARGEST_NUMBER = 2**53
LARGEST_OFFSET = 100 * 366 * 86_400_000
# Where a telephone's clock starts when it knows nothing. What is said to be earlier cannot be meant, and a database
# that counts in another time zone could not give the first day of all years back.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KIND = re.compile(r"[a-z][a-z0-9.-]{0,39}")
_SHA = re.compile(r"[0-9a-f]{64}")
_LONG_NUMBER = re.compile(r"[0-9]{20}")
# A string, passed over as a whole, or a bracket. A string without an end reaches to the end of the text: were it no
# match, the search would begin anew at every quotation mark in it, and a few megabytes would take days.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


# What was parsed holds no circle to look for.
_ENCODER = json.JSONEncoder(
    ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)
# What our phones send of a finished quiz, in the order of the canonical text. All but `off` and the answers, which may
# be of any shape, are texts and whole numbers.
_ENVELOPE = ("app", "at", "data", "dev", "edition", "id", "kind", "lang", "mono", "off", "seq", "v")
_QUIZ = ("answers", "attempt", "edition_no", "module", "seconds", "seed", "started")
_of_envelope, _of_quiz = itemgetter(*_ENVELOPE), itemgetter(*_QUIZ)
_FINISHED_QUIZ = (
    '{"app":"%s","at":"%s","data":{"answers":%s,"attempt":"%s","edition_no":%d,"module":"%s","seconds":%d,"seed":%d,'
    '"started":"%s"},"dev":"%s","edition":"%s","id":"%s","kind":"quiz.answered","lang":"%s","mono":%d,"off":%s,'
    '"seq":%d,"v":%d}'
)
# Below this many, reading them together takes longer than one by one.
_FEW = 4
# Stands between values that are written together. It is written as an escape, and who takes them apart wants no other.
_BETWEEN = "\0"
_WRITTEN_BETWEEN = ',"\\u0000",'
# For looking at bytes as at a row of digits and what is none.
_DIGITS = bytes(ord("0") if ord("0") <= byte <= ord("9") else ord(" ") for byte in range(256))


def _made_once() -> Callable[[Any], str]:
    """Return `_ENCODER.encode`, which makes its encoder anew for each value: a third of the time of a small one."""
    # A Python without its module in C has none.
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return _ENCODER.encode
    write = make(None, _ENCODER.default, json.encoder.encode_basestring_ascii, None, ":", ",", True, False, False)
    return lambda value: "".join(write(value, 0))


_CANONICAL = _made_once()


class Unfit:
    """Stands for a number JSON does not have, or that no machine could store, and for what is nested too deep."""


def parse_json(text: str) -> Any:
    """Parse JSON, putting `Unfit()` where something cannot be stored, so that only the record around it suffers.

    Raises BadBatch when it is not JSON.
    """
    try:
        try:
            return _loads(text)
        except RecursionError:
            return _loads(_cut_what_is_too_deep(text))
    except ValueError as error:
        raise BadBatch("This is not JSON.", code="bad-json") from error


def parse_batch(body: bytes) -> Any:
    """Parse the bytes of a batch as `parse_json` does its text, three times as fast; where it may matter, as it does.

    One thing differs: a number too large to be stored may be infinity instead of `Unfit()`. `read_record` refuses both.
    Raises BadBatch when it is not JSON, or not UTF-8.
    """
    # pydantic's parser gives what Python's gives, or gives up: at a half of a pair, at what JSON does not have, where
    # it gets deep. It would give a number of thousands of digits, too.
    if b"0" * 20 not in body.translate(_DIGITS):
        with contextlib.suppress(ValueError):
            # It would keep short texts for the next time, as it does keys: but ids do not come again.
            return from_json(body, allow_inf_nan=False, cache_strings="keys")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadBatch("This is not UTF-8.", code="bad-json") from error
    return parse_json(text)


def read_record(value: Any, dev: UUID, *, now: datetime) -> ReadRecord | Code:
    """Read one record of phone `dev`, received at `now`. Returns the reason when it has to be refused.

    Refused is only what cannot be kept: no id to keep it under, not JSON, too big, or another phone's. All else is
    kept, and judged later.
    """
    if not isinstance(value, dict):
        return Code.UNREADABLE
    uuid = value.get("id")
    if not isinstance(uuid, str) or not _UUID.fullmatch(uuid):
        return Code.NO_ID
    try:
        body = _written_out(value) or _CANONICAL(value)
    except (TypeError, ValueError, RecursionError):
        return Code.UNREADABLE
    # Every character beyond ASCII is written as an escape, and so is NUL.
    plain = "\\u" not in body
    if (len(body) if plain else _size(body)) > LARGEST_RECORD:
        return Code.TOO_BIG
    if body.count("[") + body.count("{") > DEEPEST and _depth(body) > DEEPEST:
        return Code.UNREADABLE
    if value.get("dev") != _text_of(dev):
        return Code.ANOTHER_PHONE
    v, seq, kind, edition = value.get("v"), value.get("seq"), value.get("kind"), value.get("edition")
    return ReadRecord(
        id=uuid,
        value=value,
        body=body,
        sha=_sha_of(body),
        v=_whole(v, 1, 2**31),
        kind=kind if isinstance(kind, str) and _is_kind(kind) else None,
        seq=_whole(seq, 0, LARGEST_NUMBER),
        at=when(value.get("at"), value.get("off"), received_at=now),
        edition=edition if isinstance(edition, str) and _is_sha(edition) else None,
        plain=plain,
    )


def read_records(values: Sequence[Any], dev: UUID, *, now: datetime) -> tuple[ReadRecord | Code, ...]:
    """Read the records of a batch of phone `dev`, received at `now`: what `read_record` makes of each."""
    quizzes = [value for value in values if _is_quiz(value)]
    together = _read_together(quizzes, _text_of(dev), now) if len(quizzes) >= _FEW else None
    if together is None:
        return tuple(read_record(value, dev, now=now) for value in values)
    if len(quizzes) == len(values):
        return together
    those = iter(together)
    return tuple(next(those) if _is_quiz(value) else read_record(value, dev, now=now) for value in values)


def _is_quiz(value: Any) -> bool:
    return type(value) is dict and value.get("kind") == learning.GO


def _read_together(values: Sequence[dict[str, Any]], dev: str, now: datetime) -> tuple[ReadRecord, ...] | None:
    """Read finished quizzes field by field over all of them, in half the time; None: not all are as our phones send.

    What has to hold of each is asked of all at once, by what is written in C; a record that is odd in any way leaves
    all of them to be read one by one.
    """
    try:
        apps, ats, data, devs, editions, ids, _, langs, monos, offs, seqs, vs = zip(
            *map(_of_envelope, values), strict=True
        )
        answers, attempts, numbers, modules, seconds, seeds, starts = zip(*map(_of_quiz, data), strict=True)
        texts = "".join({*apps, *ats, *attempts, *langs, *modules, *starts})
        if (
            {*map(len, values)} != {len(_ENVELOPE)}
            or {*map(len, data)} != {len(_QUIZ)}
            or {*map(type, chain(monos, numbers, seconds, seeds, seqs, vs))} != {int}
            or not {*map(type, offs)} <= {int, type(None)}
            or {*devs} != {dev}
            or not all(map(_UUID.fullmatch, ids))
            or not all(map(_is_sha, {*editions}))
            or not _stands_as_it_is(texts)
            or min(vs) < 1
            or max(vs) >= 2**31
            or min(seqs) < 0
            or max(seqs) >= LARGEST_NUMBER
        ):
            return None
        written = _written_together(answers)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    if written is None or _most("[", written) + _most("{", written) + 2 > DEEPEST:
        return None
    columns = (
        *(apps, ats, written, attempts, numbers, modules, seconds, seeds, starts, devs, editions, ids, langs, monos),
        *(("null" if off is None else off for off in offs), seqs, vs),
    )
    bodies = [*map(_FINISHED_QUIZ.__mod__, zip(*columns, strict=True))]
    if max(map(len, bodies)) > LARGEST_RECORD:
        return None
    moments = _moments(ats, offs, now)
    shas = map(_sha_of, bodies)
    rows = zip(ids, values, bodies, shas, vs, repeat(learning.GO), seqs, moments, editions, repeat(True))
    return tuple(map(_record_of, rows))


# `ReadRecord._make`, without a function in Python for each.
_record_of: Callable[[Iterable[Any]], ReadRecord] = partial(tuple.__new__, ReadRecord)


def _moments(ats: Sequence[str], offs: Sequence[int | None], now: datetime) -> list[datetime | None]:
    """Return `when` of each. A phone asks for its offset now and then, so what it sends together mostly has one."""
    with contextlib.suppress(ValueError, OverflowError):
        moments = [*map(datetime.fromisoformat, ats)]
        off = offs[0]
        if {*offs} == {off} and {moment.tzinfo for moment in moments} == {UTC} and max(map(len, ats)) <= 40:
            if off and abs(off) < LARGEST_OFFSET:
                shift = timedelta(milliseconds=off)
                moments = [moment + shift for moment in moments]
            if min(moments) >= EARLIEST:
                return [moment if moment < now else now for moment in moments]
    return [when(at, off, received_at=now) for at, off in zip(ats, offs, strict=True)]


def _most(bracket: str, texts: Iterable[str]) -> int:
    return max(map(str.count, texts, repeat(bracket)))


def _stands_as_it_is(texts: str) -> bool:
    """Say whether texts are written in JSON as they are, without an escape."""
    return texts.isascii() and texts.isprintable() and '"' not in texts and "\\" not in texts


def _written_together(values: Iterable[Any]) -> list[str] | None:
    """Return the canonical text of each value, in half the time; None: one of them has an escape for a character."""
    between = [*chain.from_iterable(zip(values, repeat(_BETWEEN)))][:-1]
    text = _CANONICAL(between)
    # Each mark between two is such an escape, and there is no other: so each stands between two.
    if text.count("\\u") != len(between) // 2:
        return None
    return text[1:-1].split(_WRITTEN_BETWEEN)


def _written_out(value: dict[str, Any]) -> str | None:
    """Return the canonical text of a finished quiz as our phones send it, in half the time; None: it is not quite one.

    Nothing of it but the answers needs sorting, and no text of it an escape.
    """
    try:
        app, at, data, dev, edition, uuid, kind, lang, mono, off, seq, v = _of_envelope(value)
        answers, attempt, number, module, seconds, seed, started = _of_quiz(data)
        texts = "".join((app, at, dev, edition, uuid, lang, attempt, module, started))
    except (KeyError, TypeError):
        return None
    if (
        kind != learning.GO
        or len(value) != len(_ENVELOPE)
        or len(data) != len(_QUIZ)
        # Neither true, which counts as a whole number, nor a fraction.
        or not type(mono) is type(seq) is type(v) is type(number) is type(seconds) is type(seed) is int
        or (off is not None and type(off) is not int)
        or not _stands_as_it_is(texts)
    ):
        return None
    off = "null" if off is None else off
    fields = (app, at, _CANONICAL(answers), attempt, number, module, seconds, seed, started)
    return _FINISHED_QUIZ % (*fields, dev, edition, uuid, lang, mono, off, seq, v)


# To begin a hash takes OpenSSL as long as to hash a record; to copy one that was begun does not.
_begun = hashlib.sha256()


def _sha_of(body: str) -> str:
    begun = _begun.copy()
    begun.update(body.encode("ascii"))
    return begun.hexdigest()


def given_id(value: Any) -> str:
    """Return the id of a record that is refused as far as it can be repeated back, else an empty text."""
    uuid = value.get("id") if isinstance(value, dict) else None
    return uuid if isinstance(uuid, str) and uuid.isascii() and uuid.isprintable() and len(uuid) <= 100 else ""


def when(at: Any, off: Any, *, received_at: datetime) -> datetime | None:
    """Return when something was done: the phone's clock put right by its offset (ms), never after it was received.

    None when the phone's time cannot be read or was before there were any. An offset that cannot be meant (over 100
    years) counts as unknown.
    """
    if not isinstance(at, str) or len(at) > 40 or not at.isascii():
        return None
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is not UTC:
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if off and isinstance(off, int | float) and not isinstance(off, bool) and abs(off) < LARGEST_OFFSET:
        try:
            moment += timedelta(milliseconds=off)
        except OverflowError:
            return None
    return min(moment, received_at) if moment >= EARLIEST else None


@lru_cache(maxsize=64)
def _text_of(uuid: UUID) -> str:
    return str(uuid)


# A batch names few kinds and editions, and those again and again.
@lru_cache(maxsize=64)
def _is_kind(text: str) -> bool:
    return _KIND.fullmatch(text) is not None


@lru_cache(maxsize=64)
def _is_sha(text: str) -> bool:
    return _SHA.fullmatch(text) is not None


def _whole(value: Any, least: int, limit: int) -> int | None:
    # JSON's true is a number to Python, but of another type.
    return value if type(value) is int and least <= value < limit else None


def _number(digits: str) -> Any:
    return int(digits) if len(digits) < 20 else Unfit()


def _fraction(digits: str) -> Any:
    value = float(digits)
    return value if math.isfinite(value) else Unfit()


_DECODER = json.JSONDecoder(parse_float=_fraction, parse_constant=lambda _: Unfit())
_WARY_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_fraction, parse_constant=lambda _: Unfit())


def _loads(text: str) -> Any:
    # Looking at each whole number costs as much as all the rest: only where one may be too long.
    return (_WARY_DECODER if _LONG_NUMBER.search(text) else _DECODER).decode(text)


def _size(body: str) -> int:
    """Return the bytes of the record as the phone counts them: UTF-8, where `body` has escapes."""
    plain = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":"))
    return len(plain.encode("utf-8", "surrogatepass"))


def _depth(body: str) -> int:
    deepest = depth = 0
    for token in _BRACKETS.finditer(body):
        bracket = token.group()
        depth += (bracket in "[{") - (bracket in "]}")
        deepest = max(deepest, depth)
    return deepest


def _cut_what_is_too_deep(text: str) -> str:
    """Replace whatever lies deeper than a record may be by NaN, which is then unfit. Python's parser would give up."""
    kept: list[str] = []
    depth, copied_to = 0, 0
    limit = DEEPEST + 2  # the batch and its list of records lie around each record
    for token in _BRACKETS.finditer(text):
        bracket = token.group()
        if bracket in "[{":
            depth += 1
            if depth == limit + 1:
                kept.append(text[copied_to : token.start()] + "NaN")
        elif bracket in "]}":
            if depth == limit + 1:
                copied_to = token.end()
            depth -= 1
    if depth > limit:
        raise BadBatch("This is not JSON.", code="bad-json")
    return "".join(kept) + text[copied_to:]
