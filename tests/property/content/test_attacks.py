# ruff: noqa: E501  (tables of examples read better unbroken)
"""A lesson can come from anybody who may publish, and is shown to everybody. So the real renderer meets real attacks."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content import Surroundings, build, check
from app.content.render import Renderer, plain
from app.content.sanitise import sanitise
from app.content.svg import MediaRefused, check_svg, read_media
from tests.support.harmless import harm

CORPUS = json.loads((Path(__file__).parent / "attacks.json").read_text(encoding="utf-8"))
PICTURE = read_media(
    "stairs.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 20"><rect width="32" height="20"/></svg>'
)
RENDERER = Renderer()
RENDERER.use({"stairs.svg": PICTURE})
MARKDOWN = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(CORPUS["pieces"]), max_size=40).map("".join))


def test_the_corpus_has_at_least_two_hundred_different_attacks() -> None:
    assert len({attack["markdown"] for attack in CORPUS["markdown"]}) >= 200


@pytest.mark.parametrize("attack", CORPUS["markdown"], ids=lambda attack: attack["group"])
def test_an_attack_in_a_lesson_comes_to_nothing(attack: dict[str, str]) -> None:
    assert harm(RENDERER.block(attack["markdown"])) == []
    assert harm(RENDERER.inline(attack["markdown"])) == []


@pytest.mark.parametrize("attack", CORPUS["markdown"], ids=lambda attack: attack["group"])
def test_an_attack_handed_to_the_sanitiser_itself_comes_to_nothing(attack: dict[str, str]) -> None:
    once = sanitise(attack["markdown"])
    assert harm(once) == []
    assert sanitise(once) == once


def test_attacks_in_every_field_of_a_module_come_to_nothing() -> None:
    around = Surroundings(today=date(2026, 11, 22), files={"stairs.svg": PICTURE.body})
    for attack in CORPUS["markdown"]:
        line = " ".join(attack["markdown"].split())
        text = (
            f"---\nkey: a\ntitle: A\nedition: 1\n---\n## {line}\n\n{attack['markdown']}\n\n### Question: {line}\n\nId: q\nHint: {line}\n\n"
            f"**Pick one.**\n\n- [x] {line}\n  > {line}\n- [ ] b {line}\n  > {line}\n\n> {line}\n\n### Scene: {line} 1\n\n{line}\n\n"
            f"**What next?**\n\n- [{line}](#scene-end)\n  > {line}\n\n### Scene: End\n\n{line}\n\n**Ending: good**\n\n> {line}\n"
        )
        checked = check(text, "module.md", around)
        for html in fragments(build(checked.module, checked.media, RENDERER).data["parts"]):
            assert harm(html) == [], (attack, html)


def fragments(found: object) -> list[str]:
    """Every string under a key that holds HTML."""
    if isinstance(found, list):
        return [html for item in found for html in fragments(item)]
    if not isinstance(found, dict):
        return []
    named = [
        value
        for key, value in found.items()
        if key in ("html", "prompt", "hint", "feedback", "explain", "model") and isinstance(value, str)
    ]
    return named + [html for value in found.values() for html in fragments(value)]


@pytest.mark.parametrize("picture", CORPUS["svg"])
def test_an_unsafe_svg_is_refused(picture: str) -> None:
    with pytest.raises(MediaRefused):
        check_svg(picture.encode())


@given(MARKDOWN)
@settings(max_examples=400, deadline=None)
def test_no_markdown_yields_anything_that_runs_or_calls_out(markdown: str) -> None:
    block, inline = RENDERER.block(markdown), RENDERER.inline(markdown)
    assert harm(block) == []
    assert harm(inline) == []
    assert "<" not in plain(block) or "<" in markdown or "&" in markdown


@given(MARKDOWN)
@settings(max_examples=400, deadline=None)
def test_no_html_gets_past_the_sanitiser_and_clean_html_stays_as_it_is(html: str) -> None:
    clean = sanitise(html)
    assert harm(clean) == []
    assert sanitise(clean) == clean


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_the_picture_reader_fail_otherwise_than_by_refusing(body: bytes) -> None:
    for name in ("a.svg", "a.webp", "a.mp3"):
        with contextlib.suppress(MediaRefused):
            assert read_media(name, body).body == body
