"""Words, sentences and reading level, straight from an author's Markdown and with its lines. English only."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.content.types import Module, Question, Words

# Bounded as in markup.py: brackets that never close would each be followed to the end of the text.
_IMAGE = re.compile(r"!\[(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,1000}\]\([^)]{0,2000}\)")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,1000})\]\([^)]{0,2000}\)")
_MARKS = re.compile(r"\*\*|__|[*`~]|(?<!\w)_|_(?!\w)")
_LEAD = re.compile(r"[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,3}[.)][ \t]+)?")
_STARTS = re.compile(r"[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,3}[.)][ \t])")
_ALERT = re.compile(r"\[![A-Za-z]+\]")
_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_CLOSES = frozenset(".!?…\"'”’)]")
_SHORTENED = frozenset({"mr.", "mrs.", "ms.", "dr.", "e.g.", "i.e.", "etc.", "no.", "st.", "vs.", "approx.", "tel."})
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_HAS_LETTER = re.compile(r"\w")
_OPENS = re.compile(r"[\"'“‘(\[]*[A-Z0-9£]")
FEWEST_SENTENCES = 10


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, its words without marks, and the line it starts on."""

    words: tuple[str, ...]
    line: int


@lru_cache(maxsize=1024)
def sentences(words: Words) -> tuple[Sentence, ...]:
    """Return the sentences of a piece of Markdown. A list item, a cell and a heading end one too.

    Kept for a while: four checks ask for those of every piece of a module.
    """
    return tuple(_sentences(words))


def _sentences(words: Words) -> Iterator[Sentence]:
    for block in _blocks(words):
        so_far: list[str] = []
        first = 0
        for position, (token, line) in enumerate(block):
            first = first or line
            if token[0].isalnum() or _HAS_LETTER.search(token):
                so_far.append(token)
            following = block[position + 1][0] if position + 1 < len(block) else ""
            if not following or _ends(token, following):
                if so_far:
                    yield Sentence(tuple(so_far), first)
                so_far, first = [], 0


def _ends(token: str, following: str) -> bool:
    return bool(
        token[-1] in _CLOSES  # most do not, and a pattern would be looked for at every letter
        and _END.search(token)
        and token.lower() not in _SHORTENED
        and _OPENS.match(following)
    )


def _blocks(words: Words) -> Iterator[list[tuple[str, int]]]:
    """Yield runs of (token, line) that belong together."""
    # A description stands for its picture and is read by few: it does not count.
    text = _LINK.sub(lambda found: found[1], _IMAGE.sub(lambda found: "\n" * found[0].count("\n"), words.text))
    block: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), words.line):
        if block and (
            not line.strip(" \t>") or _STARTS.match(line) or line.lstrip().startswith("|") or _ALERT.search(line)
        ):
            yield block
            block = []
        bare = _MARKS.sub("", _ALERT.sub("", _LEAD.sub("", line, count=1)))
        if line.lstrip().startswith("|"):
            for cell in bare.split("|"):
                if cell.strip(" :-"):
                    yield [(token, number) for token in cell.split()]
            continue
        block += [(token, number) for token in bare.split()]
    if block:
        yield block


def count(words: Words) -> int:
    """Return how many words a carer reads here."""
    return sum(len(sentence.words) for sentence in sentences(words))


def pieces(module: Module, *, answers: bool = True) -> Iterator[Words]:
    """Yield every text of a module that a carer reads, in order; without `answers`, only what is written in
    sentences.
    """
    for lesson in module.lessons:
        yield from (words for words in (lesson.body, lesson.easier) if words)
        for question in lesson.questions:
            yield question.prompt
            if answers:
                yield from _answers(question)
            yield from _sayings(question)


def _answers(question: Question) -> Iterator[Words]:
    yield from (option.words for option in question.options)
    yield from question.items
    for pair in question.pairs:
        yield from (words for words in (pair.left, pair.right) if words)
    yield from question.prompts
    yield from (choice.words for scene in question.scenes for choice in scene.choices)


def _sayings(question: Question) -> Iterator[Words]:
    said = [option.feedback for option in question.options]
    for scene in question.scenes:
        said += [scene.story, *(choice.feedback for choice in scene.choices), scene.lesson]
    yield from (words for words in (*said, question.explain) if words)


_POSSESSIVE = re.compile(r"['’]s$")
_VOWELS = re.compile(r"[aeiouy]+")
# Vowels side by side that are two beats, and endings that are none.
_SPLIT = re.compile(
    r"i(?:a(?!l\b|n\b|lly\b|ge)|o(?!n|us)|e[rt](?=\w*)|um|us)|(?<=[^tcxg])i(?=ous)|(?<=[^tc])i(?=en[tc])|[^qg]ua[lt]"
    r"|eo(?!n\b|us|p)|eum|(?<=[aeiou][rds])ea\b|[aeiou]ing|creat|yi|uou|dia|via|ism\b"
)
_SILENT = re.compile(
    r"(?<=[^aeiouy])e\b(?<!\ble)|(?<=[^aeioudt])ed\b|(?<=[^aeiousxzcg])es\b(?<!shes)(?<!ches)(?<![^aeiou]les)"
    r"|(?<=[^aeiouyl])e(?=ly\b|ment|less|ful|ness)"
    r"|^(?:som|hom|ther|wher|lif|tim|hous|mor)e(?=[a-z])(?!s?\b|d\b|r|ly|less|ful|n)|^(?:car|saf)e(?=[gwt])|^eve(?=ry|ning)"
)


def syllables(word: str) -> int:
    """Return about how many beats an English word has, at least 1."""
    word = _POSSESSIVE.sub("", word.lower())
    if "-" in word:
        return max(syllables(part) for part in word.split("-") if part)
    word = word.replace("'", "").replace("’", "")
    beats = len(_VOWELS.findall(word)) + len(_SPLIT.findall(word))
    beats -= len([found for found in _SILENT.finditer(word) if not re.search(r"[^aeiouy]l$", word[: found.start()])])
    return max(1, beats)


def long_words(sentence: Sentence) -> list[str]:
    """Return the words of three beats and more. Names do not count: nobody can write Mrs Adeyemi shorter."""
    return [
        word.lower()
        for position, token in enumerate(sentence.words)
        for word in _long(token)
        if position == 0 or not word[0].isupper()
    ]


@lru_cache(maxsize=50_000)
def _long(token: str) -> tuple[str, ...]:
    return tuple(word for word in _WORD.findall(token) if syllables(word) >= 3)


def smog(polysyllables: int, sentence_count: int) -> float:
    """Return the SMOG grade (McLaughlin 1969)."""
    return 1.0430 * math.sqrt(polysyllables * 30 / sentence_count) + 3.1291
