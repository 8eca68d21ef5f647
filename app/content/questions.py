"""A `### Question:` section: labels, the bold line that names the kind, and the body of that kind."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.content.bodies import read_body
from app.content.items import ITEM, QUOTE, Lines, stray
from app.content.problems import Problems, closest, did_you_mean, slug
from app.content.types import Kind, Label, Question, Words

BOLD = re.compile(r"[ ]{0,3}(\*\*|__)(?=\S)(.+?)(?<=\S)\1[ \t]*$")
LABEL = re.compile(r"[ ]{0,3}([A-Za-z][A-Za-z -]{0,30}?)[ ]*:(?:[ \t]+(.*))?$")
INSTRUCTIONS: Mapping[Kind, str] = {
    Kind.SINGLE: "Pick one.",
    Kind.MULTIPLE: "Pick all that apply.",
    Kind.TRUEFALSE: "True or false?",
    Kind.ORDERING: "Put these in order.",
    Kind.MATCHING: "Match the pairs.",
    Kind.REFLECTION: "In your own words.",
    Kind.BRANCHING: "What next?",
}
LABELS = ("Id", "Criteria", "Must get right", "Hint", "Practise", "Shared with", "Feedback")
# Words people write instead, too far from ours for a spelling guess.
OTHER_NAMES = {
    "outcome": "Criteria", "outcomes": "Criteria", "criterion": "Criteria", "standard": "Criteria", "key": "Id",
    "name": "Id", "must": "Must get right", "required": "Must get right", "critical": "Must get right", "clue": "Hint",
    "tip": "Hint", "help": "Hint", "practice": "Practise", "for": "Shared with", "share": "Shared with",
    "reader": "Shared with", "marking": "Feedback",
}  # fmt: skip
ALLOWED = {
    "must get right": ("yes", "no"),
    "practise": ("yes", "no"),
    "shared with": ("assessor", "only me"),
    "feedback": ("instant", "after-sync"),
}
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def normal(words: str) -> str:
    """Return a bold line ready to compare: lower case, one space, no full stop or question mark."""
    return " ".join(words.split()).rstrip(".?!: ").lower()


BY_WORDS = {normal(words): kind for kind, words in INSTRUCTIONS.items()}


def read_labels(lines: Lines, problems: Problems, labels: dict[str, Label]) -> None:
    """Add the labels on `lines` to `labels`, noting unknown ones, repeats and values that are not allowed."""
    for number, line in lines:
        found = LABEL.match(line)
        if not found:
            stray(problems, number, line)
            continue
        name, value = found[1], " ".join((found[2] or "").split())
        known = name.lower()
        if known not in (label.lower() for label in LABELS):
            guess = OTHER_NAMES.get(known) or closest(name, LABELS)
            hint = f'Did you mean "{guess}:"?' if guess else f"The labels are {', '.join(LABELS)}."
            problems.error(number, "label-unknown", f'"{name}:" is not a label we know.', hint)
        elif known in labels:
            problems.error(number, "label-twice", f'"{name}:" stands here twice.', "Keep one of the two.")
        else:
            labels[known] = Label(value=_checked(known, name, value, number, problems), line=number)


def _checked(known: str, name: str, value: str, line: int, problems: Problems) -> str:
    allowed = ALLOWED.get(known)
    if allowed and value.lower() not in allowed:
        hint = did_you_mean(value, allowed) or f"Write {' or '.join(allowed)}."
        problems.error(line, "label-value", f'"{name}:" does not know "{value[:40]}".', hint)
        return ""
    if known == "id" and not ID.match(value):
        problems.error(
            line, "id-form", "An id is lower-case words with hyphens.", f"Write Id: {slug(value) or 'a-few-words'}"
        )
        return slug(value)
    if not value:
        problems.error(line, "label-value", f'"{name}:" is empty.', "Write something after it, or take the line away.")
    return value.lower() if allowed else value


def read_question(prompt: Words, line: int, lines: Lines, problems: Problems) -> Question:
    """Read one question. However wrong it is, a question comes back, and what is wrong goes to `problems`."""
    if not prompt.text:
        problems.error(line, "prompt-empty", "This question asks nothing.", "Write it after ### Question:")
    labels: dict[str, Label] = {}
    start = next((n for n, (_, text) in enumerate(lines) if _starts_body(text)), len(lines))
    read_labels([(n, text) for n, text in lines[:start] if text.strip()], problems, labels)
    body = lines[start:]
    kind = None
    if body and BOLD.match(body[0][1]):
        kind = _kind(body[0], body[1:], problems)
        body = body[1:]
    else:
        guess = guess_kind(body)
        problems.error(
            line,
            "bold-missing",
            "This question has no bold line that tells the carer what to do.",
            f'Add a line "**{INSTRUCTIONS[guess or Kind.SINGLE]}**" above the answers.',
        )
        kind = guess
    kind = kind or Kind.SINGLE
    filled = read_body(kind, body, line, problems)
    last = next((number for number, text in reversed(lines) if text.strip()), line)
    question = Question(kind=kind, prompt=prompt, line=line, last_line=last, labels=labels, **filled)
    check_labels(question, problems)
    return question


def check_labels(question: Question, problems: Problems) -> None:
    """Note labels that are missing from this kind of question or cannot stand on it."""
    if not question.id and "id" not in question.labels:
        problems.error(
            question.line,
            "id-missing",
            "This question has no Id.",
            f'Add a line "Id: {slug(question.prompt.text)[:40].strip("-") or "a-few-words"}" below, or run with --fix.',
        )
    unmarked = question.kind in (Kind.REFLECTION, Kind.BRANCHING)
    if unmarked and question.after_sync:
        problems.error(
            question.labels["feedback"].line,
            "label-place",
            "This kind of question shows its words at once.",
            'Take "Feedback:" away.',
        )
    if question.kind is Kind.REFLECTION:
        if question.must:
            problems.error(
                question.labels["must get right"].line,
                "label-place",
                "Own words are never marked.",
                'Take "Must get right:" away.',
            )
        if "shared with" not in question.labels:
            problems.error(
                question.line,
                "shared-missing",
                "Say who will read the words.",
                'Add "Shared with: assessor" or "Shared with: only me".',
            )
    elif "shared with" in question.labels:
        problems.error(
            question.labels["shared with"].line,
            "label-place",
            "Only words of their own are shared.",
            'Take "Shared with:" away.',
        )


def _starts_body(line: str) -> bool:
    return bool(BOLD.match(line) or ITEM.match(line) or QUOTE.match(line) or line.lstrip().startswith("|"))


def _kind(bold: tuple[int, str], body: Lines, problems: Problems) -> Kind | None:
    number, line = bold
    found = BOLD.match(line)
    words = found[2] if found else line
    kind = BY_WORDS.get(normal(words))
    if kind is Kind.BRANCHING:
        problems.error(
            number, "bold-unknown", '"**What next?**" belongs under a scene.', "Begin the heading with ### Scene:"
        )
        return guess_kind(body)
    if kind is None:
        near = closest(normal(words), BY_WORDS)
        guess = BY_WORDS[near] if near and BY_WORDS[near] is not Kind.BRANCHING else guess_kind(body)
        hint = (
            f'Did you mean "**{INSTRUCTIONS[guess]}**"?' if guess else "The bold lines are listed in docs/authoring.md."
        )
        problems.error(number, "bold-unknown", f'"{line.strip()[:60]}" is not a bold line we know.', hint)
        return guess
    return kind


def guess_kind(body: Lines) -> Kind | None:
    """Guess a question's kind from the look of its body."""
    texts = [line.strip() for _, line in body if line.strip()]
    boxes = [re.match(r"[-*+][ \t]+\[(.?)\][ \t]*(.*)", text) for text in texts]
    found = [box for box in boxes if box]
    if found:
        if {box[2].rstrip(".").lower() for box in found} == {"true", "false"}:
            return Kind.TRUEFALSE
        return Kind.SINGLE if sum(box[1] in "xX" and bool(box[1]) for box in found) == 1 else Kind.MULTIPLE
    if any(text.startswith("|") for text in texts):
        return Kind.MATCHING
    if any(re.match(r"\d+[.)]\s", text) for text in texts):
        return Kind.ORDERING
    return Kind.REFLECTION if any(re.match(r"[-*+]\s", text) for text in texts) else None
