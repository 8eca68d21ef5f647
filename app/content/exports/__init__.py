"""A module on its way out: its folder as a zip, its questions for another program, its words on paper."""

from app.content.exports.folder import folder_zip
from app.content.exports.gift import Exported, to_gift
from app.content.exports.pdf import PdfMissing, to_pdf
from app.content.exports.printed import answers_page, module_page

__all__ = ["Exported", "PdfMissing", "answers_page", "folder_zip", "module_page", "to_gift", "to_pdf"]
