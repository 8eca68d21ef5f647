# ruff: noqa: E501  (tables of examples read better unbroken)
"""A minor edition mends words; what people are marked on only a major one may change."""

from __future__ import annotations

import pytest

from app.content import build
from app.content.compare import marking_changes
from tests.support.content import checked, example


def changes(*edits: tuple[str, str]) -> tuple[str, ...]:
    text = example()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    old, new = (build(found.module, found.media) for found in (checked(example()), checked(text)))
    return marking_changes(old.data, old.answer_key, new.data, new.answer_key)


@pytest.mark.parametrize(
    "edits",
    [
        [("Ask him how he feels", "Ask him kindly how he feels")],
        [("Hurry him on before he falls", "Tell him to hurry"), ("Go and look for a chair", "Look for a chair")],
        [("- [ ] Go and look for a chair\n  > Then he is alone on the stairs.\n", ""), ("- [ ] Hurry", "- [ ] Go and look for a chair\n  > No.\n- [ ] Hurry")],
        [("2. Ask", "2. Ask him")],
        [("| Loose rail | Report it |", "| A loose rail | Tell the office |")],
        [("Pull too", "Pull as well"), ("### Scene: A tug", "### Scene: A big tug"), ("(#scene-a-tug)", "(#scene-a-big-tug)")],
        [("What happened?", "What was it?")],
    ],
)  # fmt: skip
def test_mended_words_are_not_a_change_of_marking(edits: list[tuple[str, str]]) -> None:
    assert changes(*edits) == ()


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([("pass: 80", "pass: 90")], "the pass mark went from 80% to 90%"),
        ([("pass: 80\n", "")], "from 80% to none"),
        ([("Must get right: yes\n", "")], '"Must get right" changed'),
        ([("Practise: yes\n", "")], '"Practise" changed'),
        ([("- [x] Ask him", "- [ ] Ask him"), ("- [ ] Hurry", "- [x] Hurry")], "the right answer changed"),
        ([("Hurry him on before he falls", "TEMP"), ("Ask him how he feels", "Hurry him on before he falls"), ("TEMP", "Ask him how he feels")], "the right answer changed"),
        ([("- [ ] A small rug", "- [x] A small rug")], "the right answer changed"),
        ([("1. Stand below\n2. Ask\n", "1. Ask\n2. Stand below\n")], "the right answer changed"),
        ([("He may be ill |\n| Loose rail | Report it", "Report it |\n| Loose rail | He may be ill")], "the right answer changed"),
        ([("**Ending: safe but late**", "**Ending: try again**")], "the right answer changed"),
        ([("(#scene-down-they-go)", "(#scene-he-rests)"), ("(#scene-a-tug)", "(#scene-down-they-go)")], "the right answer changed"),
        ([("Id: safer-stairs", "Id: safe-stairs")], "was taken away"),
        ([("Id: safer-stairs", "Id: safe-stairs")], "was added"),
        ([("**Pick all that apply.**", "**Pick one.**"), ("- [x] A rail", "- [ ] A rail")], "the kind changed"),
    ],
)  # fmt: skip
def test_a_change_of_marking_is_put_in_words(edits: list[tuple[str, str]], words: str) -> None:
    assert any(words in change for change in changes(*edits))
