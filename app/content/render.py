"""Markdown → sanitised HTML, and HTML → words for reading aloud.

Python-Markdown with raw HTML off. One instance serves a whole module: making one costs more than using it. Reference
links are off too, so that what a link does stands where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from xml.etree import ElementTree

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.quotes import QuotesProcessor

from app.content.sanitise import ALERTS, LINK, sanitise
from app.content.source import strip_hidden
from app.content.types import MediaFile

DECORATIVE = ("decorative", "alt: decorative")
_ALERT = re.compile(r"\s*\[!([A-Za-z]+)\][ \t]*(?:\n|$)")
_DEPTH = 12
_MOST_BRACKETS = 300
_BLOCKS = frozenset({"p", "div", "ul", "ol", "h2", "h3", "h4", "blockquote", "table", "tr", "hr", "br"})


class Renderer:
    """Renders the fragments of one module. Not for use by two threads at once."""

    def __init__(self) -> None:
        self._media: Mapping[str, MediaFile] = {}
        self._markdown = Markdown(extensions=["tables", "sane_lists"], output_format="html")
        _take_away(self._markdown)
        self._markdown.parser.blockprocessors.register(
            QuotesProcessor(self._markdown.parser, {"callouts": False}), "quote", 20
        )
        self._markdown.treeprocessors.register(_Alerts(self._markdown), "bv-alerts", 25)  # before inline, at 20
        self._markdown.treeprocessors.register(_Finish(self._markdown, self), "bv-finish", 5)

    def use(self, media: Mapping[str, MediaFile]) -> None:
        """Set the pictures and sounds that may be named from here on."""
        self._media = media

    def find(self, name: str) -> MediaFile | None:
        """Return the picture or sound of this name."""
        return self._media.get(name)

    def block(self, text: str) -> str:
        """Render paragraphs, lists, tables and alert boxes. Returns sanitised HTML."""
        text = strip_hidden(text)
        if _ONE_PARAGRAPH.match(text) and not _INLINE_MARKS.search(text):
            return f"<p>{text}</p>"  # most feedback: words alone, which no sanitiser would change
        self._markdown.reset()
        return sanitise(self._markdown.convert(_shallow(text)))

    def inline(self, text: str) -> str:
        """Render the words of an answer or a question, without a paragraph around them. Returns sanitised HTML.

        Only inline marks count, so an answer that begins "5. " or "# " stays words.
        """
        text = strip_hidden(text)
        if not _INLINE_MARKS.search(text):
            return sanitise(_escape(text))
        markdown = self._markdown
        markdown.reset()
        root = ElementTree.Element(markdown.doc_tag)
        ElementTree.SubElement(root, "p").text = " ".join(_shallow(text).split())
        for processor in markdown.treeprocessors:
            changed = processor.run(root)
            root = root if changed is None else changed
        html = "".join(markdown.serializer(child) for child in root).strip()
        for postprocessor in markdown.postprocessors:
            html = postprocessor.run(html)
        html = html.strip()
        if html.startswith("<p>") and html.endswith("</p>"):
            html = html[3:-4]
        return sanitise(html)


# Characters with a meaning for inline Markdown; without them an answer is plain words.
_INLINE_MARKS = re.compile(r"[\\`*_\[\]<>!&\n\r\t]|  ")
_ONE_PARAGRAPH = re.compile(r"[A-Za-z\"'“‘£][^\n|]*\S\Z")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _shallow(text: str) -> str:
    """Cut nesting and floods of brackets that nobody means: for these Python-Markdown takes time by the square."""
    if text.count("[") > _MOST_BRACKETS:
        text = text.replace("[", "&#91;")
    return re.sub(rf"(?m)^((?:[ \t]*>){{{_DEPTH}}})[ \t>]*", r"\1 ", text) if ">" in text else text


def _take_away(markdown: Markdown) -> None:
    for name in ("html_block",):
        markdown.preprocessors.deregister(name)
    # The sign itself, as the check tells authors to write it; Python-Markdown knows only \>.
    markdown.ESCAPED_CHARS.append("<")
    for name in ("html", "reference", "image_reference", "short_reference", "short_image_ref", "automail"):
        markdown.inlinePatterns.deregister(name)
    for name in ("reference", "quote"):
        markdown.parser.blockprocessors.deregister(name)


class _Alerts(Treeprocessor):
    """GitHub's alert boxes: a quote that starts `[!WARNING]`."""

    def run(self, root: ElementTree.Element) -> None:
        for quote in root.iter("blockquote"):
            first = quote[0] if len(quote) else None
            found = _ALERT.match(first.text or "") if first is not None and first.tag == "p" else None
            if first is None or not found or found[1].lower() not in ALERTS:
                continue
            kind = found[1].lower()
            quote.tag = "div"
            quote.set("class", f"bv-alert bv-alert--{kind}")
            first.text = (first.text or "")[found.end() :].lstrip()
            if not first.text and not len(first):
                quote.remove(first)
            title = ElementTree.Element("p", {"class": "bv-alert__title"})
            title.text = kind.capitalize()
            quote.insert(0, title)


class _Finish(Treeprocessor):
    """Headings one step down, our own pictures and sounds by hash, links that may not lead out turned to words."""

    def __init__(self, markdown: Markdown, renderer: Renderer) -> None:
        super().__init__(markdown)
        self._renderer = renderer

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            match element.tag:
                case "h1" | "h2" | "h3":
                    element.tag = "h2"
                case "h4":
                    element.tag = "h3"
                case "h5" | "h6":
                    element.tag = "h4"
                case "th":
                    element.set("scope", "col")
                case "a":
                    if not LINK.match(element.get("href", "")):
                        element.tag = "span"
                case "img":
                    self._media(element)

    def _media(self, element: ElementTree.Element) -> None:
        file = self._renderer.find(element.get("src", ""))
        alt = " ".join(element.get("alt", "").split())
        tail, element.tail = element.tail, None
        element.attrib.clear()
        element.tail = tail
        if file is None:
            element.tag = "span"
            element.text = alt
        elif file.kind == "sound":
            element.tag = "audio"
            element.attrib.update({"src": file.address, "controls": "", "preload": "none", "aria-label": alt})
        else:
            element.attrib.update(
                {
                    "src": file.address,
                    "alt": "" if alt.lower() in DECORATIVE else alt,
                    "width": str(file.width),
                    "height": str(file.height),
                }
            )


class _Plain(HTMLParser):
    """Collects the words of our own sanitised HTML, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "li":
            self.pieces.append("\n")
        elif tag == "img":
            alt = dict(attrs).get("alt")
            if alt:
                self.pieces.append(f"\nPicture: {alt}{'' if alt.endswith(('.', '!', '?')) else '.'}\n")
        elif tag == "audio":
            self.pieces.append(f"\nSound: {dict(attrs).get('aria-label') or ''}\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag == "li":
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(",")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data.replace("\n", " "))


def plain(html: str) -> str:
    """Return the words of sanitised HTML for reading aloud: one line a block, pictures by their description."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    parser = _Plain()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line.rstrip(",") for line in lines if line.strip(" ,"))
