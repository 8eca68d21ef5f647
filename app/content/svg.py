"""Pictures and sounds: is this file what it says, and is it safe to serve?

An SVG is a program's worth of danger in a picture's clothes. Ours are shown only as `<img>`, and only when an
allow-list parser finds nothing but shapes. The bytes are refused or served as they are, never mended: what the author
sees is what is hashed and sent.
"""

from __future__ import annotations

import hashlib
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.content.types import MediaFile

_SVG = "{http://www.w3.org/2000/svg}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
ELEMENTS = frozenset(
    ["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "text", "tspan"]
)  # fmt: skip
ATTRIBUTES = frozenset(
    [
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "d",
        "points",
        "transform",
        "id",
        "role",
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "version",
        "preserveAspectRatio",
        "focusable",
        "pathLength",
        "fill",
        "fill-rule",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-miterlimit",
        "stroke-opacity",
        "opacity",
        "color",
        "clip-rule",
        "vector-effect",
        "paint-order",
        "visibility",
        "font-family",
        "font-size",
        "font-weight",
        "text-anchor",
        "dominant-baseline",
        "dx",
        "dy",
    ]
)
# Nothing a picture needs holds an address, an escape or a function other than a transform.
_BAD_VALUE = re.compile(r"url\s*\(|[:\\<>&@{}]|/\*|expression|import", re.IGNORECASE)
_BAD_MARKUP = re.compile(r"<!DOCTYPE|<!ENTITY|<!\[CDATA|<\?(?!xml\s)", re.IGNORECASE)
_DECLARED = re.compile(
    r"\s*<\?xml\s+version=[\"']1\.0[\"'](?:\s+encoding=[\"']utf-8[\"'])?(?:\s+standalone=[\"'](?:yes|no)[\"'])?\s*\?>",
    re.I,
)
_LENGTH = re.compile(r"\s*([0-9]{1,5}(?:\.[0-9]{1,4})?)(?:px)?\s*\Z")
LARGEST_SVG = 200_000


class MediaRefused(ValueError):
    """A picture or sound that is not what its name says, or not safe. `str()` says why; `code` is the problem's
    code.
    """

    def __init__(self, code: str, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.code = code
        self.suggestion = suggestion


def _refuse(message: str, suggestion: str = "Draw it with plain shapes only. See docs/authoring.md.") -> MediaRefused:
    return MediaRefused("svg-unsafe", message, suggestion)


def check_svg(body: bytes) -> tuple[int, int]:
    """Return width and height of an SVG that holds nothing but shapes and words. Raises MediaRefused."""
    root = _parsed(body)
    if root.tag != f"{_SVG}svg":
        raise _refuse(
            "This file is not an SVG picture.", 'Its first element is <svg xmlns="http://www.w3.org/2000/svg" …>.'
        )
    for element in root.iter():
        name = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
        if element.tag != f"{_SVG}{name}" or name not in ELEMENTS:
            raise _refuse(f"The picture holds <{str(element.tag).split('}')[-1][:30]}>, which we do not serve.")
        for attribute, value in element.attrib.items():
            _check_attribute(name, attribute, value)
    return _size(root)


def _parsed(body: bytes) -> Element:
    if len(body) > LARGEST_SVG:
        raise _refuse("The picture is too large.", f"Keep an SVG under {LARGEST_SVG // 1000} kB.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _refuse("The picture is not UTF-8 text.", "Save it as UTF-8.") from None
    rest = _DECLARED.sub("", text.removeprefix("\ufeff"), count=1)
    found = _BAD_MARKUP.search(rest) or re.search(r"<\?", rest)
    if found:
        raise _refuse(f'The picture holds "{rest[found.start() : found.start() + 12]}", which we do not serve.')
    if "\x00" in text:
        raise _refuse("The picture cannot be read.")
    try:
        root: Element = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise _refuse("The picture cannot be read.", "Save it again as a plain SVG.") from None
    return root


def _check_attribute(element: str, attribute: str, value: str) -> None:
    if attribute in (f"{_XML}space", f"{_XML}lang"):
        return
    if attribute not in ATTRIBUTES:
        raise _refuse(f"<{element}> has {attribute.split('}')[-1][:30]}, which we do not serve.")
    words = attribute in ("aria-label", "font-family")
    if _BAD_VALUE.search(value.replace(":", "") if words else value):
        raise _refuse(f"{attribute} of <{element}> holds something other than a number, a colour or a shape.")


def _size(root: Element) -> tuple[int, int]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        numbers = [float(number) for number in box] if len(box) == 4 else []
    except ValueError:
        numbers = []
    lengths = [_LENGTH.match(root.get(side, "")) for side in ("width", "height")]
    if lengths[0] and lengths[1]:
        size = float(lengths[0][1]), float(lengths[1][1])
    elif numbers:
        size = numbers[2], numbers[3]
    else:
        size = 0.0, 0.0
    if not all(1 <= side <= 4000 for side in size):
        raise _refuse("The picture does not say how large it is.", 'Add viewBox="0 0 320 200" to its <svg>.')
    return round(size[0]), round(size[1])


def _webp_size(body: bytes) -> tuple[int, int]:
    refused = MediaRefused("media-wrong", "This file is not a WebP picture.", "Save it again as .webp.")
    if len(body) < 30 or body[:4] != b"RIFF" or body[8:12] != b"WEBP":
        raise refused
    chunk = body[12:16]
    if chunk == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        width, height = int.from_bytes(body[26:28], "little") & 0x3FFF, int.from_bytes(body[28:30], "little") & 0x3FFF
    elif chunk == b"VP8L" and body[20] == 0x2F:
        bits = int.from_bytes(body[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk == b"VP8X":
        width, height = int.from_bytes(body[24:27], "little") + 1, int.from_bytes(body[27:30], "little") + 1
    else:
        raise refused
    if not (width and height):
        raise refused
    return width, height


def read_media(name: str, body: bytes) -> MediaFile:
    """Return a picture or sound after looking inside it. Raises MediaRefused."""
    sha = hashlib.sha256(body).hexdigest()
    ending = name.rsplit(".", 1)[-1].lower()
    if ending == "svg":
        width, height = check_svg(body)
        return MediaFile(
            name=name, sha=sha, type="image/svg+xml", kind="picture", body=body, width=width, height=height
        )
    if ending == "webp":
        width, height = _webp_size(body)
        return MediaFile(name=name, sha=sha, type="image/webp", kind="picture", body=body, width=width, height=height)
    if ending == "mp3" and (body[:3] == b"ID3" or (len(body) > 3 and body[0] == 0xFF and body[1] & 0xE0 == 0xE0)):
        return MediaFile(name=name, sha=sha, type="audio/mpeg", kind="sound", body=body)
    raise MediaRefused(
        "media-wrong", "This file is not what its name says.", "Pictures are .svg or .webp, sounds .mp3."
    )
