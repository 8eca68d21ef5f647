"""A credential inside a picture (Open Badges 3.0, 5.3): a PNG with an iTXt chunk, an SVG with an element."""

from __future__ import annotations

import io
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from app.credentials.reading import KEYWORD, SVG_NAMESPACE

SIDE = 480
INK, PAPER, BAND = "#12322b", "#ffffff", "#0f5c4c"
LINE = 26
# Letters in a line of the picture.
WIDE = 30
MOST_LINES = 6


def png(jwt: str, *, title: str, person: str, issuer: str) -> bytes:
    """Return a PNG that says what it is and holds the credential, uncompressed, as VC-JWT."""
    # 2 MiB that few requests need.
    from PIL import Image
    from PIL.ImageDraw import Draw
    from PIL.ImageFont import load_default
    from PIL.PngImagePlugin import PngInfo

    image = Image.new("RGB", (SIDE, SIDE), PAPER)
    draw = Draw(image)
    draw.rectangle((0, 0, SIDE, 56), fill=BAND)
    draw.rectangle((0, 0, SIDE - 1, SIDE - 1), outline=BAND, width=6)
    draw.text((28, 16), "Between Visits", fill=PAPER, font=load_default(22))
    at = 92
    for text, size in _lines(title, person, issuer):
        draw.text((28, at), text, fill=INK, font=load_default(size))
        at += size + 14
    info = PngInfo()
    info.add_itxt(KEYWORD.decode(), jwt, zip=False)
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", pnginfo=info, optimize=True)
    return out.getvalue()


def svg(jwt: str, *, title: str, person: str, issuer: str) -> bytes:
    """Return an SVG that says what it is and holds the credential as VC-JWT. It runs and loads nothing."""
    rows, at = [], 116
    for text, size in _lines(title, person, issuer):
        rows.append(f'<text x="28" y="{at}" font-size="{size}" fill="{INK}">{escape(text)}</text>')
        at += size + 14
    name = f"{title}. {person}. {issuer}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{SVG_NAMESPACE}" viewBox="0 0 {SIDE} {SIDE}" '
        f'width="{SIDE}" height="{SIDE}" role="img" aria-label={quoteattr(name)} font-family="sans-serif">'
        f'<openbadges:credential verify="{escape(jwt)}"/>'
        f'<rect width="{SIDE}" height="{SIDE}" fill="{PAPER}" stroke="{BAND}" stroke-width="12"/>'
        f'<rect width="{SIDE}" height="56" fill="{BAND}"/>'
        f'<text x="28" y="38" font-size="22" fill="{PAPER}">Between Visits</text>{"".join(rows)}</svg>'
    ).encode()


def _lines(title: str, person: str, issuer: str) -> list[tuple[str, int]]:
    names = [(line, 22) for line in (*wrap(person, 38)[:2], *wrap(f"Signed by {issuer}", 38)[:3])]
    return [*((line, LINE) for line in wrap(title, WIDE)[:MOST_LINES]), *names]
