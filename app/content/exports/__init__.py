"""A module on its way out: its folder as a zip, its questions for another program, its words on paper."""

from app.content.exports.edition import FORMS, export_edition
from app.content.exports.folder import folder_zip
from app.content.exports.gift import Exported, to_gift
from app.content.exports.pdf import PdfMissing, to_pdf, to_pdf_apart
from app.content.exports.printed import answers_page, module_page

__all__ = [
    "FORMS",
    "Exported",
    "PdfMissing",
    "answers_page",
    "export_edition",
    "folder_zip",
    "module_page",
    "to_gift",
    "to_pdf",
    "to_pdf_apart",
]
