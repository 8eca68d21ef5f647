"""Pictures and sounds of a draft: sent, made smaller, described in words, taken out."""

from __future__ import annotations

from uuid import UUID

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring
from app.authoring import AuthoringError, DraftView
from app.extensions import db
from app.files import FilesAway
from app.kernel import begin_write, utc_now
from app.web.access import allows, current_membership, current_person
from app.web.trainer import editor
from app.web.trainer.blueprint import WRITERS, bp, draft_or_404, noted

DECORATIVE = "decorative"
LONGEST_ALT = 300
SHORTEST_ALT = 3


class _Wrong(Exception):
    """Something about the file or its words. `field` is the form field to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@bp.post("/drafts/<uuid:draft>/media")
@allows(*WRITERS)
def add_media(draft: UUID) -> ResponseReturnValue:
    """Keep a picture or sound beside the draft.

    Answers a script with `{name, bytes, markdown, says}`, or `{message, field}`.

    Without a script the text comes along in the same form; it is saved first, so that no word is lost to a bad file.
    """
    view = draft_or_404(draft)
    scripted = request.accept_mimetypes.best == "application/json"
    if not scripted:
        stopped = editor.save_first(view)
        if stopped is not None:
            return stopped
        view = draft_or_404(draft)
    try:
        name, size, markdown = _kept(view)
    except _Wrong as wrong:
        db.session.rollback()
        if scripted:
            return jsonify(message=str(wrong), field=wrong.field), 422
        alt = request.form.get("alt", "")[:LONGEST_ALT]
        return editor.show(view, errors=((wrong.field, str(wrong)),), alt=alt), 422
    noted("draft.media-added", module=view.key, file=name)
    db.session.commit()
    if scripted:
        return jsonify(name=name, bytes=size, markdown=markdown, says=f"{name} is added where the text was left.")
    flash(f"{name} is added. Write this line where it belongs: {markdown}", "done")
    return redirect(url_for("trainer.editor", draft=draft))


@bp.post("/drafts/<uuid:draft>/media/remove")
@allows(*WRITERS)
def remove_media(draft: UUID) -> ResponseReturnValue:
    """Take a picture or sound out of the draft. Older texts of its history still have it."""
    view = draft_or_404(draft)
    stopped = editor.save_first(view)
    if stopped is not None:
        return stopped
    name = request.form.get("name", "")[:100]
    # Saving ended the transaction that holds the write lock.
    begin_write(db.session())
    if authoring.remove_media(
        db.session(), current_membership().provider.id, draft, name, by=current_person().id, now=utc_now()
    ):
        noted("draft.media-removed", module=view.key, file=name)
        db.session.commit()
        flash(f"{name} is taken out. Take its line out of the text too.", "done")
    return redirect(url_for("trainer.editor", draft=draft))


def _kept(view: DraftView) -> tuple[str, int, str]:
    """Keep the file of the form; return its name, its bytes and the line that shows it. Raises _Wrong."""
    # Pillow is 2 MiB in every process; few trainers add a picture on a day.
    from app.web.trainer.smaller import Unfit, fit, plain_name

    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise _Wrong("file", "Choose a picture or a sound first.")
    # A large photo takes seconds to make smaller. Phones can write meanwhile.
    db.session.rollback()
    try:
        made = fit(sent.filename, sent.stream.read(), [])
    except Unfit as unfit:
        raise _Wrong("file", str(unfit)) from None
    alt = " ".join(request.form.get("alt", "").replace("[", "(").replace("]", ")").split())[:LONGEST_ALT]
    if request.form.get("decorative") and made.kind == "picture":
        alt = DECORATIVE
    if len(alt) < SHORTEST_ALT:
        raise _Wrong(
            "alt",
            "Write the words that are said, for who cannot hear it."
            if made.kind == "sound"
            else "Say what the picture teaches, for who cannot see it. Or tick that it teaches nothing.",
        )
    begin_write(db.session())
    taken = [media.name for media in draft_or_404(view.uuid).media]
    name = plain_name(made.name, made.kind, made.name.rsplit(".", 1)[1], taken)
    try:
        authoring.add_media(
            db.session(),
            current_membership().provider.id,
            view.uuid,
            name,
            made.body,
            by=current_person().id,
            now=utc_now(),
        )
    except (AuthoringError, FilesAway) as refused:
        raise _Wrong("file", str(refused)) from None
    return name, len(made.body), f"![{alt}]({name})"
