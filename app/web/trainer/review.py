"""Reading a draft together: its text by line with what was said of it, and who checked the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring
from app.authoring import AuthoringError, CommentView, DraftView
from app.extensions import db
from app.kernel import utc_now
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.trainer.blueprint import WRITERS, bp, draft_or_404, noted
from app.web.trainer.editor import number


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment as the page shows it. `quote` is what the line was, when it reads otherwise now."""

    uuid: UUID
    line: int | None
    quote: str
    text: str
    who: str
    done: str

    @classmethod
    def of(cls, comment: CommentView, lines: Sequence[str], now: datetime) -> Said:
        """Make it of a comment."""
        same = comment.line is not None and lines[comment.line - 1] == comment.quote
        done = f"Dealt with by {comment.resolved_by or 'somebody'}" if comment.resolved_at else ""
        return cls(
            uuid=comment.uuid,
            line=comment.line,
            quote="" if same else comment.quote,
            text=comment.text,
            who=f"{comment.by or 'Somebody'}, {words.moment(comment.at, now)}",
            done=done,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the text with what is still open about it."""

    number: int
    text: str
    said: tuple[Said, ...]


@bp.get("/drafts/<uuid:draft>/review")
@allows(*WRITERS)
def review(draft: UUID) -> ResponseReturnValue:
    """Show the text by line with its comments, and what comes next."""
    return _page(draft_or_404(draft), Problems())


@bp.post("/drafts/<uuid:draft>/review")
@allows(*WRITERS)
def send(draft: UUID) -> ResponseReturnValue:
    """Send a draft to review, or take it back to be written on."""
    view = draft_or_404(draft)
    if request.form.get("to") == "draft":
        authoring.back_to_draft(db.session(), _provider_id(), draft)
        noted("draft.sent-back", module=view.key)
        said = "It is being written again. A check of the facts was taken back."
    else:
        authoring.send_to_review(db.session(), _provider_id(), draft)
        noted("draft.sent-to-review", module=view.key)
        said = "It is in review. Ask others to read it here."
    db.session.commit()
    flash(said, "done")
    return redirect(url_for("trainer.review", draft=draft))


@bp.post("/drafts/<uuid:draft>/comments")
@allows(*WRITERS)
def comment(draft: UUID) -> ResponseReturnValue:
    """Say something of a line."""
    view = draft_or_404(draft)
    try:
        authoring.comment(
            db.session(),
            _provider_id(),
            draft,
            number(request.form.get("revision")),
            number(request.form.get("line")),
            request.form.get("text", ""),
            by=current_person().id,
            now=utc_now(),
        )
    except AuthoringError as refused:
        problems = Problems()
        problems.add_error(refused, "text")
        return _page(view, problems), 400
    noted("draft.commented", module=view.key)
    db.session.commit()
    flash("Your comment stands at its line.", "done")
    return redirect(url_for("trainer.review", draft=draft))


@bp.post("/drafts/<uuid:draft>/comments/<uuid:comment>/resolve")
@allows(*WRITERS)
def resolve(draft: UUID, comment: UUID) -> ResponseReturnValue:
    """Say that a comment is dealt with."""
    view = draft_or_404(draft)
    if not authoring.resolve(db.session(), _provider_id(), draft, comment, by=current_person().id, now=utc_now()):
        abort(404)
    noted("draft.comment-resolved", module=view.key)
    db.session.commit()
    return redirect(url_for("trainer.review", draft=draft))


@bp.post("/drafts/<uuid:draft>/checked")
@allows(*WRITERS)
def checked(draft: UUID) -> ResponseReturnValue:
    """Note that a named person checked the facts."""
    view, form = draft_or_404(draft), request.form
    try:
        done = authoring.checked(
            db.session(),
            _provider_id(),
            draft,
            form.get("name", ""),
            form.get("role", ""),
            revision=number(form.get("revision")),
            knows_alone=form.get("alone") == "yes",
            by=current_person().id,
            now=utc_now(),
        )
    except AuthoringError as refused:
        problems = Problems()
        problems.add_error(refused, "name")
        return _page(view, problems, ask_alone=refused.code == "wrote-alone"), 400
    noted("draft.checked", module=view.key, revision=view.revision, alone=done.alone)
    db.session.commit()
    flash(f"Noted: facts checked by {done.as_shown}. You can publish it now.", "done")
    return redirect(url_for("trainer.publish", draft=draft))


def _page(view: DraftView, problems: Problems, *, ask_alone: bool = False) -> str:
    now = utc_now()
    lines = view.text.split("\n")
    said = [Said.of(each, lines, now) for each in authoring.comments(db.session(), _provider_id(), view.uuid)]
    still_open = [each for each in said if not each.done]
    return render_template(
        "trainer/review.html",
        draft=view,
        lines=[
            Line(number=at, text=text, said=tuple(each for each in still_open if each.line == at))
            for at, text in enumerate(lines, 1)
        ],
        gone=[each for each in still_open if each.line is None],
        done=[each for each in said if each.done],
        still_open=words.count(len(still_open), "comment is", "comments are") if still_open else "",
        problems=problems,
        ask_alone=ask_alone,
        form=request.form,
        checked_on=words.on(view.checked_at) if view.checked_at else "",
    )


def _provider_id() -> int:
    return current_membership().provider.id
