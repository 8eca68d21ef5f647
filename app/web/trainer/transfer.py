"""Modules on their way in and out: drafts made of other programs' files, and editions to print or hand on."""

from __future__ import annotations

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring
from app.content.exports import FORMS, export_edition
from app.content.imports import import_file
from app.extensions import db
from app.kernel import DomainError, begin_write, utc_now
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.trainer.blueprint import WRITERS, bp, noted
from app.web.trainer.modules import offered_or_404
from app.web.trainer.scorm import scorm_of

TYPES = {"zip": "application/zip", "gift": "text/plain", "pdf": "application/pdf"}


@bp.route("/drafts/import", methods=["GET", "POST"])
@allows(*WRITERS)
def import_draft() -> ResponseReturnValue:
    """Begin a draft from a Word, Moodle XML, GIFT or Aiken file, and list what was left behind."""
    problems, session, place = Problems(), db.session(), current_membership()
    sent, title = request.files.get("file"), request.form.get("title", "")
    if request.method == "POST" and (sent is None or not sent.filename):
        problems.add("file", "Choose a file first.")
    elif request.method == "POST" and sent is not None:
        # Phones can write while a long file is read.
        session.rollback()
        try:
            read = import_file(sent.filename or "", sent.stream.read(), title=" ".join(title.split()))
            begin_write(session)
            made, left = authoring.import_draft(
                session,
                place.provider.id,
                current_person().id,
                sent.filename or "",
                read,
                title,
                request.form.get("topic", ""),
                now=utc_now(),
            )
        except DomainError as refused:
            session.rollback()
            problems.add_error(refused, "file")
        else:
            noted("draft.imported", module=made.key)
            session.commit()
            return render_template(
                "trainer/imported.html", draft=made, left=left, things=words.count(len(left), "thing", "things")
            )
    page = render_template(
        "trainer/import.html",
        problems=problems,
        title=title,
        topic=request.form.get("topic", ""),
        topics=[topic.title for topic in authoring.topics_of(session, place.provider.id)],
    )
    return page, 400 if problems else 200


@bp.get("/modules/<key:key>/export/<form>")
@allows(*WRITERS)
def export(key: str, form: str) -> ResponseReturnValue:
    """Send the newest edition of a module as a file: its folder, its questions, on paper, or for other systems."""
    if form not in (*FORMS, "scorm"):
        abort(404)
    info = offered_or_404(key)
    if form == "scorm":
        return _file(f"{key}-scorm.zip", scorm_of(db.session(), info))
    try:
        body, _ = export_edition(db.session(), info, form)
    except DomainError as refused:
        flash(str(refused), "note")
        return redirect(url_for("trainer.module", key=key))
    return _file(f"{key}{'-answers' if form == 'answers' else ''}.{FORMS[form]}", body)


def _file(name: str, body: bytes) -> Response:
    # A provider's own module is nobody else's: no cache keeps it.
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "private, no-store"}
    return current_app.response_class(body, mimetype=TYPES[name.rsplit(".", 1)[1]], headers=headers)
