"""Moodle's GIFT: questions as text, told apart by empty lines, their answers in braces.

Read as Moodle reads it (its manual, "GIFT format"). `[markdown]` is kept as it is, `[html]` is turned into Markdown,
anything else is plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.content.imports.gift_signs import Sign, has, markdown_of, signs_of, split_at, strip, text_of
from app.content.imports.pieces import (
    MOST_QUESTIONS,
    Imported,
    ImportRefused,
    Leavings,
    Section,
    made,
    option,
    words_of,
)
from app.content.imports.write import module_text, no_headings
from app.content.types import Kind, Option, Pair, Question, Words

_META = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.){1,200})\]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{1,6})?)%")
_BULLET = re.compile(r"[-*+] +(\S.*)")
_TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}
GAP = "_____"


@dataclass(slots=True)
class _Raw:
    """One question as text, with the line it begins on and the comment above it."""

    line: int
    lines: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def import_gift(raw: bytes, *, key: str = "imported", title: str = "") -> Imported:
    """Read a file of GIFT questions. Raises ImportRefused when it holds none or is not text."""
    left = Leavings()
    sections = [Section(title="Questions")]
    count = 0
    for each in _raw_questions(words_of(raw)):
        if isinstance(each, str):
            sections.append(Section(title=each))
            continue
        if count >= MOST_QUESTIONS:
            left.add(f"line {each.line}", each.lines[0], f"A file gives {MOST_QUESTIONS} questions at most. Split it.")
            break
        count += _read(each, sections[-1], left)
    sections = [section for section in sections if section.body or section.questions]
    if not count:
        raise ImportRefused("No GIFT question was found: each has its answers in { }.", field="file")
    return Imported(text=module_text(sections, key=key, title=title), dropped=left.all())


def _raw_questions(text: str) -> Iterator[_Raw | str]:
    """Yield each question, and the name of each category where one begins."""
    labels: dict[str, str] = {}
    now: _Raw | None = None
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("//"):
            labels |= _labels(bare)
        elif bare.startswith("$CATEGORY:"):
            if now:
                yield now
            now, labels = None, {}
            yield bare.removeprefix("$CATEGORY:").strip().split("/")[-1] or "Questions"
        elif not bare:
            if now:
                yield now
                now, labels = None, {}
        else:
            if now is None:
                now, labels = _Raw(number, labels=labels), {}
            now.lines.append(line)
    if now:
        yield now


def _labels(comment: str) -> dict[str, str]:
    """Return our labels from the id and tags that stand in a comment above a question."""
    found: dict[str, str] = {}
    for name, value in _META.findall(comment):
        if name == "id":
            found["id"] = value
        elif value in ("must get right", "practise"):
            found[value] = "yes"
        elif value.partition(": ")[0] in ("criteria", "hint", "shared with", "feedback"):
            label, _, rest = value.partition(": ")
            found[label] = re.sub(r"\\(.)", r"\1", rest)
    return found


def _read(raw: _Raw, section: Section, left: Leavings) -> int:
    """Read one question into the section. Returns how many questions it gave."""
    place, signs = f"line {raw.line}", signs_of("\n".join(raw.lines))
    name, signs = _name(signs)
    opened = has(signs, "{")
    closed = has(signs[opened:], "}") if opened >= 0 else -1
    told = text_of(signs)
    if opened >= 0 and closed < 0:
        left.add(place, told, "Its answers have no closing brace }.")
        return 0
    if opened < 0 and has(signs, "}") >= 0:
        left.add(place, told, "It has a closing brace } and no opening one. No empty line may stand between the two.")
        return 0
    if opened < 0:
        section.body.append(no_headings(markdown_of(signs)))
        return 0
    before, answers, after = signs[:opened], strip(signs[opened + 1 : opened + closed]), signs[opened + closed + 1 :]
    form, before = _form(before)
    gap = bool(text_of(after).strip())
    asked = [*before, *(signs_of(f" {GAP} ") if gap else []), *after]
    prompt = markdown_of(asked, form)
    if not prompt.strip():
        prompt = markdown_of(signs_of(name))
    labels = {"id": name, **raw.labels}
    try:
        section.questions.append(_question(prompt, answers, form, raw.line, labels, left))
    except _NotOurs as why:
        left.add(place, told, str(why))
        return 0
    return 1


class _NotOurs(Exception):
    """A question that our format has no kind for."""


def _name(signs: list[Sign]) -> tuple[str, list[Sign]]:
    """Take `::name::` off."""
    signs = strip(signs)
    if text_of(signs[:2]) == "::" and not any(sign[1] for sign in signs[:2]):
        end = has(signs[2:], "::")
        if end >= 0:
            return text_of(signs[2 : 2 + end]).strip(), strip(signs[end + 4 :])
    return "", signs


def _form(signs: list[Sign]) -> tuple[str, list[Sign]]:
    """Take `[markdown]` and the like off."""
    found = re.match(r"\[(html|markdown|plain|moodle)\]", text_of(signs[:12]))
    return (found[1], strip(signs[found.end() :])) if found else ("", signs)


def _question(
    prompt: str, answers: list[Sign], form: str, line: int, labels: dict[str, str], left: Leavings
) -> Question:
    general = has(answers, "####")
    explain = markdown_of(answers[general + 4 :], form) if general >= 0 else ""
    answers = strip(answers[:general] if general >= 0 else answers)
    told = text_of(answers)
    if not told:
        return _reflection(prompt, explain, line, labels)
    if answers[0] == ("#", False):
        raise _NotOurs("It asks for a number. There is no such kind of question here.")
    pieces = split_at(answers, "#")
    truth = _TRUE_FALSE.get(text_of(pieces[0]).strip().upper())
    labels.pop("shared with", None)
    if truth is not None:
        return made(
            Kind.TRUEFALSE, prompt, line, labels=labels, explain=explain, options=_truth(truth, pieces, form, line)
        )
    parts = [(mark, rest) for mark, rest in _parts(answers) if text_of(rest).strip()]
    if parts and all(mark == "=" and has(rest, "->") >= 0 for mark, rest in parts):
        return made(Kind.MATCHING, prompt, line, labels=labels, explain=explain, pairs=_pairs(parts, form, line, left))
    if not any(mark == "~" for mark, _ in parts):
        raise _NotOurs("It asks for a word to be typed. Phones spell for people, so there is no such kind here.")
    options, kind = _options(parts, form, line, left)
    return made(kind, prompt, line, labels=labels, explain=explain, options=options)


def _reflection(prompt: str, explain: str, line: int, labels: dict[str, str]) -> Question:
    lines = [each.strip() for each in prompt.split("\n") if each.strip()]
    bullets = [found[1] for each in lines if (found := _BULLET.fullmatch(each))]
    asked = " ".join(each for each in lines if not _BULLET.fullmatch(each)) or "What do you think?"
    # Nobody is shown somebody's words whom the file does not name.
    kept = {name: value for name, value in labels.items() if name not in ("must get right", "feedback")}
    kept.setdefault("shared with", "only me")
    return made(Kind.REFLECTION, asked, line, labels=kept, explain=explain, prompts=tuple(bullets) or (asked,))


def _truth(truth: bool, pieces: list[list[Sign]], form: str, line: int) -> tuple[Option, ...]:
    # Moodle's first feedback is for a wrong answer, its second for a right one.
    wrong, right = (markdown_of(strip(piece), form) for piece in [*pieces[1:3], [], []][:2])
    said = {truth: right, not truth: wrong}
    return tuple(option(str(each), line, right=each is truth, feedback=said[each]) for each in (True, False))


def _parts(answers: list[Sign]) -> Iterator[tuple[str, list[Sign]]]:
    mark = ""
    so_far: list[Sign] = []
    for sign in answers:
        if sign in (("=", False), ("~", False)):
            if mark:
                yield mark, so_far
            mark, so_far = sign[0], []
        else:
            so_far.append(sign)
    if mark:
        yield mark, so_far


def _pairs(parts: list[tuple[str, list[Sign]]], form: str, line: int, left: Leavings) -> tuple[Pair, ...]:
    pairs = []
    for _, rest in parts:
        cut = has(rest, "->")
        first, second = markdown_of(rest[:cut], form), markdown_of(rest[cut + 2 :], form)
        if not second.strip():
            left.add(f"line {line}", first, "This half of a pair has no other half.")
            continue
        pairs.append(
            Pair(left=Words(text=first, line=line) if first.strip() else None, right=Words(text=second, line=line))
        )
    return tuple(pairs)


def _options(
    parts: list[tuple[str, list[Sign]]], form: str, line: int, left: Leavings
) -> tuple[tuple[Option, ...], Kind]:
    read = []
    for mark, rest in parts:
        rest = strip(rest)
        weight = _WEIGHT.match(text_of(rest[:14]))
        if weight:
            rest = rest[weight.end() :]
        words, *said = split_at(rest, "#")
        worth = float(weight[1]) if weight else 100.0 if mark == "=" else 0.0
        read.append((markdown_of(words, form), worth, markdown_of(said[0], form) if said else ""))
    single = any(mark == "=" for mark, _ in parts)
    best = max(worth for _, worth, _ in read)
    if best <= 0:
        raise _NotOurs("None of its answers is right.")
    options = []
    for told, worth, feedback in read:
        right = worth == best if single else worth > 0
        if 0 < worth < best and single:
            left.add(f"line {line}", told, f"It counted as {worth:g} % right. Here an answer is right or wrong.")
        options.append(option(told, line, right=right, feedback=feedback))
    rights = sum(each.right for each in options)
    return tuple(options), Kind.SINGLE if single and rights == 1 else Kind.MULTIPLE
