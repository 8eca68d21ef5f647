"""Pieces → the text of a module.md. What is written is read back as the same questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from app.content.imports.pieces import Section
from app.content.problems import slug
from app.content.questions import INSTRUCTIONS, LABELS
from app.content.types import Kind, Question

# Marks of Markdown, each of which a backslash turns into the sign itself.
_MARKS = re.compile(r"([\\`*_\[\]<>])")
_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_STARTS = re.compile(r"^([ \t]*)([#>|+-]|\d{1,9}(?=[.)])|={3,}|-{3,})")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]*(.*?)[ \t#]*$")
PLACEHOLDER = "Write here what a carer has to know for these questions, in 60 to 100 words."


def escaped(text: str) -> str:
    """Return plain words as Markdown that shows exactly them, on one line."""
    return _ENTITY.sub("&amp;", _MARKS.sub(r"\\\1", " ".join(text.split())))


def escaped_block(text: str) -> str:
    """Return plain text as Markdown paragraphs: its empty lines stay, and no line becomes a list or a heading."""
    lines = (escaped(line) for line in text.strip().split("\n"))
    return "\n".join(_STARTS.sub(_guarded, line) for line in lines)


def _guarded(found: re.Match[str]) -> str:
    sign = found[2]
    return f"{found[1]}{sign}\\" if sign[0].isdigit() else f"{found[1]}\\{sign}"


def no_headings(markdown: str) -> str:
    """Return Markdown whose headings are bold lines: a heading of its own would begin a lesson or a question."""
    lines = (_HEADING.sub(lambda found: f"**{found[1]}**" if found[1] else "", line) for line in markdown.split("\n"))
    return "\n".join(lines).strip()


def module_text(sections: Sequence[Section], *, key: str, title: str) -> str:
    """Return the whole file. What only its author can know is left empty for the check to ask for."""
    front = [
        "---",
        f"key: {key}",
        f"title: {json.dumps(title or key.replace('-', ' ').capitalize(), ensure_ascii=False)}",
        "edition: 1",
        "summary:",
        "minutes: 5",
        "criteria: []",
        *(["pass: 80"] if any(_marked(question) for section in sections for question in section.questions) else []),
        "checked_by:",
        "licence:",
        "sources: []",
        "---",
    ]
    blocks = ["\n".join(front)]
    taken: set[str] = set()
    titles: set[str] = set()
    for section in sections:
        heading = _free(" ".join(section.title.split()) or "Lesson", titles)
        body = "\n\n".join(part for part in section.body if part.strip())
        blocks += [f"## {heading}", body or PLACEHOLDER]
        blocks += ["\n".join(question_lines(question, taken)) for question in section.questions]
    return "\n\n".join(blocks).rstrip() + "\n"


def _marked(question: Question) -> bool:
    return question.kind is not Kind.REFLECTION and not question.practise


def _free(title: str, taken: set[str]) -> str:
    wanted, number = title, 2
    while slug(wanted) in taken:
        wanted, number = f"{title} {number}", number + 1
    taken.add(slug(wanted))
    return wanted


def question_lines(question: Question, taken: set[str]) -> Iterator[str]:
    """Yield the lines of one question. It gets an id that is not in `taken`, and is added to it."""
    yield f"### Question: {_one_line(question.prompt.text)}"
    yield ""
    yield f"Id: {_id(question, taken)}"
    for label in LABELS[1:]:
        value = question.label(label.lower())
        if value:
            yield f"{label}: {value}"
    yield ""
    yield f"**{INSTRUCTIONS[question.kind]}**"
    yield ""
    yield from _body(question)
    if question.explain:
        yield ""
        yield from _quote(question.explain.text, "")


def _id(question: Question, taken: set[str]) -> str:
    wanted = slug(question.id) or slug(question.prompt.text)[:40].strip("-") or "question"
    free, number = wanted, 2
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    taken.add(free)
    return free


def _body(question: Question) -> Iterator[str]:
    match question.kind:
        case Kind.ORDERING:
            yield from (f"{number}. {_one_line(item.text)}" for number, item in enumerate(question.items, 1))
        case Kind.MATCHING:
            yield from ("| This | That |", "|---|---|")
            for pair in question.pairs:
                yield f"| {_cell(pair.left.text) if pair.left else ''} | {_cell(pair.right.text)} |"
        case Kind.REFLECTION:
            yield from (f"- {_one_line(prompt.text)}" for prompt in question.prompts)
        case _:
            for option in question.options:
                yield f"- [{'x' if option.right else ' '}] {_one_line(option.words.text)}"
                if option.feedback:
                    yield from _quote(option.feedback.text, "  ")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", _one_line(text))


def _quote(text: str, indent: str) -> Iterable[str]:
    return (f"{indent}> {line}".rstrip() for line in text.strip().split("\n"))
