# ruff: noqa: E501  (tables of examples read better unbroken)
"""Reading level, sentences and words, measured on an author's Markdown."""

from __future__ import annotations

import pytest

from app.content import Severity
from app.content.checks.words import count, long_words, sentences, smog, syllables
from app.content.types import Words
from tests.support.content import checked, example

ONE_OR_TWO = (
    "people table asked wanted changes makes statement safely breathing doing question social million quiet client really "
    "something sometimes someone therefore homecare useful careless happened neighbours office police glasses minutes worried "
    "carried tablets settled language every evening movement handles wishes treatment pressure"
)
THREE_OR_MORE = (
    "medicine medication area idea carefully hospital ambulance family another together remember manager assessor emergency radio "
    "video serious previous obvious material experience usually situation diabetes dementia confusion communication individual "
    "society anxiety happier easier infection unconscious allergies temperature comfortable separate museum policies equipment"
)


@pytest.mark.parametrize("word", ONE_OR_TWO.split())
def test_short_words_count_as_short(word: str) -> None:
    assert syllables(word) < 3


@pytest.mark.parametrize("word", THREE_OR_MORE.split())
def test_long_words_count_as_long(word: str) -> None:
    assert syllables(word) >= 3


def test_smog_follows_its_formula() -> None:
    assert smog(30, 30) == pytest.approx(8.8418, abs=0.001)
    assert smog(0, 30) == pytest.approx(3.1291)


def test_names_do_not_make_a_text_hard() -> None:
    [sentence] = sentences(Words(text="Then Mrs Adeyemi asks Oluwaseun for the medication.", line=1))
    assert long_words(sentence) == ["medication"]


def test_sentences_end_where_a_reader_stops_and_know_their_line() -> None:
    text = "One two. Three,\nfour e.g. five?\n\n- Item one\n- Item two\n\n| a | b |\n|---|---|\n| c d | e |\n\n> [!NOTE]\n> Last *one*."
    found = [(" ".join(sentence.words), sentence.line) for sentence in sentences(Words(text=text, line=10))]
    assert found == [
        ("One two.", 10), ("Three, four e.g. five?", 10), ("Item one", 13), ("Item two", 14), ("a", 16), ("b", 16), ("c d", 18),
        ("e", 18), ("Last one.", 21),
    ]  # fmt: skip


def test_marks_links_and_pictures_are_not_counted_as_words() -> None:
    text = "![A long description of a picture](x.svg)\n\nSee **the** [HSE pages](https://www.hse.gov.uk/) - now."
    assert count(Words(text=text, line=1)) == 5


def test_a_reason_turns_a_warning_into_an_accepted_one() -> None:
    text = example().replace("He rests for two minutes and climbs on.", "word " * 25 + ".")
    text = text.replace("minutes: 5", "minutes: 5\naccept: {sentence-long: the words are quoted from a song}")
    [problem] = checked(text).problems
    assert problem.accepted == "the words are quoted from a song"
    assert not problem.stops


def test_a_high_reading_level_stops_publishing_until_a_reason_is_written() -> None:
    hard = example().replace(
        "She wants to help, and she is quick.",
        "Additional considerations necessitate comprehensive individual documentation. " * 90,
    )
    assert any(problem.code == "reading-level" and problem.stops for problem in checked(hard).problems)
    accepted = checked(hard.replace("minutes: 5", "minutes: 5\naccept: {reading-level: names of medicines}"))
    assert not any(problem.stops for problem in accepted.problems)
    assert any(problem.code == "reading-level" and problem.severity is Severity.ERROR for problem in accepted.problems)


def test_an_error_cannot_be_accepted() -> None:
    text = (
        example()
        .replace("Id: safer-stairs\n", "")
        .replace("minutes: 5", "minutes: 5\naccept: {id-missing: I like it so}")
    )
    problems = checked(text).problems
    assert {"accept-wrong", "id-missing"} == {problem.code for problem in problems if problem.stops}
