"""What changed between two editions that a learner was marked on.

A minor change keeps completions, so it may mend words but never the right answer. Answers are followed by their
words, and where the words were mended by their place: swapping two answers without moving the x is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.content.build import whole


def marking_changes(
    old: Mapping[str, Any],
    old_key: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, Any],
    new_key: Mapping[str, Mapping[str, Any]],
) -> tuple[str, ...]:
    """Say what of the marking differs between two editions and their answer keys, a phrase each; nothing if they mark
    alike.
    """
    changes = []
    if old["pass"] != new["pass"]:
        changes.append(f"the pass mark went from {_per_cent(old['pass'])} to {_per_cent(new['pass'])}")
    before = {question["id"]: question for question in whole(old, old_key) if question["kind"] != "reflection"}
    after = {question["id"]: question for question in whole(new, new_key) if question["kind"] != "reflection"}
    changes += [f'the question "{name}" was taken away' for name in before if name not in after]
    changes += [f'the question "{name}" was added' for name in after if name not in before]
    for name, question in after.items():
        if name in before:
            changes += [f'of the question "{name}" {what}' for what in _question_changes(before[name], question)]
    return tuple(changes)


def _per_cent(mark: int | None) -> str:
    return "none" if mark is None else f"{mark}%"


def _question_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    if old["kind"] != new["kind"]:
        return ["the kind changed"]
    changes = []
    if old["must"] != new["must"]:
        changes.append('"Must get right" changed')
    if old["practise"] != new["practise"]:
        changes.append('"Practise" changed')
    if _differs(old, new):
        changes.append("the right answer changed")
    return changes


def _differs(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    match old["kind"]:
        case "single" | "multiple" | "truefalse":
            same = _follow(old["options"], new["options"])
            was = {same.get(option["key"], f"gone {option['key']}") for option in old["options"] if option["right"]}
            return was != {option["key"] for option in new["options"] if option["right"]}
        case "ordering":
            same = _follow(old["items"], new["items"])
            return [same.get(key) for key in old["order"]] != list(new["order"])
        case "matching":
            left, right = _follow(old["left"], new["left"]), _follow(old["right"], new["right"])
            return {left.get(key): right.get(value) for key, value in old["pairs"].items()} != dict(new["pairs"])
        case _:
            return _story(old) != _story(new)


def _follow(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return old key → new key: by equal words first, and what is left over in order when the numbers are equal."""
    by_words = {item["html"]: item["key"] for item in new}
    same = {item["key"]: by_words[item["html"]] for item in old if item["html"] in by_words}
    old_rest = [item["key"] for item in old if item["key"] not in same]
    new_rest = [item["key"] for item in new if item["key"] not in set(same.values())]
    if len(old) == len(new):
        same |= dict(zip(old_rest, new_rest, strict=True))
    return same


def _story(question: Mapping[str, Any]) -> list[tuple[str | None, tuple[int, ...]]]:
    """Return the story without its words: for each scene, in the order it is met, its ending and where its choices
    lead.
    """
    scenes = {scene["key"]: scene for scene in question["scenes"]}
    order = [question["start"]]
    shape: list[tuple[str | None, tuple[int, ...]]] = []
    for key in order:
        ways = []
        for choice in scenes[key]["choices"]:
            if choice["to"] not in order:
                order.append(choice["to"])
            ways.append(order.index(choice["to"]))
        shape.append((scenes[key]["ending"], tuple(ways)))
    return shape
