# ruff: noqa: E501  (lists of strange pieces read better unbroken)
"""Readers of other programs' files: what goes out as GIFT comes back the same, and no bytes are too strange."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.exports import to_gift
from app.content.imports import (
    Imported,
    ImportRefused,
    import_aiken,
    import_gift,
    import_moodle,
    import_word,
)
from app.content.imports.pieces import Section, made, option
from app.content.imports.write import escaped, escaped_block, module_text
from app.content.parse import parse
from app.content.problems import Problems
from app.content.render import Renderer, plain
from app.content.types import Kind, Module, Pair, Question, Words
from tests.support.content import checked
from tests.support.word import document, item, paragraph

# Every sign with a meaning in GIFT, and those of Markdown that stand within words.
WORDS = st.text(st.sampled_from("ab ~=#{}:\\*_-'\".,?!é→"), max_size=30).map(lambda text: f"Q{' '.join(text.split())}q")
SAID = st.one_of(st.just(""), WORDS, st.tuples(WORDS, WORDS).map("\n\n".join))
CRITERIA = st.sampled_from(["", "13.1a", "13.1a, 13.1b"])


@st.composite
def asked(draw: st.DrawFn) -> Question:
    """Any question of a kind that GIFT has."""
    kind = draw(st.sampled_from([Kind.SINGLE, Kind.MULTIPLE, Kind.TRUEFALSE, Kind.MATCHING, Kind.REFLECTION]))
    labels = {"id": "", "criteria": draw(CRITERIA), "hint": draw(st.one_of(st.just(""), WORDS))}
    if kind is Kind.REFLECTION:
        labels["shared with"] = draw(st.sampled_from(["assessor", "only me"]))
    else:
        labels |= {
            "must get right": draw(st.sampled_from(["", "yes"])),
            "feedback": draw(st.sampled_from(["", "after-sync"])),
        }
    unlike = st.lists(WORDS, min_size=2, max_size=5, unique=True)
    body: dict[str, object] = {}
    match kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            words = draw(unlike)
            right = draw(st.integers(0, len(words) - 1))
            also = kind is Kind.MULTIPLE and draw(st.booleans())
            body["options"] = tuple(
                option(each, 1, right=n == right or (also and n % 2 == 0), feedback=draw(SAID))
                for n, each in enumerate(words)
            )
        case Kind.TRUEFALSE:
            true = draw(st.booleans())
            body["options"] = (
                option("True", 1, right=true, feedback=draw(SAID)),
                option("False", 1, right=not true, feedback=draw(SAID)),
            )
        case Kind.MATCHING:
            left = draw(unlike)
            pairs = [
                Pair(left=Words(text=each, line=1), right=Words(text=f"{each} {n}", line=1))
                for n, each in enumerate(left)
            ]
            spare = [Pair(left=None, right=Words(text="Spare", line=1))] * draw(st.integers(0, 1))
            body["pairs"] = (*pairs, *spare)
        case _:
            body["prompts"] = tuple(draw(unlike))
    return made(kind, draw(WORDS), 1, labels=labels, explain=draw(SAID), **body)


def bare(module: Module) -> list[object]:
    """What a module asks, without the lines it stands on."""

    def text(words: Words | None) -> str | None:
        return words.text if words else None

    return [
        (
            q.kind,
            text(q.prompt),
            {name: label.value for name, label in q.labels.items()},
            text(q.explain),
            [(text(each.words), each.right, text(each.feedback)) for each in q.options],
            [(text(pair.left), text(pair.right)) for pair in q.pairs],
            [text(prompt) for prompt in q.prompts],
        )
        for q in module.questions
    ]


@given(st.lists(asked(), min_size=1, max_size=4))
@settings(max_examples=150)
def test_questions_go_out_as_gift_and_come_back_the_same(questions: list[Question]) -> None:
    problems = Problems("")
    module = parse(module_text([Section(title="One", questions=questions)], key="a", title="A"), problems)
    assert {problem.code for problem in problems.sorted()} <= {"field-missing"}, problems.sorted()
    exported = to_gift(module)
    again = import_gift(exported.text.encode())
    assert again.dropped == ()
    assert bare(parse(again.text, Problems(""))) == bare(module)


@given(st.text(max_size=120))
@settings(max_examples=200)
def test_plain_words_stay_the_words_they_are(text: str) -> None:
    """Nothing of a plain text becomes a mark, a list or a heading."""
    renderer = Renderer()
    shown = " ".join(text.split())
    visible = plain(renderer.inline(escaped(text)))
    assert visible == plain(renderer.inline(escaped(visible)))
    if shown.isascii() and shown.isprintable():
        assert visible == shown
        assert plain(renderer.block(escaped_block(shown))) == shown


READERS: dict[str, Callable[[bytes], Imported]] = {
    "gift": import_gift,
    "aiken": import_aiken,
    "moodle": import_moodle,
    "word": import_word,
}
PIECES = st.lists(
    st.sampled_from(
        [
            "::",
            "{",
            "}",
            "=",
            "~",
            "#",
            "####",
            "->",
            "\\",
            "%",
            "%50%",
            "//",
            "$CATEGORY:",
            "[html]",
            "[markdown]",
            "T",
            "TRUE",
            "<b>",
            "</p>",
            "<p>",
            "<img>",
            "<a",
            "\n",
            "\n\n",
            "A.",
            "B)",
            "ANSWER:",
            "ANSWER:",
            "A\n",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "&amp;",
            "|",
            "*",
            "_",
            "`",
            "[",
            "]",
            "(",
            ")",
            "é",
            "\x00",
            "\r",
            "---",
            ">",
            "-",
            "1.",
        ]
    ),
    max_size=60,
).map(lambda pieces: " ".join(pieces).encode())
TAGS = st.lists(
    st.sampled_from(
        [
            *(
                f"<{tag}>"
                for tag in ("text", "answer", "answer fraction='100'", "subquestion", "questiontext", "single")
            ),
            *(f"</{tag}>" for tag in ("text", "answer", "subquestion", "questiontext", "single")),
            "words",
            "&lt;p&gt;&lt;table&gt;&lt;li&gt;",
            "false",
            "<file name='a.svg' encoding='base64'>!!</file>",
        ]
    ),
    max_size=25,
)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(
    raw=st.one_of(
        st.binary(max_size=300), PIECES, st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
)
@settings(max_examples=150)
def test_no_bytes_make_a_reader_fail_otherwise_than_by_refusing(
    reader: Callable[[bytes], Imported], raw: bytes
) -> None:
    with contextlib.suppress(ImportRefused):
        assert parse(reader(raw).text, Problems("")).key == "imported"


@given(
    kind=st.sampled_from(
        ["multichoice", "truefalse", "matching", "ordering", "essay", "description", "category", "odd"]
    ),
    tags=TAGS,
)
@settings(max_examples=200)
def test_no_moodle_question_is_too_strange(kind: str, tags: list[str]) -> None:
    with contextlib.suppress(ImportRefused):
        made = import_moodle(f"<quiz><question type='{kind}'>{''.join(tags)}</question></quiz>".encode())
        assert parse(made.text, Problems("")).lessons


@given(st.lists(st.sampled_from([paragraph("Hello"), paragraph("Scene: x", "Heading3"), item("[x] y"), "<w:p/>", "<w:tbl/>",
    "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>", "<w:p><w:hyperlink r:id='no'/></w:p>", "<w:p><w:r><w:drawing/></w:r></w:p>",
    "<w:p><w:pPr><w:numPr><w:numId w:val='99'/></w:numPr></w:pPr></w:p>", "<w:ins/>", "<w:unknown/>"]), max_size=10))  # fmt: skip
@settings(max_examples=80)
def test_no_word_document_is_too_strange(parts: list[str]) -> None:
    with contextlib.suppress(ImportRefused):
        assert parse(import_word(document(*parts)).text, Problems("")).lessons


@pytest.mark.parametrize(
    "flood", ["{", "}", "=a", "~", "::", "#", "a{=b}\n\n", "\\", "[html]<b>", "<li>", "**", "A. x\n"]
)
@pytest.mark.parametrize("reader", [import_gift, import_aiken], ids=["gift", "aiken"])
def test_a_flood_does_not_hold_a_reader_up(reader: Callable[[bytes], Imported], flood: str) -> None:
    raw = ("x {=a ~b " + flood * (100_000 // len(flood)) + "}").encode()
    began = time.process_time()
    with contextlib.suppress(ImportRefused):
        reader(raw)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "flood", ["<b>", "<li>", "<table><tr><td>", "<p>x", "</p>", "<a href='https://x'>", "<", "&lt;", "* "]
)
def test_a_flood_of_tags_does_not_hold_a_reader_up(flood: str) -> None:
    html = flood * (100_000 // len(flood))
    raw = f"<quiz><question type='description'><questiontext><text><![CDATA[{html}]]></text></questiontext></question></quiz>"
    began = time.process_time()
    with contextlib.suppress(ImportRefused):
        import_moodle(raw.encode())
    assert time.process_time() - began < 10


def test_a_draft_is_checked_like_any_module() -> None:
    """Nothing harmful gets past because another program wrote it: the check sees what an author would have typed."""
    found = checked(import_gift(b"[markdown]<script>x</script> [l](http://x)? {=a ~b}").text)
    assert {"raw-html", "link-not-https"} <= {problem.code for problem in found.problems}
