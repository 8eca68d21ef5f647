"""A draft as a carer meets it: the learner's own pages, made to stand in a frame that can neither send nor store.

The frame has no origin, so cookies and pictures of this server are out of its reach: pictures, signs and the edition
travel inside the page. `service_worker/desk/preview.ts` brings it to life, with the phone's own questions.
"""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from app.content.types import MediaFile
from app.web import assets, compose, shell, theme

START, END = "start", "end"
SHELLS = ("module", "lesson", "question", "end")
SCRIPT = "preview.js"
_SCRIPTS = re.compile(r"<script\b[^>]*></script>\n?")
# A frame has no home screen and no tab of its own.
_LINKS = re.compile(r'<link rel="(?:icon|apple-touch-icon|manifest)"[^>]*>\n?')
_STYLES = '<link rel="stylesheet"'


class NoSuchPart(LookupError):
    """The draft has no part of that name: "start", a number from 1, or "end"."""


def policy(origin: str) -> str:
    """Return the preview's own policy: it runs our script and shows what it holds, and that is all.

    `origin` stands beside 'self', which some browsers take for nothing in a frame without an origin.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {origin}",
            f"style-src 'self' {origin}",
            # The stylesheet names easy-read letters. Nothing here uses them, but Chromium asks the policy all the same.
            f"font-src 'self' {origin}",
            # Held by the page itself.
            "img-src data:",
            "media-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
            # Also where somebody opens it by itself.
            "sandbox allow-scripts",
            "require-trusted-types-for 'script'",
            "trusted-types bv",
        )
    )


def page(
    edition: Mapping[str, Any],
    sha: str,
    media: Iterable[MediaFile],
    glossary: Mapping[str, str],
    *,
    at: str,
    base: str,
    asset: Callable[[str], str],
    script: str = SCRIPT,
) -> str:
    """Return the page of a draft at `at`. `base` is the address its own links begin with. Raises NoSuchPart.

    `glossary`: words with their meanings, those of the draft's own words or more.
    """
    made = shell.current()
    shells = {name: _for_a_frame(made.document(name), asset) for name in SHELLS}
    pictures = {file.address: _within(file) for file in media}
    data = {"edition": edition, "sha": sha, "shells": shells, "media": pictures, "glossary": {"words": dict(glossary)}}
    text = _led_home(_filled(shells, edition, sha, at), edition, base)
    for address, within in pictures.items():
        text = text.replace(address, within)
    # A reader of HTML sees no "<" in here, so nothing an author writes can end the block.
    block = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    head = f'<script type="application/json" data-preview>{block}</script>\n<script src="{asset(script)}"></script>\n'
    text = text.replace(_STYLES, head + _STYLES, 1)
    before, body, after = re.split(r"(<body[^>]*>)", text, maxsplit=1)
    return f"{before}{body}{_sprite(asset('icons.svg'))}{after}"


def words_in(text: str, glossary: Mapping[str, str]) -> dict[str, str]:
    """Return the words of the glossary that may stand in a text: more than do, but far from all."""
    low = " ".join(text.lower().split())
    return {word: meaning for word, meaning in glossary.items() if word.lower() in low}


def _filled(shells: Mapping[str, str], edition: Mapping[str, Any], sha: str, at: str) -> str:
    if at == START:
        return compose.start_page(shells["module"], edition, sha)
    if at == END:
        return compose.end_page(shells["end"], edition, sha)
    try:
        number = int(at) if at.isascii() and at.isdecimal() else 0
        return compose.part_page(shells[compose.shell_for(edition, number)], edition, sha, number)
    except compose.NoSuchPart:
        raise NoSuchPart(at) from None


def _for_a_frame(document: str, asset: Callable[[str], str]) -> str:
    """Return a shell document whose signs and mark are within the page, and which loads no script and no manifest."""
    document = _LINKS.sub("", _SCRIPTS.sub("", document.replace(theme.TAG, "")))
    mark = asset("icon.svg")
    return document.replace(asset("icons.svg"), "").replace(mark, _built(mark, "image/svg+xml"))


def _led_home(text: str, edition: Mapping[str, Any], base: str) -> str:
    """Let the links of a page lead to parts of the preview, where there is no script to follow them."""
    module = f"/learn/{escape(edition['key'])}"
    text = re.sub(rf'href="{re.escape(module)}/\d+/(\d+|end)"', rf'href="{base}/\1"', text)
    return re.sub(rf'href="(?:{re.escape(module)}|/learn|/today)"', f'href="{base}/{START}"', text)


def _within(file: MediaFile) -> str:
    return _as_data(file.type, file.body)


def _as_data(kind: str, body: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(body).decode()}"


@functools.lru_cache(maxsize=4)
def _built(address: str, kind: str) -> str:
    """Return a built file as an address that holds it. Its name holds its hash, so what is kept is never old."""
    return _as_data(kind, (assets.BUILD / address.removeprefix(assets.PREFIX)).read_bytes())


@functools.lru_cache(maxsize=2)
def _sprite(address: str) -> str:
    text = (assets.BUILD / address.removeprefix(assets.PREFIX)).read_text(encoding="utf-8")
    return text.replace("<svg ", "<svg hidden data-sprite ", 1)
