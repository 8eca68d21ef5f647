"""One published edition in the form somebody asks for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.content import queries
from app.content.build import whole
from app.content.errors import TextNotKept
from app.content.exports.folder import folder_zip
from app.content.exports.gift import to_gift
from app.content.exports.pdf import to_pdf
from app.content.exports.printed import answers_page, module_page
from app.content.imports import Dropped
from app.content.parse import parse
from app.content.problems import Problems
from app.content.types import EditionInfo

# What can be asked for, and how its file ends.
FORMS = {"folder": "zip", "gift": "gift", "pdf": "pdf", "answers": "pdf"}


def export_edition(session: Session, info: EditionInfo, form: str) -> tuple[bytes, tuple[Dropped, ...]]:
    """Return an edition as one of FORMS, and what that form has no place for.

    "folder" and "gift" need the text it was published from: raises TextNotKept. The PDFs raise PdfMissing.
    """
    stored = {file["sha"]: queries.media_by_sha(session, file["sha"]) for file in info.media}
    bodies = {sha: file.body for sha, file in stored.items() if file}
    quiz = queries.quizzes(session, [info.sha])[info.sha]
    if form == "pdf":
        return to_pdf(module_page(quiz.edition, bodies)), ()
    if form == "answers":
        return to_pdf(answers_page(quiz.edition, list(whole(quiz.edition, quiz.answer_key)))), ()
    text = queries.text_of(session, info.sha)
    if text is None:
        raise TextNotKept(f"The text of edition {info.number} was not kept. Run flask content publish, then try again.")
    if form == "gift":
        exported = to_gift(parse(text, Problems(info.key)))
        return exported.text.encode(), exported.dropped
    return folder_zip(info.key, text, {file["name"]: bodies[file["sha"]] for file in info.media}), ()
