"""Word (.docx) → a draft: headings, paragraphs, lists, tables and pictures, and questions that are written our way.

mammoth reads the document; before it may, the archive is looked through: a zip that unpacks to far more than it is, a
path that climbs out, or XML that defines entities is refused.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from app.content.imports.html_words import Block, blocks_of_html, markdown_of_blocks
from app.content.imports.pictures import Pictures
from app.content.imports.pieces import Imported, ImportRefused, Leavings, Section
from app.content.imports.write import module_text
from app.content.parse import MARKED

LARGEST = 20_000_000
LARGEST_UNPACKED = 60_000_000
LARGEST_XML = 8_000_000
MOST_FILES = 2_000
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = {"image/svg+xml": "svg", "image/webp": "webp"}
# What Word calls them → HTML; the rest of mammoth's own map stays in force.
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Quote'] => blockquote > p:fresh"
_DATA = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=]*)")


def import_word(raw: bytes, *, key: str = "imported", title: str = "") -> Imported:
    """Read a Word document. Raises ImportRefused when it is not one, is too large or means harm."""
    _look_through(raw)
    import mammoth  # a tenth of the start of every command, and only this one needs it

    left = Leavings()
    try:
        result = mammoth.convert_to_html(io.BytesIO(raw), style_map=_STYLES)
    except Exception:
        raise ImportRefused("The document cannot be read. Open it in Word and save it again.", field="file") from None
    for message in result.messages:
        left.add("the document", str(message.message), "Only headings, paragraphs, lists, tables and pictures count.")
    pictures = Pictures(left)

    def take(source: str, alt: str, here: str) -> str:
        found = _DATA.fullmatch(source)
        ending = _ENDINGS.get(found[1], found[1].split("/")[1]) if found else ""
        body = base64.b64decode(found[2]) if found else b""
        return pictures.take(f"{alt[:40] or 'picture'}.{ending}", body, alt, here)

    blocks = blocks_of_html(result.value, left, picture=take)
    if not blocks:
        raise ImportRefused("There are no words in this document.", field="file")
    written, found_title = _sections(blocks)
    text = module_text(written, key=key, title=title or found_title)
    return Imported(text=text, media=dict(pictures.files), dropped=left.all())


def _look_through(raw: bytes) -> None:
    """Refuse what is not a Word document, or an archive made to do harm."""
    if raw.startswith(_OLD_WORD):
        raise ImportRefused("An old Word file, or one with a password. Save it as .docx without one.", field="file")
    if len(raw) > LARGEST:
        raise ImportRefused(f"The file is larger than {LARGEST // 1_000_000} MB. Take pictures out.", field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _look_at(archive)
    except ImportRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise ImportRefused("This is not a Word document (.docx).", field="file") from None


def _look_at(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if "word/document.xml" not in {entry.filename for entry in entries}:
        raise ImportRefused("This is not a Word document (.docx).", field="file")
    if len(entries) > MOST_FILES:
        raise ImportRefused("The document holds far too many parts.", field="file")
    whole = 0
    for entry in entries:
        if (
            entry.filename.startswith(("/", "\\"))
            or ".." in re.split(r"[/\\]", entry.filename)
            or ":" in entry.filename
        ):
            raise ImportRefused("The document names files outside itself.", field="file")
        xml = entry.filename.endswith((".xml", ".rels"))
        most = LARGEST_XML if xml else LARGEST_UNPACKED
        with archive.open(entry) as part:
            body = part.read(most + 1)  # what an entry says of its own size need not be true
        whole += len(body)
        if len(body) > most or whole > LARGEST_UNPACKED:
            raise ImportRefused("The document unpacks to far more than a lesson. Split it.", field="file")
        if xml:
            _look_at_xml(body)


def _look_at_xml(body: bytes) -> None:
    depth = _Depth()
    try:
        parseString(body, depth, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise ImportRefused("The document defines entities, which can do harm.", field="file") from None
    except (SAXParseException, LookupError):
        raise ImportRefused("The document cannot be read. Open it in Word and save it again.", field="file") from None


class _Depth(ContentHandler):
    """Refuses nesting that no person writes; what reads it next calls itself for each step down."""

    deepest = 200

    def __init__(self) -> None:
        super().__init__()
        self._now = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: ARG002, N802 - the parser's names
        """Count a step down."""
        self._now += 1
        if self._now > self.deepest:
            raise ImportRefused("The document is nested too deep.", field="file")

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802
        """Count a step up."""
        self._now -= 1


def _sections(blocks: list[Block]) -> tuple[list[Section], str]:
    """Sort blocks into lessons by their headings, and find the document's title."""
    title = ""
    alone = sum(block.kind == "h1" for block in blocks) == 1 and any(block.kind == "h2" for block in blocks)
    if blocks[0].kind == "h1" and (alone or (len(blocks) > 1 and blocks[1].kind.startswith("h"))):
        title = _plain(blocks[0])
        blocks = blocks[1:]
    sections: list[Section] = []
    run: list[Block] = []

    def put() -> None:
        if run:
            if not sections:
                sections.append(Section(title=title or "Lesson"))
            sections[-1].body.append(_markdown(run))
            run.clear()

    for block in blocks:
        if not block.kind.startswith("h"):
            run.append(block)
        elif MARKED.match(_plain(block)) or block.kind not in ("h1", "h2"):
            put()
            if not sections:
                sections.append(Section(title=title or "Lesson"))
            sections[-1].body.append(f"### {_plain(block)}")
        else:
            put()
            sections.append(Section(title=_plain(block)))
    put()
    return sections, title


def _plain(block: Block) -> str:
    return " ".join(block.text.replace("**", "").replace("*", "").split())


def _markdown(run: list[Block]) -> str:
    """Return a run of blocks; boxes of answers stay boxes, as `[x]` in Word is meant so."""
    text = markdown_of_blocks(run)
    return re.sub(r"(?m)^(?:- )?\\\[( |x|X)\\\] ", lambda found: f"- [{found[1].lower()}] ", text)
