"""The one gate that HTML goes through before it is kept: `sanitise`, and the allow-list it enforces.

bleach goes first and nh3, which is maintained, has the last word. Both read the same table, so neither can be widened
alone. See docs/decisions/0002.
"""

from __future__ import annotations

import re

import nh3
from bleach.sanitizer import Cleaner

from app.content.source import strip_hidden

ALERTS = ("note", "tip", "important", "warning", "caution")
# tag → attributes it may carry. Everything else is taken away; its words stay.
ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "strong",
            "em",
            "code",
            "br",
            "hr",
            "ul",
            "li",
            "h2",
            "h3",
            "h4",
            "blockquote",
            "table",
            "thead",
            "tbody",
            "tr",
            "td",
        ),
        frozenset[str](),
    ),
    "p": frozenset({"class"}),
    "div": frozenset({"class"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"scope"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "audio": frozenset({"src", "controls", "preload", "aria-label"}),
}
# An address in a lesson: https only, with a name, and no sign-in part that could dress one site up as another.
LINK = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#][^\s\"'<>\\`]*)?\Z")
# Pictures and sounds: only our own, named by their content.
PICTURE = re.compile(r"/m/[0-9a-f]{64}\.(?:svg|webp)\Z")
SOUND = re.compile(r"/m/[0-9a-f]{64}\.mp3\Z")
_NUMBER = re.compile(r"[0-9]{1,4}\Z")
_VALUES: dict[tuple[str, str], re.Pattern[str]] = {
    ("a", "href"): LINK,
    ("img", "src"): PICTURE,
    ("img", "width"): _NUMBER,
    ("img", "height"): _NUMBER,
    ("audio", "src"): SOUND,
    ("audio", "controls"): re.compile(r"(?:controls)?\Z"),
    ("audio", "preload"): re.compile(r"none\Z"),
    ("ol", "start"): _NUMBER,
    ("th", "scope"): re.compile(r"(?:col|row)\Z"),
    ("p", "class"): re.compile(r"bv-alert__title\Z"),
    ("div", "class"): re.compile(rf"bv-alert bv-alert--(?:{'|'.join(ALERTS)})\Z"),
}
# Text of these never belongs on a page.
_DROPPED_WHOLE = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "title"}
# Most answers are plain words: with none of these signs there is no markup for a browser to find.
_MARKUP = re.compile("[<>&\r\x00]")


def _allows(tag: str, name: str, value: str) -> bool:
    if name not in ALLOWED.get(tag, ()):
        return False
    pattern = _VALUES.get((tag, name))
    return pattern is None or pattern.match(value) is not None


def _kept(tag: str, name: str, value: str) -> str | None:
    """The filter of nh3, which sees the rel that nh3 itself adds, too."""
    return value if (tag, name, value) == ("a", "rel", "noopener") or _allows(tag, name, value) else None


_bleach = Cleaner(
    tags=frozenset(ALLOWED), attributes=_allows, protocols=frozenset({"https"}), strip=True, strip_comments=True
)
_nh3 = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags=_DROPPED_WHOLE,
    attributes={tag: set(names) for tag, names in ALLOWED.items()},
    attribute_filter=_kept,
    strip_comments=True,
    link_rel="noopener",
    url_schemes={"https"},
)


def sanitise(html: str) -> str:
    """Return `html` with only what a lesson may hold.

    Links are https and carry rel="noopener"; pictures and sounds are our own, named by hash; there is no style, id,
    script, form or frame. Sanitising what is already clean changes nothing.
    """
    html = strip_hidden(html)
    if not _MARKUP.search(html):
        return html
    return _nh3.clean(_bleach.clean(html))
