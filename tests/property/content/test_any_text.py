"""Whatever an author's file holds, the answer is a list of problems and never a crash."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content import build
from app.content.checks.words import count
from app.content.fix import add_missing_ids
from app.content.render import Renderer
from app.content.types import Words
from tests.support.content import checked, example

RENDERER = Renderer()
LINES = st.sampled_from(
    [
        *example().split("\n"),
        "---",
        "```",
        "<b>",
        "- [",
        "> >",
        "|",
        "a: [",
        "*: &a",
        "\x00",
        "\r",
        "[x]: y",
        "###",
        "**Ending:**",
        "?? - -",
    ]
)
SPLICED = st.lists(LINES, max_size=60).map("\n".join)


@st.composite
def torn(draw: st.DrawFn) -> str:
    """The example with some lines moved, lost or doubled, so that most of it still makes sense."""
    lines = example().split("\n")
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 2)):
            case 0:
                lines.insert(place, draw(LINES))
            case 1:
                del lines[place]
            case _:
                lines[place] = draw(st.text(max_size=30)) + lines[place]
    return "\n".join(lines)


@given(st.one_of(st.text(max_size=400), SPLICED, torn()))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_reading_checking_or_previewing_fail(text: str) -> None:
    found = checked(text)
    last = found.module.text.count("\n") + 2
    assert all(1 <= problem.line <= last and problem.message for problem in found.problems)
    assert build(found.module, found.media, RENDERER).body.startswith(b"{")


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_reading_fail(raw: bytes) -> None:
    assert checked(raw).stops


@given(torn())
@settings(max_examples=150, deadline=None)
def test_fix_only_adds_lines_and_once_is_enough(text: str) -> None:
    raw = text.encode("utf-8", errors="replace")
    mended, added = add_missing_ids(raw)
    assert (mended == raw) == (added == 0)
    before = raw.replace(b"\r", b"\n").split(b"\n")
    after = iter(mended.replace(b"\r", b"\n").split(b"\n"))
    assert all(any(line == other for other in after) for line in before), "every line is still there, in order"
    assert add_missing_ids(mended)[1] == 0


@given(torn())
@settings(max_examples=100, deadline=None)
def test_one_renderer_gives_what_a_new_one_gives(text: str) -> None:
    """The renderer is shared by all modules: nothing of one may be left in the next."""
    found = checked(text)
    assert build(found.module, found.media, RENDERER).sha == build(found.module, found.media, Renderer()).sha


@pytest.mark.parametrize("flood", ["[", "![a", "[a](", "> [!", "`a", "*a ", "> ", "|", "<", "***a", "- "])
def test_a_flood_of_marks_does_not_hold_up_the_server(flood: str) -> None:
    """Work that grows by the square takes over ten seconds here; ours takes well under one."""
    text = flood * (20_000 // len(flood))
    started = time.process_time()
    found = checked(f"---\nkey: a\n---\n## x\n\n{text}\n\n### Question: {text}\n\n**Pick one.**\n\n- [x] {text}\n")
    assert build(found.module, found.media, RENDERER).body.startswith(b"{")
    assert time.process_time() - started < 5


@pytest.mark.parametrize("flood", ["![[a]", "[[a]"])
def test_brackets_that_never_close_do_not_hold_up_the_count_of_words(flood: str) -> None:
    words = Words(text=flood * (150_000 // len(flood)), line=1)
    started = time.process_time()
    assert count(words) > 0
    assert time.process_time() - started < 5
