# ruff: noqa: E501  (tables of examples read better unbroken)
"""Odd but right ways of writing are understood."""

from __future__ import annotations

import pytest

from app.content.fix import add_missing_ids
from app.content.problems import slug
from app.content.scenes import scene_key
from app.content.types import Kind
from tests.support.content import checked, example

FRONT = example().split("## Half")[0].replace('["13.1a", "13.1b"]', "[]")


def module(question: str) -> str:
    return f"{FRONT}## A lesson\n\nSome words to read.\n\n{question}"


def test_feedback_belongs_to_the_answer_above_it_at_any_indent() -> None:
    found = checked(
        module(
            "### Question: What?\nId: q\n\n**Pick one.**\n- [ ] a\n> one\n- [x] b\n> two\n\n> lines\n"
            "- [ ] c\n            > three\n\n> The end.\n>\n> Really.\n"
        )
    )
    question = found.module.questions[0]
    assert [option.feedback.text for option in question.options if option.feedback] == ["one", "two\n\nlines", "three"]
    assert question.explain is not None
    assert question.explain.text == "The end.\n\nReally."
    assert not found.stops


@pytest.mark.parametrize("bold", ["**Pick one.**", "**pick one**", "**Pick  one**", "__Pick one.__", "**Pick one:**"])
def test_small_slips_in_a_bold_line_are_forgiven(bold: str) -> None:
    found = checked(module(f"### Question: What?\n\nId: q\n\n{bold}\n\n- [ ] a\n  > b\n- [X] c\n  > d\n"))
    assert found.module.questions[0].kind is Kind.SINGLE
    assert not found.stops


def test_an_answer_may_go_on_on_the_next_line() -> None:
    found = checked(
        module("### Question: What?\n\nId: q\n\n**Pick one.**\n\n- [ ] a\n  and more\n  > b\n  c\n- [x] d\n  > e\n")
    )
    option = found.module.questions[0].options[0]
    assert (option.words.text, option.feedback and option.feedback.text) == ("a and more", "b\nc")


def test_a_bar_inside_a_cell_is_written_with_a_backslash() -> None:
    found = checked(
        module("### Question: Which?\n\nId: q\n\n**Match the pairs.**\n\nA | B\n--|--\na \\| b | c\nd | e\n")
    )
    assert [pair.left and pair.left.text for pair in found.module.questions[0].pairs] == ["a | b", "d"]


def test_a_story_may_begin_with_somebody_speaking() -> None:
    scene = "### Scene: One\n\nId: s\n\nMum: is that you?\n\n**What next?**\n\n- [a](#scene-two)\n  > x\n- [b](#scene-two)\n  > y\n\n"
    found = checked(module(scene + "### Scene: Two\n\nWell.\n\n**Ending: good**\n"))
    story = found.module.questions[0].scenes[0].story
    assert story is not None
    assert story.text == "Mum: is that you?"
    assert not found.stops


def test_a_scene_with_an_id_begins_another_story() -> None:
    one = "### Scene: {0}\n\nId: {0}\n\nHm.\n\n**What next?**\n\n- [a](#scene-{0}-end)\n  > x\n- [b](#scene-{0}-end)\n  > y\n\n"
    end = "### Scene: {0} end\n\nWell.\n\n**Ending: good**\n\n"
    found = checked(module("".join((one + end).format(name) for name in ("a", "b"))))
    assert [question.id for question in found.module.questions] == ["a", "b"]
    assert not found.stops


def test_codes_and_words_keep_the_shape_they_are_written_in() -> None:
    found = checked(
        example()
        .replace('["13.1a", "13.1b"]', "[13.10, no, 2027-01-01]")
        .replace("title: On the stairs", "title: 'No'")
    )
    assert [label.value for label in found.module.criteria] == ["13.10", "no", "2027-01-01"]
    assert found.module.title == "No"


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("You call out", "scene-you-call-out"),
        ("Who's there?", "scene-whos-there"),
        ("Tea – or not", "scene-tea-or-not"),
        ("Café", "scene-cafe"),
    ],
)
def test_a_scene_is_linked_by_its_heading(title: str, key: str) -> None:
    assert scene_key(title) == key
    assert slug(key) == key


def test_fix_writes_missing_ids_and_nothing_else() -> None:
    text = (
        example().replace("Id: safer-stairs\n", "").replace("Id: pair-of-hands\n", "").replace("Id: felt-rushed\n", "")
    )
    mended, added = add_missing_ids(text.encode())
    assert added == 3
    found = checked(mended)
    assert found.problems == ()
    assert [q.id for q in found.module.questions][1] == "what-makes-stairs-safer"
    assert add_missing_ids(mended) == (mended, 0)


def test_fix_keeps_windows_newlines_and_never_repeats_an_id() -> None:
    text = (
        example()
        .replace("Id: safer-stairs\n", "")
        .replace("Id: stops-first", "Id: what-makes-stairs-safer")
        .replace("\n", "\r\n")
    )
    mended, added = add_missing_ids(text.encode())
    assert added == 1
    assert b"Id: what-makes-stairs-safer-2\r\n" in mended
    assert mended.count(b"\n") == mended.count(b"\r\n")


def test_fix_leaves_a_file_alone_that_needs_nothing_or_cannot_be_read() -> None:
    assert add_missing_ids(example().encode()) == (example().encode(), 0)
    assert add_missing_ids(b"\xff\xfe") == (b"\xff\xfe", 0)
