"""A short text beside a module: the words of a lesson without pictures, and numbers to press."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.content.short import short
from tests.support.harmless import harm

CALL = re.compile(r'<a href="tel:\+?[0-9]{9,14}">(\+?[0-9 ]+)</a>')


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ring 0161 496 0000.", ["01614960000"]),
        ("07700 900123 or +44 7700 900 456, day and night", ["07700900123", "+447700900456"]),
        ("**0161 496 0000**", ["01614960000"]),
        ("- 0161 496 0000\n- 0161 496 0001", ["01614960000", "01614960001"]),
        # Not a number to ring: a day, a house, part of something longer, or of a link.
        ("On 01 02 2026 at number 12", []),
        ("Ref 0161-496-0000-7 and A0161496000", []),
        ("[0161 496 0000](https://example.org/0161)", []),
        ("[Forms 0161 496 0000](https://example.org/01614960000)", []),
    ],
)
def test_a_number_as_people_write_it_can_be_pressed(text: str, numbers: list[str]) -> None:
    assert re.findall(r'href="tel:([^"]*)"', short(text).html) == numbers


def test_lines_stay_lines() -> None:
    assert short("Office\r\n12 High Street  \n\nYork").html == "<p>Office<br>\n12 High Street</p>\n<p>York</p>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![Our door](door.svg)", "Pictures and sounds are not shown here."),
        ("### Question: Who is on call?", "Headings are not used here."),
        ("> [!WARNING]\n> Ring first", "Use paragraphs, lists, bold words and links only."),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "Use paragraphs, lists, bold words and links only."),
        ("One\n\n<b>Two</b>", 'Line 3: "<b>Two</b>" is HTML'),
        ("[Forms](http://example.org)", "is not an https address. Try https://example.org"),
        ("[Ring](tel:01614960000)", "is not an https address. Write the number itself."),
        ("[Forms](javascript:alert(1))", "is not an https address"),
    ],
)
def test_what_does_not_belong_there_is_said(text: str, said: str) -> None:
    assert said in " ".join(short(text).wrong)


def test_an_empty_text_is_an_empty_page() -> None:
    assert (short(" \n\n ").text, short("").html, short("").wrong) == ("", "", ())


PIECES = [
    "0161 496 0000",
    "<script>",
    "javascript:x",
    '"',
    "<a href=",
    "](",
    "[",
    "**",
    "\n",
    "- ",
    "&#48;161 496 0000",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map("".join))
@example("[0161 496 0000](https://a.org/'0161 496 0000)")
@example("<0161 496 0000>")
def test_whatever_is_written_it_holds_nothing_but_harmless_html_and_numbers(text: str) -> None:
    assert harm(CALL.sub(r"\1", short(text).html)) == []
