"""A passport on paper: tagged PDF (PDF/UA-1) with the link as a QR code, and until when that link shows anything."""

from __future__ import annotations

import base64
import importlib.util
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore

import segno
from flask import render_template

from app.content.exports.pdf import to_pdf
from app.kernel import day_of
from app.web.public.passport_page import PassportPage

STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm;
  @bottom-left { content: "Between Visits"; font-size: 8.5pt; color: #333 }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8.5pt; color: #333 } }
body { font: 10pt/1.4 "Noto Sans", "DejaVu Sans", sans-serif; color: #000 }
h1 { font-size: 21pt; margin: 0 0 3mm } h2 { font-size: 12pt; margin: 5mm 0 1mm; break-after: avoid }
p { margin: 0 0 2.5mm } ul { margin: 0 0 2mm; padding-left: 6mm } li { break-inside: avoid; margin: 0 0 1mm }
.link { border: .5mm solid #000; padding: 4mm; margin: 4mm 0; break-inside: avoid }
.link img { width: 38mm; height: 38mm; float: right; margin-left: 5mm } .link p:last-child { clear: both; margin: 0 }
.address { overflow-wrap: anywhere } .soft { color: #333 }
"""


# Signing a record and drawing a PDF each take a processor for a second: so many at once in this process.
AT_ONCE = BoundedSemaphore(2)


@contextmanager
def room() -> Iterator[bool]:
    """Say whether there is room to make one more of what takes long, and keep it. Nothing is waited for."""
    free = AT_ONCE.acquire(blocking=False)
    try:
        yield free
    finally:
        if free:
            AT_ONCE.release()


def can_print() -> bool:
    """Say whether what makes PDFs is installed at all."""
    return importlib.util.find_spec("weasyprint") is not None


def paper(told: PassportPage, *, link: str, now: datetime) -> bytes:
    """Return the PDF. Only what holds today is on it; what does not is counted. Raises PdfMissing."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=4, light="#fff", xmldecl=False)
    today = day_of(now)
    html = render_template(
        "public/passport-paper.html",
        told=told,
        link=link,
        qr="data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode(),
        today=f"{today.day} {today:%B %Y}",
    )
    return to_pdf(html.replace("</head>", f"<style>{STYLE}</style></head>", 1))
