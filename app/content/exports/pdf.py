"""HTML → PDF that a screen reader can read, by WeasyPrint, which is installed by who wants it."""

from __future__ import annotations

from app.content.errors import ContentError


class PdfMissing(ContentError):
    """This server has nothing to make PDFs with."""

    code = "pdf-missing"


def to_pdf(html: str) -> bytes:
    """Return a page as tagged PDF (PDF/UA-1). Nothing is fetched: whatever is not in the page is left out.

    Raises PdfMissing where WeasyPrint, or the Pango library it draws with, is not installed.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        raise PdfMissing(
            'PDFs need WeasyPrint and Pango. Install both: pip install "between-visits[pdf]", Pango by your system.'
        ) from None
    made: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return made
