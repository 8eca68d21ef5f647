"""HTML of other programs → Markdown of ours: what a lesson can hold is kept, everything else is words or is told.

Python's own tolerant parser reads it, so no nesting is too deep and no mark unclosed. Nothing here is trusted: what
comes out is checked and sanitised as if an author had typed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from app.content.imports.pieces import Leavings
from app.content.imports.write import escaped

# Returns the Markdown that stands for a picture, or "" when it was dropped.
TakePicture = Callable[[str, str, str], str]
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "blockquote",
        "ul",
        "ol",
        "table",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "hr",
        "pre",
    ]
)
_SILENT = frozenset(
    ["script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe", "video", "audio"]
)
_TOLD = {
    "video": "Videos are not used: they cost too much signal.", "audio": "Add the sound to the draft by hand.",
    "iframe": "Pages within pages are not used.", "object": "It needs another program.",
    "math": "Formulas are not used.",
}  # fmt: skip
_STRONG, _EMPHASIS = frozenset(["b", "strong"]), frozenset(["i", "em"])


class Block:
    """One paragraph, heading, item or table row. `kind`: p, h1…h6, ul, ol, row or quote."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.pieces: list[str] = []
        self.cells: list[str] = []

    @property
    def text(self) -> str:
        """Its words as Markdown, on one line unless it was broken on purpose."""
        lines = ("".join(self.pieces)).split("\x01")
        tidy = [_tidy(" ".join(line.split())) for line in lines]
        return "\n".join(line for line in tidy if line)


def _tidy(line: str) -> str:
    """Take marks away that hold nothing, and move spaces out of those that hold words."""
    for mark in ("**", "*"):
        quoted = re.escape(mark)
        line = re.sub(rf"(?<!\*){quoted}(\s{{{0 if mark == '**' else 1},}}){quoted}(?!\*)", r"\1", line)
        line = re.sub(
            rf"(?<![*\\]){quoted}([^*]+?){quoted}(?!\*)",
            lambda found, mark=mark: _marked(found[1], mark),  # type: ignore[misc]
            line,
        )
    return line.strip()


def _marked(inner: str, mark: str) -> str:
    core = inner.strip()
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{before}{mark}{core}{mark}{after}" if core else inner


class _Reader(HTMLParser):
    """Collects blocks."""

    def __init__(self, left: Leavings, place: str, picture: TakePicture | None) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._left, self._place, self._picture = left, place, picture
        self._now: Block | None = None
        self._lists: list[str] = []
        self._quotes = 0
        self._silent: list[str] = []
        self._links: list[str] = []
        self._row: Block | None = None

    @property
    def here(self) -> str:
        """Where we are, for what is dropped."""
        return self._place or f"paragraph {len(self.blocks) + 1}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent.append(tag)
            if tag in _TOLD:
                self._left.add(self.here, f"<{tag}> {given.get('src', '')}", _TOLD[tag])
        elif self._silent:
            return
        elif tag in ("ul", "ol"):
            self._lists.append(tag)
            self._close()
        elif tag == "li":
            self._open(self._lists[-1] if self._lists else "ul")
        elif tag == "tr":
            self._row = Block("row")
            self._close()
        elif tag in ("td", "th"):
            self._open("cell")
        elif tag in _BLOCKS:
            self._block_begins(tag)
        else:
            self._inline_begins(tag, given)

    def _block_begins(self, tag: str) -> None:
        if tag == "blockquote":
            self._quotes += 1
        if self._now is not None and self._now.kind in ("ul", "ol", "cell") and tag in ("p", "div"):
            self._add(" ")  # a paragraph within an item or a cell
            return
        self._close()
        if re.fullmatch(r"h[1-6]", tag):
            self._open(tag)

    def _inline_begins(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._add("\x01" if self._now is None or self._now.kind in ("p", "quote") else " ")
        elif tag in _STRONG:
            self._add("**")
        elif tag in _EMPHASIS:
            self._add("*")
        elif tag == "a":
            address = given.get("href", "")
            good = re.fullmatch(r"https://[^\s()<>\"]{1,2000}", address) is not None
            if address and not good and not address.startswith("#"):
                self._left.add(self.here, address, "A link begins with https:// and holds no brackets. Its words stay.")
            self._links.append(address if good else "")
            self._add("[" if good else "")
        elif tag == "img":
            self._add(self._take(given.get("src", ""), given.get("alt", "")))

    def _take(self, source: str, alt: str) -> str:
        if self._picture is None:
            self._left.add(self.here, f"Picture {alt or source[:60]}", "Pictures stand in lessons, not in questions.")
            return ""
        found = self._picture(source, alt, self.here)
        return f"\x01{found}\x01" if found else ""

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag in _STRONG:
            self._add("**")
        elif tag in _EMPHASIS:
            self._add("*")
        elif tag == "a" and self._links:
            address = self._links.pop()
            self._add(f"]({address})" if address else "")
        elif tag in ("ul", "ol"):
            self._close()
            if self._lists:
                self._lists.pop()
        elif tag in ("td", "th"):
            self._close()
        elif tag == "tr":
            self._close()
            if self._row and self._row.cells:
                self.blocks.append(self._row)
            self._row = None
        elif tag in _BLOCKS or tag == "li":
            self._block_ends(tag)

    def _block_ends(self, tag: str) -> None:
        if tag == "blockquote":
            self._close()
            self._quotes = max(0, self._quotes - 1)
        elif self._now is not None and self._now.kind in ("ul", "ol", "cell") and tag != "li":
            self._add(" ")
        else:
            self._close()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            space = " " if data[:1].isspace() else ""
            after = " " if data[-1:].isspace() and data.strip() else ""
            self._add(f"{space}{escaped(data)}{after}")

    def _open(self, kind: str) -> None:
        self._close()
        self._now = Block(kind)

    def _add(self, text: str) -> None:
        if self._now is None:
            if not text.strip(" "):
                return
            self._now = Block("quote" if self._quotes else "p")
        self._now.pieces.append(text)

    def _close(self) -> None:
        now, self._now = self._now, None
        if now is None:
            return
        if now.kind == "cell":
            if self._row is not None:
                self._row.cells.append(now.text.replace("\n", " ").replace("|", "\\|"))
            elif now.text:
                now.kind = "p"
                self.blocks.append(now)
        elif now.text:
            self.blocks.append(now)

    def finish(self) -> list[Block]:
        """Return the blocks, the last one closed."""
        self.close()
        self._close()
        return self.blocks


def blocks_of_html(html: str, left: Leavings, place: str = "", picture: TakePicture | None = None) -> list[Block]:
    """Return the blocks of some HTML. `picture` turns an <img> into Markdown; without it pictures are dropped."""
    reader = _Reader(left, place, picture)
    reader.feed(html)
    return reader.finish()


def lines_of(block: Block) -> str:
    """Return a block as Markdown. Rows of a table are joined by `markdown_of_blocks`."""
    if block.kind == "quote":
        return "\n".join(f"> {line}" for line in block.text.split("\n"))
    if block.kind in ("ul", "ol"):
        return f"{'-' if block.kind == 'ul' else '1.'} {block.text}".replace("\n", " ")
    if block.kind.startswith("h"):
        return f"**{block.text.replace('*', '')}**"
    guarded = (re.sub(r"^([#>|+-]|\d{1,9}(?=[.)]))", _guard, line) for line in block.text.split("\n"))
    return "\n".join(guarded)


def _guard(found: re.Match[str]) -> str:
    return f"{found[1]}\\" if found[1][0].isdigit() else f"\\{found[1]}"


def markdown_of_blocks(blocks: list[Block]) -> str:
    """Return blocks as Markdown, items and rows of one list and table together."""
    parts: list[str] = []
    before = ""
    for block in blocks:
        if block.kind == "row":
            cells = f"| {' | '.join(block.cells)} |"
            if before != "row":
                parts.append(f"{cells}\n|{'---|' * len(block.cells)}")
            else:
                parts[-1] += f"\n{cells}"
        elif block.kind in ("ul", "ol") and before == block.kind:
            parts[-1] += f"\n{lines_of(block)}"
        else:
            parts.append(lines_of(block))
        before = block.kind
    return "\n\n".join(parts)


def markdown_of_html(
    html: str, left: Leavings | None = None, place: str = "", picture: TakePicture | None = None
) -> str:
    """Return some HTML as Markdown."""
    return markdown_of_blocks(blocks_of_html(html, left or Leavings(), place, picture))
