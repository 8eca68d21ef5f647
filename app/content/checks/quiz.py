"""Is each question a fair one? And do taught and checked criteria match?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from app.content.checks.words import sentences
from app.content.problems import Problems, did_you_mean
from app.content.types import Kind, Module, Option, Question, Words

_ALL_OF = re.compile(
    r"\b(?:all|none|both|any|neither) of (?:the (?:above|below|other|answers|options)|these|them)\b"
    r"|\b(?:all|none) above\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:not|never|no|none|nothing|nobody|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_DOUBLE = re.compile(
    r"\bnot (?:un|in(?:correct|appropriate|valid|adequate)|im(?:possible|proper)|ir(?:relevant|regular))\w*"
    r"|\b(?:not|never|n['’]t) (?:\w+ ){0,2}(?:never|nothing|nobody|none|without)\b",
    re.IGNORECASE,
)
_TWICE_LONGER = 1.25


def check_ids(module: Module, problems: Problems) -> None:
    """Note ids that stand there twice, and a pass mark with nothing to mark."""
    first: dict[str, int] = {}
    for question in module.questions:
        if question.id in first:
            problems.error(
                question.labels["id"].line,
                "id-twice",
                f'Line {first[question.id]} has the Id "{question.id}" too.',
                "Give this one another.",
            )
        elif question.id:
            first[question.id] = question.labels["id"].line
    marked = [q for q in module.questions if q.kind is not Kind.REFLECTION and not q.practise]
    if module.pass_mark is not None and not marked:
        problems.error(
            module.lines.get("pass", 1),
            "no-question",
            "There is a pass mark but nothing to mark.",
            'Add a question, or take "pass" away.',
        )


def check_criteria(module: Module, known: Collection[str], problems: Problems) -> None:
    """Note criteria that no framework has, that are taught but not checked, or checked but not taught."""
    taught = {label.value for label in module.criteria}
    checked = {code for question in module.questions for code in question.criteria}
    for label in module.criteria:
        if known and label.value not in known:
            _unknown(label.value, label.line, known, problems)
        elif label.value not in checked:
            problems.warning(
                label.line,
                "criterion-not-checked",
                f"No question checks {label.value}.",
                f'Add "Criteria: {label.value}" under one.',
            )
    for question in module.questions:
        for code in question.criteria:
            line = question.labels["criteria"].line
            if known and code not in known:
                _unknown(code, line, known, problems)
            elif code not in taught:
                problems.warning(
                    line,
                    "criterion-not-taught",
                    f"The fields at the top do not list {code}.",
                    f"Add {code} to criteria.",
                )


def _unknown(code: str, line: int, known: Collection[str], problems: Problems) -> None:
    hint = did_you_mean(code, known) or "The codes are in content/frameworks/."
    problems.error(line, "criterion-unknown", f'"{code[:40]}" is not a criterion of the framework.', hint)


def check_questions(module: Module, problems: Problems) -> None:
    """Note missing feedback, answers that stand there twice, and the ways a question gives itself away."""
    for question in module.questions:
        _check_answers(question, problems)
        for words in _asked(question):
            for sentence in sentences(words):
                text = " ".join(sentence.words)
                two = words is question.prompt and len(_NEGATIVE.findall(text.partition(",")[2] or text)) > 1
                if two or _DOUBLE.search(text):
                    problems.warning(
                        sentence.line,
                        "double-negative",
                        "Two negatives stand in one sentence.",
                        "Say it the straight way round.",
                    )
    _check_longest(module, problems)


def _check_answers(question: Question, problems: Problems) -> None:
    said: dict[str, int] = {}
    for option in question.options:
        text = " ".join(option.words.text.lower().split())
        if text and text in said:
            problems.error(
                option.words.line, "answer-twice", f"Line {said[text]} has the same answer.", "Change one of the two."
            )
        said.setdefault(text, option.words.line)
        if not option.feedback:
            _no_feedback(option.words.line, problems)
        if _ALL_OF.search(option.words.text):
            problems.warning(
                option.words.line,
                "all-of-the-above",
                '"All of the above" and the like test reading, not care.',
                "Write an answer of its own.",
            )
    for scene in question.scenes:
        for choice in scene.choices:
            if not choice.feedback:
                _no_feedback(choice.words.line, problems)


def _no_feedback(line: int, problems: Problems) -> None:
    problems.warning(line, "feedback-missing", "Say why.", 'Add a line starting "  >" under this answer.')


def _asked(question: Question) -> Iterator[Words]:
    yield question.prompt
    for option in question.options:
        yield option.words


def _check_longest(module: Module, problems: Problems) -> None:
    singles = [q for q in module.questions if q.kind is Kind.SINGLE and sum(option.right for option in q.options) == 1]
    margins = [_margin(question.options) for question in singles]
    always = len(margins) >= 3 and min(margins) > 1
    if always or (len(margins) == 2 and min(margins) > _TWICE_LONGER):
        problems.warning(
            singles[0].line,
            "longest-right",
            "The right answer is always the longest one.",
            "Make a wrong answer longer in some questions.",
        )


def _margin(options: tuple[Option, ...]) -> float:
    right = max(len(option.words.text) for option in options if option.right)
    return right / max([1, *(len(option.words.text) for option in options if not option.right)])
