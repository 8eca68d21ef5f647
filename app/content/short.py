"""A short text that belongs to no module: checked, rendered and sanitised as the words of a lesson are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.content.checks.markup import check_words
from app.content.problems import Problems
from app.content.render import Renderer
from app.content.source import normalise

# What may stand in it, of all that a lesson may hold.
SIMPLE = frozenset({"p", "br", "ul", "ol", "li", "strong", "em", "a"})
_TAG = re.compile(r"<([a-z][a-z0-9]*)")
_PICTURE = re.compile(r"!\[[^\]]{0,1000}\]\(")
# A number as people in the UK write it, alone among other words.
_NUMBER = re.compile(r"(?<![\w#+.,/:-])(?:\+44|0)(?: ?[0-9]){8,11}(?![\w-]| [0-9])")
# What is left as it is while numbers are looked for: links, and the tags themselves.
_LEFT = re.compile(r"(<a\b.*?</a>|<[^>]*>)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """The text as it is kept, its sanitised HTML, and what is wrong with it in sentences that say what to do."""

    text: str
    html: str
    wrong: tuple[str, ...]


@lru_cache(maxsize=512)
def short(raw: str) -> Short:
    """Read, check and render paragraphs, lists, bold words and links. Never raises, whatever the text.

    Lines stay lines: nobody who writes numbers below each other means one paragraph. A telephone number becomes one
    to press. That is done after the sanitiser, which lets no link but https through: what is put in is digits alone.
    """
    problems = Problems("")
    text = "\n".join(line.rstrip() for line in normalise(raw, problems).split("\n")).strip("\n")
    check_words(text, problems)
    # Two spaces at its end make Markdown keep a line.
    html = Renderer().block(text.replace("\n", "  \n")).replace("  </", "</") if text else ""
    wrong = [f"Line {each.line}: {each.message} {each.suggestion}" for each in problems.sorted()]
    if _PICTURE.search(text):
        wrong.append("Pictures and sounds are not shown here. Say it in words.")
    others = set(_TAG.findall(html)) - SIMPLE
    if others & {"h2", "h3", "h4"}:
        wrong.append("Headings are not used here. Make the line **bold**, and leave out the #.")
    if others - {"h2", "h3", "h4"}:
        wrong.append("Use paragraphs, lists, bold words and links only.")
    return Short(text=text, html=_with_calls(html), wrong=tuple(wrong))


def _with_calls(html: str) -> str:
    pieces = _LEFT.split(html)
    pieces[::2] = [_NUMBER.sub(_call, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _call(found: re.Match[str]) -> str:
    return f'<a href="tel:{found[0].replace(" ", "")}">{found[0]}</a>'
