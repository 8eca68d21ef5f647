"""How a module reads: long sentences, long lessons, reading level, words of the field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from app.content.checks.words import FEWEST_SENTENCES, count, long_words, pieces, sentences, smog
from app.content.problems import Problems
from app.content.types import Kind, Module

LONGEST_SENTENCE = 20
LONGEST_EASY_SENTENCE = 12
LONGEST_LESSON = 120
SHORTEST_LESSON = 40
AIM = 11.0
LIMIT = 13.0
# Words a new carer may not know. content/glossary/terms.yml adds to them.
FIELD_WORDS = (
    "advocate", "anaphylaxis", "anticoagulant", "aphasia", "aspiration",
    "cannula", "capacity", "catheter", "cognitive", "colostomy", "consent", "constipation", "contraindication",
    "covert", "cyanosis", "dehydration", "delegated", "delirium", "dementia", "deprivation of liberty", "diuretic",
    "dysarthria", "dyspraxia", "dysphagia", "epilepsy", "gastrostomy", "haemorrhage", "hoist", "hyperglycaemia",
    "hypertension", "hypoglycaemia", "hypothermia", "incontinence", "insulin", "makaton", "malnutrition", "mar chart",
    "oedema", "palliative", "peg feed", "pressure ulcer", "prn", "reasonable adjustment", "respite",
    "restrictive practice", "safeguarding", "sepsis", "seizure", "slide sheet", "stoma", "syringe driver", "thickener",
    "urostomy", "whistleblowing",
)  # fmt: skip
_MARKED = re.compile(r"(?<!\*)\*\*\*(?=\S)(?P<term>[^*\n]{2,60}?)(?<=\S)\*\*\*(?!\*)")


def check_reading(module: Module, problems: Problems) -> None:
    """Note long sentences, long and short lessons, and a high reading level."""
    for piece in pieces(module):
        for sentence in sentences(piece):
            if len(sentence.words) > LONGEST_SENTENCE:
                start = " ".join(sentence.words[:4])
                problems.warning(
                    sentence.line,
                    "sentence-long",
                    f'The sentence "{start} …" has {len(sentence.words)} words.',
                    "Make it two. 20 is plenty.",
                )
    for lesson in module.lessons:
        for sentence in sentences(lesson.easier) if lesson.easier else ():
            if len(sentence.words) > LONGEST_EASY_SENTENCE:
                start = " ".join(sentence.words[:4])
                problems.warning(
                    sentence.line,
                    "easier-long",
                    f'In easier words the sentence "{start} …" has {len(sentence.words)} words.',
                    "Make it two. 12 is plenty.",
                )
        words = count(lesson.body)
        if words > LONGEST_LESSON:
            problems.warning(
                lesson.title.line,
                "lesson-long",
                f"This lesson has {words} words.",
                "Aim for 60 to 100, or make it two lessons.",
            )
        elif 0 < words < SHORTEST_LESSON and all(question.kind is not Kind.BRANCHING for question in lesson.questions):
            problems.note(
                lesson.title.line, "lesson-short", f"This lesson has only {words} words.", "60 to 100 fill a screen."
            )
    if module.lang.split("-")[0] == "en":
        _check_level(module, problems)


def reading_level(module: Module) -> tuple[float, Counter[str]]:
    """Return the SMOG grade, 0 when there is too little text to tell, and the long words with their counts."""
    read = [sentence for piece in pieces(module, answers=False) for sentence in sentences(piece)]
    long = Counter(word for sentence in read for word in long_words(sentence))
    return (smog(sum(long.values()), len(read)) if len(read) >= FEWEST_SENTENCES else 0.0), long


def _check_level(module: Module, problems: Problems) -> None:
    grade, long = reading_level(module)
    if grade <= AIM:
        return
    often = ", ".join(word for word, _ in long.most_common(6))
    words = f"The reading level is {grade:.1f} (SMOG). Aim for 11 or less."
    line = module.lines.get("title", 1)
    if grade > LIMIT:
        problems.error(line, "reading-level", words, f"Long words: {often}. Or say why: accept: {{reading-level: …}}")
    else:
        problems.warning(line, "reading-level", words, f"Long words: {often}.")


def check_terms(module: Module, glossary: Collection[str], extra: tuple[str, ...], problems: Problems) -> None:
    """Note each word of the field, or word in ***bold italics***, that has no glossary entry; once a word."""
    watched = _pattern(tuple(sorted(word.lower() for word in {*FIELD_WORDS, *extra})))
    # In small letters as a whole: to look for each word in either case, line by line, takes seven times as long.
    text = "\n".join(module.text.split("\n")[module.front_lines :]).lower()
    told: set[str] = set()
    for found in sorted([*watched.finditer(text), *_MARKED.finditer(text)], key=re.Match.start):
        term = _singular(" ".join(found["term"].split()).strip(".,:;!?"))
        if term in told or term in glossary or f"{term}s" in glossary:
            continue
        told.add(term)
        problems.warning(
            module.front_lines + text.count("\n", 0, found.start()) + 1,
            "term-unexplained",
            f'"{term}" has no entry in the glossary.',
            "Add one, or use a plainer word.",
        )


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?P<term>(?:{'|'.join(map(re.escape, words))})s?)\b")


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "is", "us")) else word
