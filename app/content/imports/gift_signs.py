"""GIFT's text as signs, each with whether a backslash stood before it, so that `\\=` is never taken for `=`."""

from __future__ import annotations

from app.content.imports.html_words import markdown_of_html
from app.content.imports.write import escaped, escaped_block

_SPECIAL = "~=#{}:\\"


Sign = tuple[str, bool]


def signs_of(text: str) -> list[Sign]:
    """Return the signs of `text`; `\\n` is a new line, and a backslash before any other letter is itself."""
    signs: list[Sign] = []
    place = 0
    while place < len(text):
        sign = text[place]
        after = text[place + 1 : place + 2]
        if sign == "\\" and after and after in _SPECIAL + "n":
            signs.append(("\n" if after == "n" else after, True))
            place += 2
        else:
            signs.append((sign, False))
            place += 1
    return signs


def has(signs: list[Sign], mark: str) -> int:
    """Return where `mark` stands unescaped, or -1."""
    plain = "".join("\x00" if hidden else sign for sign, hidden in signs)
    return plain.find(mark)


def split_at(signs: list[Sign], mark: str) -> list[list[Sign]]:
    """Split at each unescaped `mark`, one sign long."""
    pieces: list[list[Sign]] = [[]]
    for sign in signs:
        if sign == (mark, False):
            pieces.append([])
        else:
            pieces[-1].append(sign)
    return pieces


def strip(signs: list[Sign]) -> list[Sign]:
    """Return them without spaces at either end."""
    first, last = 0, len(signs)
    while first < last and signs[first][0].isspace():
        first += 1
    while last > first and signs[last - 1][0].isspace():
        last -= 1
    return signs[first:last]


def text_of(signs: list[Sign]) -> str:
    """Return the text, without the backslashes."""
    return "".join(sign for sign, _ in signs)


def markdown_of(signs: list[Sign], form: str = "") -> str:
    """Return the text as Markdown. `form` is its question's, unless it names one of its own."""
    text = text_of(strip(signs))
    for name in ("markdown", "html", "plain", "moodle"):
        if text.startswith(f"[{name}]"):
            text, form = text[len(name) + 2 :].strip(), name
            break
    if form == "markdown":
        return text
    if form == "html" or (form in ("", "moodle") and "<" in text and ">" in text):
        return markdown_of_html(text)
    return escaped_block(text) if "\n" in text else escaped(text)
