# ruff: noqa: E501  (files of other programs read better unbroken)
"""Other programs' files become drafts; what cannot come along is named with its place and the reason."""

from __future__ import annotations

import base64

import pytest

from app.content.imports import (
    Imported,
    ImportRefused,
    format_of,
    import_aiken,
    import_file,
    import_gift,
    import_moodle,
    import_word,
)
from app.content.types import Kind, Question
from tests.support.content import checked, picture
from tests.support.word import DRAWING, document, item, paragraph

# What only the author of a draft can know.
OWN = {"field-missing", "sources-missing", "check-again-missing", "lesson-short", "feedback-missing"}


def questions(made: Imported) -> tuple[Question, ...]:
    """The draft's questions, after a check that nothing but the author's own part is amiss."""
    found = checked(made.text, files=dict(made.media), glossary=frozenset())
    assert {problem.code for problem in found.problems} <= OWN, found.problems
    return found.module.questions


def test_gift_as_its_manual_shows_it() -> None:
    made = import_gift(
        rb"""
// comment
$CATEGORY: Course/Safe lifting

::Grant:: Who is buried in Grant's tomb? {=Grant#Yes. ~No one ~%50%Napoleon#Half. ####Think of the name.}

Two plus \= four\: is {=true ~false}

The sky is blue.{T#It is.#Yes.}

Mahatma Gandhi's birthday is {~1868 ~1867 =2 October 1869} in India.

Match {=cat -> mouse =dog -> bone = -> [html]<b>stone</b>}

How are you? {}

What is 2+2? {#4}

Name a tool {=hoist =slide sheet}

Broken {=one ~two
""",
        key="lifting",
    )
    found = questions(made)
    assert [q.kind for q in found] == [
        Kind.SINGLE,
        Kind.SINGLE,
        Kind.TRUEFALSE,
        Kind.SINGLE,
        Kind.MATCHING,
        Kind.REFLECTION,
    ]
    assert found[0].prompt.text == "Who is buried in Grant's tomb?"
    assert found[0].explain.text == "Think of the name."
    assert [(o.words.text, o.right) for o in found[0].options] == [
        ("Grant", True),
        ("No one", False),
        ("Napoleon", False),
    ]
    assert found[1].prompt.text == "Two plus = four: is"
    assert [(o.words.text, o.right, o.feedback.text) for o in found[2].options] == [
        ("True", True, "Yes."),
        ("False", False, "It is."),
    ]
    assert found[3].prompt.text == r"Mahatma Gandhi's birthday is \_\_\_\_\_ in India."
    assert [(p.left.text if p.left else None, p.right.text) for p in found[4].pairs] == [
        ("cat", "mouse"),
        ("dog", "bone"),
        (None, "**stone**"),
    ]
    assert found[5].label("shared with") == "only me"
    assert "## Safe lifting" in made.text
    assert [(each.place, each.why.split(".")[0]) for each in made.dropped] == [
        ("line 5", "It counted as 50 % right"),
        ("line 17", "It asks for a number"),
        ("line 19", "It asks for a word to be typed"),
        ("line 21", "Its answers have no closing brace }"),
    ]


def test_aiken_with_its_mistakes_named() -> None:
    made = import_aiken(
        "What is *safe*?\r\nA. Nothing\r\nB) A dry floor\r\nANSWER: B\r\n\r\nNo answer here\nA. x\nB. y\n\nFits not?\nA. x\nANSWER: C\n\nIs it?\nA. True\nB. False\nANSWER: A\n".encode(
            "utf-16"
        )
    )
    one, two = questions(made)
    assert (one.kind, one.prompt.text) == (Kind.SINGLE, r"What is \*safe\*?")
    assert [(o.words.text, o.right) for o in one.options] == [("Nothing", False), ("A dry floor", True)]
    assert two.kind is Kind.TRUEFALSE
    assert [(each.place, each.what) for each in made.dropped] == [
        ("line 6", "No answer here"),
        ("line 10", "Fits not?"),
    ]


MOODLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/On the stairs</text></category></question>
<question type="description"><name><text>d</text></name><questiontext format="html"><text><![CDATA[<h2>Stairs</h2><p>Hold the <b>rail</b>. See <a href="http://x.example">this</a><script>alert(1)</script></p>]]></text></questiontext></question>
<question type="multichoice"><name><text>First step</text></name><idnumber>first-step</idnumber>
 <questiontext format="html"><text><![CDATA[<p>He stops.<br>What first? <img src="@@PLUGINFILE@@/stairs.svg" alt="Six stairs"><img src="@@PLUGINFILE@@/x.png" alt="A photo"></p>]]></text>
 <file name="stairs.svg" encoding="base64">{base64.b64encode(picture()).decode()}</file><file name="x.png" encoding="base64">aGVsbG8=</file></questiontext>
 <generalfeedback format="html"><text>&lt;p&gt;Safe first.&lt;/p&gt;</text></generalfeedback><single>true</single>
 <answer fraction="100" format="html"><text>Ask him</text><feedback format="html"><text>Yes.</text></feedback></answer>
 <answer fraction="0" format="html"><text>Hurry</text><feedback><text>No.</text></feedback></answer>
 <incorrectfeedback><text>Bad luck</text></incorrectfeedback><hint><text>Look.</text></hint></question>
<question type="multichoice"><name><text>m</text></name><questiontext format="plain_text"><text>Which two? [x]</text></questiontext><single>false</single>
 <answer fraction="50"><text>A</text></answer><answer fraction="50"><text>B</text></answer><answer fraction="-100"><text>C</text></answer></question>
<question type="truefalse"><name><text>t</text></name><questiontext><text>Wet is safe.</text></questiontext><answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer></question>
<question type="matching"><name><text>p</text></name><questiontext><text>Match.</text></questiontext>
 <subquestion><text>Grey</text><answer><text>Ill</text></answer></subquestion><subquestion><text>Loose</text><answer><text>Tell | us</text></answer></subquestion><subquestion><text></text><answer><text>Wait</text></answer></subquestion></question>
<question type="ordering"><name><text>o</text></name><questiontext><text>Order.</text></questiontext><answer fraction="1"><text>One</text></answer><answer fraction="2"><text>Two</text></answer><answer fraction="3"><text>Three</text></answer></question>
<question type="essay"><name><text>e</text></name><questiontext><text>How was it?</text></questiontext><graderinfo><text>Kind words.</text></graderinfo></question>
<question type="cloze"><name><text>gap</text></name><questiontext><text>x</text></questiontext></question>
</quiz>"""


def test_moodle_xml_of_every_kind_with_its_pictures() -> None:
    made = import_moodle(MOODLE.encode())
    kinds = [question.kind for question in questions(made)]
    assert kinds == [Kind.SINGLE, Kind.MULTIPLE, Kind.TRUEFALSE, Kind.MATCHING, Kind.ORDERING, Kind.REFLECTION]
    first = questions(made)[0]
    assert (first.id, first.prompt.text, first.label("hint")) == ("first-step", "He stops. What first?", "Look.")
    assert made.media == {"stairs.svg": picture()}
    assert "![Six stairs](stairs.svg)" in made.text
    assert "**Stairs**\n\nHold the **rail**. See this" in made.text
    assert "alert(1)" not in made.text
    assert [pair.right.text for pair in questions(made)[3].pairs] == ["Ill", "Tell | us", "Wait"]
    assert [(each.place, each.what) for each in made.dropped] == [
        ("question 2", "http://x.example"),
        ("question 3", "Picture A photo"),
        ("question 3", "Bad luck"),
        ("question 9", "gap"),
    ]


def test_word_headings_lists_tables_and_questions_written_our_way() -> None:
    made = import_word(
        document(
            paragraph("On the stairs", "Title"),
            paragraph("Half way up", "Heading1"),
            paragraph("Mr Okafor stops. 1. is not a list. Use &lt;care&gt;."),
            item("Stand below"),
            item("Ask"),
            DRAWING.format(name="s", alt="Six stairs", rel="rId9"),
            DRAWING.format(name="p", alt="A photo", rel="rId8"),
            paragraph("Question: What first?", "Heading3"),
            paragraph("Id: what-first"),
            paragraph("Pick one.", bold=True),
            item("[ ] Hurry him"),
            item("[x] Ask him"),
            pictures={"rId9.svg": picture(), "rId8.png": b"\x89PNG\r\n"},
        )
    )
    [question] = questions(made)
    assert 'title: "On the stairs"' in made.text
    assert "## Half way up" in made.text
    assert r"Use \<care\>." in made.text
    assert "- Stand below\n- Ask" in made.text
    assert made.media == {"six-stairs.svg": picture()}
    assert [(o.words.text, o.right) for o in question.options] == [("Hurry him", False), ("Ask him", True)]
    assert [(each.place, each.what) for each in made.dropped] == [("paragraph 7", "Picture A photo")]


BOMB = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><quiz>&b;</quiz>'


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("x.txt", b"hello", "No GIFT question was found"),
        ("x.gift", b"\xff\x00\xfe", "not UTF-8"),
        ("x.gift", b"a\x00b", "not a text file"),
        ("x.gift", b"a" * 2_000_001, "larger than 2 MB"),
        ("x.txt", b"ANSWER: B", "No Aiken question"),
        ("x.xml", BOMB, "defines entities"),
        ("x.xml", b"<quiz><question></quiz>", "cannot be read as XML"),
        ("x.xml", b"<html/>", "does not begin with <quiz>"),
        ("x.xml", b"<quiz/>", "No question was found"),
        ("x.docx", b"PK\x03\x04 rubbish", "not a Word document"),
        ("x.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Word file"),
        ("x.docx", document(paragraph("x"), files={"word/document.xml": BOMB}), "defines entities"),
        ("x.docx", document(paragraph("x"), files={"word/document.xml": "".join(["<a>"] * 300 + ["</a>"] * 300).encode()}), "nested too deep"),
        ("x.docx", document(paragraph("x"), files={"../../etc/passwd": b"x"}), "outside itself"),
        ("x.docx", document(paragraph("x"), files={"C:\\evil.txt": b"x"}), "outside itself"),
        ("x.docx", document(paragraph("x"), files={"word/media/bomb.bin": b"\0" * 70_000_000}), "unpacks to far more"),
        ("x.docx", document(paragraph("x"), files={f"f{n}": b"" for n in range(2001)}), "far too many parts"),
        ("x.docx", document(paragraph("x"), files={"word/document.xml": b"<w:document"}), "cannot be read"),
        ("x.docx", document(paragraph("")), "no words"),
        ("x.pdf", b"%PDF-", "We do not know what .pdf files hold"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_words(name: str, raw: bytes, words: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_file(name, raw)
    assert words in str(refused.value)


def test_text_files_are_told_apart_by_what_they_hold() -> None:
    assert format_of("quiz.TXT", b"Q\nA. x\nANSWER: A") == "aiken"
    assert format_of("quiz.txt", b"Q {=a ~b}") == "gift"
    assert format_of("a.b.docx", b"") == "word"
