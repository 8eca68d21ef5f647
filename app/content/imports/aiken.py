"""Aiken: a question on one line, answers that begin with a letter, and a line ANSWER: with the right one."""

from __future__ import annotations

import re

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
from app.content.imports.write import escaped, module_text
from app.content.types import Kind, Question

_ANSWER = re.compile(r"\s*([A-Za-z])[.)]\s+(\S.*)$")
_RIGHT = re.compile(r"\s*ANSWER:\s*([A-Za-z])\s*$", re.IGNORECASE)
_MOST = 10


def import_aiken(raw: bytes, *, key: str = "imported", title: str = "") -> Imported:
    """Read a file of Aiken questions. Raises ImportRefused when it holds none or is not text."""
    left = Leavings()
    questions: list[Question] = []
    asked: list[str] = []
    answers: list[tuple[str, str]] = []
    first = 1
    for number, line in enumerate(words_of(raw).split("\n"), 1):
        right, answer = _RIGHT.match(line), _ANSWER.match(line)
        if right:
            question = _question(" ".join(asked), answers, right[1].upper(), first, left)
            if question and len(questions) < MOST_QUESTIONS:
                questions.append(question)
            asked, answers = [], []
        elif answer and asked:
            answers.append((answer[1].upper(), answer[2].strip()))
        elif line.strip():
            if answers:  # a question without an ANSWER: line ends where the next one begins
                left.add(f"line {first}", " ".join(asked), 'It has no line "ANSWER: …", so nobody knows what is right.')
                asked, answers = [], []
            first = first if asked else number
            asked.append(line.strip())
    if asked:
        left.add(f"line {first}", " ".join(asked), 'It has no line "ANSWER: …", so nobody knows what is right.')
    if not questions:
        raise ImportRefused("No Aiken question was found. Each one ends with a line such as ANSWER: B", field="file")
    text = module_text([Section(title="Questions", questions=questions)], key=key, title=title)
    return Imported(text=text, dropped=left.all())


def _question(prompt: str, answers: list[tuple[str, str]], right: str, line: int, left: Leavings) -> Question | None:
    letters = [letter for letter, _ in answers]
    if not prompt or right not in letters or len(set(letters)) != len(letters):
        left.add(f"line {line}", prompt or f"ANSWER: {right}", "Its answers and its ANSWER: line do not fit together.")
        return None
    if not 2 <= len(answers) <= _MOST:
        left.add(f"line {line}", prompt, f"It has {len(answers)} answers; a question here has 2 to {_MOST}.")
        return None
    plain = [text.rstrip(".").lower() for _, text in answers]
    options = tuple(option(escaped(text), line, right=letter == right) for letter, text in answers)
    kind = Kind.TRUEFALSE if sorted(plain) == ["false", "true"] else Kind.SINGLE
    return made(kind, escaped(prompt), line, options=options)
