"""What an author's Markdown may not hold: HTML, code blocks, links that lead astray, pictures nobody can hear about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping

from app.content.problems import Problems, closest, did_you_mean
from app.content.render import DECORATIVE
from app.content.sanitise import ALERTS, LINK
from app.content.source import is_plain_name
from app.content.svg import MediaRefused
from app.content.types import MediaFile, Module

_CODE = re.compile(r"(?<!`)(`+)(?!`)([^`\n]|(?<!`)`+(?!\1))*?(?<!`)\1(?!`)")
_HTML = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])(?!https?://[^<>\s]*>)")
_AUTOLINK = re.compile(r"<((?:https?|ftp)://[^<>\s]*)>", re.IGNORECASE)
# The limits, and taking no step back (`+`), keep a flood of brackets from costing time by the square.
_LINK = re.compile(
    r"(!?)\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,1000})\]\(\s{0,9}<?([^)\s<>]{0,2000}+)>?"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
_FENCE = re.compile(r"(?m)^[ ]{0,3}(```|~~~)")
_REFERENCE = re.compile(r"(?m)^[ ]{0,3}\[[^\]\n!]+\]:[ \t]*\S|\](?:\[[^\]\n]*\])")
_ALERT = re.compile(r"(?m)^[ \t]*>[ \t]*\[!([^\]\n]*)\]")
_SHORT_ALT = 3


class _Lines:
    """Turns an offset in a text into its line."""

    def __init__(self, text: str, first: int) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._first = first

    def of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1 + self._first


def check_markup(module: Module, problems: Problems) -> None:
    """Note HTML, code blocks, reference links, unknown alert boxes and links that are not https."""
    text = "\n".join(module.text.split("\n")[module.front_lines :])
    scenes = {
        choice.words.line for question in module.questions for scene in question.scenes for choice in scene.choices
    }
    check_words(text, problems, first=module.front_lines + 1, scenes=scenes)


def check_words(text: str, problems: Problems, *, first: int = 1, scenes: Collection[int] = ()) -> None:
    """Do the same for any Markdown. `first` is the number of its first line; on the lines of `scenes` links may lead to
    scenes.
    """
    lines = _Lines(text, first)
    bare = _CODE.sub(lambda found: " " * len(found[0]), text)
    seen: set[int] = set()
    for found in _HTML.finditer(bare):
        line = lines.of(found.start())
        if line not in seen:
            seen.add(line)
            shown = bare[found.start() : found.start() + 20].split("\n")[0]
            problems.error(
                line,
                "raw-html",
                f'"{shown}" is HTML, which lessons do not use.',
                "Use Markdown, or write \\< for the sign itself.",
            )
    for found in list(_FENCE.finditer(text))[::2]:
        problems.error(
            lines.of(found.start(1)), "code-block", "Code blocks are not used.", "Write plain text, or a quote with >"
        )
    for found in _REFERENCE.finditer(bare):
        problems.error(
            lines.of(found.start()),
            "reference-link",
            "A link's address stands right behind its words.",
            "Write [words](https://…)",
        )
    for found in _ALERT.finditer(text):
        if found[1].lower() not in ALERTS:
            names = [name.upper() for name in ALERTS]
            hint = did_you_mean(found[1].upper(), names, "[!{}]") or f"The boxes are {', '.join(names)}."
            problems.error(
                lines.of(found.start(1)), "alert-unknown", f'"[!{found[1][:20]}]" is not a box we know.', hint
            )
    for found in _AUTOLINK.finditer(bare):
        _check_link(found[1], lines.of(found.start()), problems)
    for found in _LINK.finditer(bare):
        line = lines.of(found.start())
        if not found[1] and not (found[3].startswith("#") and line in scenes):
            _check_link(found[3], line, problems)


def _check_link(address: str, line: int, problems: Problems) -> None:
    if LINK.match(address):
        return
    if address.startswith("http://"):
        hint = f"Try https://{address[7:67]}"
    elif address.startswith("#"):
        hint = "Links between scenes belong under **What next?**"
    elif address.startswith("tel:"):
        hint = "Write the number itself."
    else:
        hint = "Write the whole address: https://…"
    problems.error(line, "link-not-https", f'"{address[:60]}" is not an https address.', hint)


def check_media(
    module: Module, media: Mapping[str, MediaFile | MediaRefused], sizes: Mapping[str, int], problems: Problems
) -> None:
    """Note pictures without a description, files that are missing, refused or not used. `sizes`: what lies in the
    folder.
    """
    text = "\n".join(module.text.split("\n")[module.front_lines :])
    lines = _Lines(text, module.front_lines + 1)
    used: set[str] = set()
    for found in _LINK.finditer(text):
        if not found[1]:
            continue
        line, alt, name = lines.of(found.start()), " ".join(found[2].split()), found[3]
        first = name not in used
        used.add(name)
        if len(alt) < _SHORT_ALT:
            problems.error(
                line, "alt-missing", f'"{name[:40]}" has no words that say what it teaches.',
                "Write ![What it shows](…), or ![decorative](…) if it teaches nothing.",
            )  # fmt: skip
        if not is_plain_name(name):
            problems.error(
                line,
                "picture-address",
                f'"{name[:40]}" is not a file beside module.md.',
                "Put the picture in the module's folder.",
            )
        elif name not in sizes:
            near = closest(name, sizes)
            problems.error(
                line,
                "file-missing",
                f'There is no "{name[:40]}" beside module.md.',
                f'Did you mean "{near}"?' if near else "Add the file.",
            )
        elif first:
            refused = media.get(name)
            if isinstance(refused, MediaRefused):
                problems.error(line, refused.code, f"{name}: {refused}", refused.suggestion)
            elif refused and refused.kind == "sound" and alt.lower() in DECORATIVE:
                problems.error(
                    line,
                    "alt-missing",
                    f'"{name}" is a sound: write what is said in it.',
                    "Write ![The words](call.mp3)",
                )
    for name in sorted(set(sizes) - used):
        problems.warning(1, "file-unused", f'"{name}" is not used in this module.', "Use it or delete it.")
