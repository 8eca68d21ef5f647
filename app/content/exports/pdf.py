"""HTML → PDF that a screen reader can read, by WeasyPrint, which is installed by who wants it."""

from __future__ import annotations

import subprocess
import sys

from app.config import install_again
from app.content.errors import ContentError

WITHOUT = f"PDFs need WeasyPrint, and Pango from your system. {install_again('pdf')}"
# What a process of its own runs: WeasyPrint and nothing of ours, to be small. Where memory runs out, it goes first.
APART = """
import contextlib, pathlib, sys
with contextlib.suppress(OSError):
    pathlib.Path("/proc/self/oom_score_adj").write_text("900")
try:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher
except (ImportError, OSError):
    sys.exit(3)
page = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=URLFetcher(allowed_protocols=("data",)))
sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))
"""
MISSING = 3


class PdfMissing(ContentError):
    """This server has nothing to make PDFs with."""

    code = "pdf-missing"


def to_pdf(html: str) -> bytes:
    """Return a page as tagged PDF (PDF/UA-1). Nothing is fetched: whatever is not in the page is left out.

    Raises PdfMissing where WeasyPrint, or the Pango library it draws with, is not installed.
    """
    from PIL import ImageFile

    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        raise PdfMissing(WITHOUT) from None
    # It lets pictures end early everywhere in this process. One of a trainer's that does is damaged, and refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    made: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return made


def to_pdf_apart(html: str) -> bytes:
    """Return the same of a long page, made by a process that ends with it, so that what it took is given back.

    Raises PdfMissing as `to_pdf`, and MemoryError where there was not memory enough: nobody else dies of it.
    """
    command = [sys.executable, "-P", "-c", APART]
    done = subprocess.run(command, input=html.encode(), capture_output=True, check=False)  # noqa: S603 - our own words
    if done.returncode == MISSING:
        raise PdfMissing(WITHOUT)
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise MemoryError(f"Printing ended with signal {-done.returncode}.")
    if done.returncode:
        raise RuntimeError(f"Printing failed: {done.stderr.decode(errors='replace')[-300:]}")
    return done.stdout
