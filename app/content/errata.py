"""Wrong keys of published editions, put right beside them: an edition itself never changes."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, undefer

from app.content.build import canonical, whole
from app.content.errors import UnknownEdition, UnknownQuestion, WrongKey
from app.content.models import Edition, Erratum
from app.kernel import Prepared, table_of

# What a corrected key holds: `right`, keys of options; `order`, keys of items; or `pairs`, left to right.
Key = Mapping[str, Any]

# Asked for with every batch a phone sends, and made once; of columns, as nobody changes an erratum.
_ERRATA = table_of(Erratum)
_OF_EDITIONS = Prepared(
    select(_ERRATA).where(_ERRATA.c.sha.in_(bindparam("shas", expanding=True))).order_by(_ERRATA.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErratumView:
    """A question's key from then on. Ids rise: of two for one question the later one counts."""

    id: int
    sha: str
    question: str
    key: Key
    reason: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What `correct` did. `erratum` is None when that was the key already. `like_it`: other editions, by number, whose
    question of that name has the key that was wrong.
    """

    sha: str
    erratum: int | None
    like_it: tuple[int, ...]


def errata_of(session: Session, shas: Collection[str]) -> dict[str, tuple[ErratumView, ...]]:
    """Return the errata of those of these editions that have any, in the order in which they were made."""
    found: dict[str, list[ErratumView]] = defaultdict(list)
    for row in _OF_EDITIONS.all(session, shas=list(shas)):
        found[row.sha].append(
            ErratumView(
                id=row.id,
                sha=row.sha,
                question=row.question,
                key=json.loads(row.key),
                reason=row.reason,
                corrected_at=row.corrected_at,
            )
        )
    return {sha: tuple(errata) for sha, errata in found.items()}


def reasons_of(session: Session, errata: Collection[int]) -> dict[int, str]:
    """Return why each of these errata was made, by its id."""
    query = select(Erratum.id, Erratum.reason).where(Erratum.id.in_(list(errata)))
    return {row.id: row.reason for row in session.execute(query)}


def corrected_at(session: Session, errata: Collection[int]) -> dict[int, datetime]:
    """Return when each of these errata was made, by its id."""
    query = select(Erratum.id, Erratum.corrected_at).where(Erratum.id.in_(list(errata)))
    return {row.id: row.corrected_at for row in session.execute(query)}


def put_right(
    edition: Mapping[str, Any], answer_key: Mapping[str, Any], errata: Iterable[ErratumView]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an edition and its answer key as they would be with these keys. What stays on the server stays there."""
    mended, mended_key = copy.deepcopy(dict(edition)), copy.deepcopy(dict(answer_key))
    for erratum in errata:
        shown = (part["question"] for part in mended["parts"] if part["kind"] == "question")
        holders = [question for question in shown if question["id"] == erratum.question]
        for holder in (*holders, mended_key.get(erratum.question, {})):
            for option in holder.get("options", ()):
                if "right" in option:
                    option["right"] = option["key"] in erratum.key.get("right", ())
            holder.update({name: key for name, key in erratum.key.items() if name != "right" and name in holder})
    return mended, mended_key


def correct(
    session: Session, key: str, number: int, question: str, given: Sequence[str], *, reason: str, now: datetime
) -> Corrected:
    """Put the key of one question of an edition right. Flushes; what was answered is not marked again here.

    `given`: the right options; all items in their right order; or pairs written `a=p`. Repeating is harmless. Raises
    UnknownEdition, UnknownQuestion or WrongKey, with words that say what could have been written.
    """
    rows = session.scalars(
        select(Edition).where(Edition.module == key).options(undefer(Edition.body), undefer(Edition.answer_key))
    ).all()
    edition = next((row for row in rows if row.number == number), None)
    if edition is None:
        raise UnknownEdition.of(key, number, sorted(row.number for row in rows))
    errata = errata_of(session, [row.sha for row in rows])
    asked = _questions(edition, errata.get(edition.sha, ()))
    if question not in asked:
        named = ", ".join(asked) or "none"
        raise UnknownQuestion(f'Edition {number} of "{key}" has no question "{question}". It has: {named}.')
    wanted = _read(asked[question], given)
    wrong = _key_of(asked[question])
    if wanted == wrong:
        return Corrected(sha=edition.sha, erratum=None, like_it=())
    row = Erratum(sha=edition.sha, question=question, key=canonical(wanted).decode(), reason=reason, corrected_at=now)
    session.add(row)
    session.flush()
    others = ((each, _questions(each, errata.get(each.sha, ())).get(question)) for each in rows if each is not edition)
    like_it = [each.number for each, same in others if same and _key_of(same) == wrong]
    return Corrected(sha=edition.sha, erratum=row.id, like_it=tuple(sorted(like_it)))


def _questions(row: Edition, errata: Iterable[ErratumView]) -> dict[str, dict[str, Any]]:
    questions = whole(*put_right(json.loads(row.body), json.loads(row.answer_key), errata))
    return {each["id"]: each for each in questions}


def _key_of(question: Mapping[str, Any]) -> Key | None:
    match question["kind"]:
        case "single" | "truefalse" | "multiple":
            return {"right": sorted(option["key"] for option in question["options"] if option["right"])}
        case "ordering":
            return {"order": list(question["order"])}
        case "matching":
            return {"pairs": dict(question["pairs"])}
        case _:
            return None


def _read(question: Mapping[str, Any], given: Sequence[str]) -> Key:
    """Return the key that was given, checked against what the question offers."""
    kind = question["kind"]
    if kind in ("single", "truefalse", "multiple"):
        keys = [option["key"] for option in question["options"]]
        enough = len(given) == 1 if kind != "multiple" else len(given) >= 1
        if not enough or len(set(given)) != len(given) or not set(given) <= set(keys):
            many = "one of" if kind != "multiple" else "one or more of"
            raise WrongKey(f"Give {many} {', '.join(keys)} as --right.")
        return {"right": sorted(given)}
    if kind == "ordering":
        keys = [item["key"] for item in question["items"]]
        if sorted(given) != sorted(keys):
            raise WrongKey(f"Give every one of {', '.join(keys)} once as --right, in the right order.")
        return {"order": list(given)}
    if kind == "matching":
        left, right = ([item["key"] for item in question[side]] for side in ("left", "right"))
        pairs = dict(each.partition("=")[::2] for each in given)
        if len(pairs) != len(given) or set(pairs) != set(left) or not set(pairs.values()) <= set(right):
            raise WrongKey(f"Give --right once for each of {', '.join(left)}, such as {left[0]}={right[0]}.")
        return {"pairs": pairs}
    raise WrongKey("This question has no key that could be wrong. Publish a new edition with change: major.")
