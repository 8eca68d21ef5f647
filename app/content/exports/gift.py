"""A module's questions as Moodle GIFT. What GIFT cannot say stands in a comment (ids, labels) or is listed as dropped.

`app.content.imports.gift` reads back the same questions; a property test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.content.imports.pieces import Dropped
from app.content.types import Kind, Module, Option, Question, Words

_SPECIAL = re.compile(r"([\\~=#{}:])")
# Moodle takes only these shares, written just so.
_SHARES = ("100", "50", "33.33333", "25", "20", "16.66667", "14.28571", "12.5", "11.11111", "10")
_LABELS = ("must get right", "practise", "criteria", "hint", "shared with", "feedback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file of another format, and what of the module it cannot hold."""

    text: str
    dropped: tuple[Dropped, ...]


def to_gift(module: Module) -> Exported:
    """Return the questions of a module as GIFT, each lesson a category. Lessons' own texts stay behind."""
    dropped: list[Dropped] = []
    blocks: list[str] = []
    for lesson in module.lessons:
        dropped.append(
            Dropped(place=f"line {lesson.title.line}", what=lesson.title.text, why="GIFT holds questions only.")
        )
        said = [block for question in lesson.questions if (block := _block(question, dropped))]
        if said:
            # A category's path is told apart by "/".
            blocks += [f"$CATEGORY: {' '.join(lesson.title.text.replace('/', ' ').split())}", *said]
    return Exported(text="\n\n".join(blocks) + "\n", dropped=tuple(dropped))


def _block(question: Question, dropped: list[Dropped]) -> str:
    if question.kind in (Kind.ORDERING, Kind.BRANCHING):
        why = "GIFT has no questions of this kind. The module's folder holds them all."
        dropped.append(Dropped(place=f"line {question.line}", what=question.prompt.text[:120], why=why))
        return ""
    asked = question.prompt.text
    if question.kind is Kind.REFLECTION:
        asked = "\n".join([asked, *(f"- {prompt.text}" for prompt in question.prompts)])
    answers = "\n".join(_answers(question))
    explain = f"####{_said(question.explain)}" if question.explain else ""
    body = f"{{\n{answers}\n{explain}}}" if answers else f"{{{explain}}}"
    return f"// {' '.join(_tags(question))}\n::{_safe(question.id)}::[markdown]{_safe(asked)} {body}"


def _tags(question: Question) -> Iterator[str]:
    yield f"[id:{question.id}]"
    for label in _LABELS:
        value = question.label(label)
        if not value or value == "no":
            continue
        words = label if value == "yes" else f"{label}: {value}"
        yield "[tag:" + re.sub(r"([\\\]])", r"\\\1", words) + "]"


def _answers(question: Question) -> Iterator[str]:
    match question.kind:
        case Kind.SINGLE:
            yield from (f"{'=' if each.right else '~'}{_option(each)}" for each in question.options)
        case Kind.MULTIPLE:
            share = _SHARES[max(1, min(10, sum(each.right for each in question.options))) - 1]
            yield from (f"~%{'' if each.right else '-'}{share}%{_option(each)}" for each in question.options)
        case Kind.TRUEFALSE:
            right = next((each for each in question.options if each.right), question.options[0])
            wrong = next((each for each in question.options if not each.right), None)
            said = [_said(wrong.feedback) if wrong else "", _said(right.feedback)]
            yield f"{right.words.text.upper()}#{said[0]}#{said[1]}"
        case Kind.MATCHING:
            for pair in question.pairs:
                # An arrow of its own words would part them.
                left = _safe(pair.left.text.replace("->", "-&gt;")) if pair.left else ""
                yield f"={left} -> {_safe(pair.right.text)}"


def _option(option: Option) -> str:
    return _safe(option.words.text) + (f"#{_said(option.feedback)}" if option.feedback else "")


def _said(words: Words | None) -> str:
    return _safe(words.text) if words else ""


def _safe(text: str) -> str:
    """Return words in which every sign that GIFT gives a meaning has a backslash before it."""
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")
