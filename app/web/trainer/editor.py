"""The editor: a plain form that saves and checks. Its script checks while one writes and saves by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring, providers
from app.authoring import AuthoringError, Checked, DraftView, Moved, Saved
from app.content.types import Problem, Severity
from app.extensions import db
from app.interop import suggesting
from app.kernel import utc_now
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.security import CONTENT_SECURITY_POLICY
from app.web.trainer.blueprint import WRITERS, bp, draft_or_404, noted
from app.web.trainer.pieces import OTHERS, QUESTIONS

# Saving happens by itself every few seconds; the trail says once an hour that somebody is writing. Each text that was
# saved stands in the draft's history, with who and when.
SITTING = timedelta(hours=1)
# What every database can be asked for as the number of a revision.
HIGHEST = 99_999_999
# SMOG, as docs/authoring.md has it.
AIM = 11
LOOKS = {
    Severity.ERROR: ("To mend", "triangle", "late"),
    Severity.WARNING: ("Look at", "eye", "due"),
    Severity.NOTE: ("Good to know", "tip", "wait"),
}
ACCEPTED = ("Left as it is", "tick", "soft")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A problem as the list shows it: the word, sign and colour of how much it matters, and what to do."""

    line: int
    word: str
    sign: str
    look: str
    text: str

    @classmethod
    def of(cls, problem: Problem) -> ProblemLine:
        """Make the line of a problem."""
        word, sign, look = ACCEPTED if problem.accepted else LOOKS[problem.severity]
        reason = f"Your reason: {problem.accepted}" if problem.accepted else ""
        text = " ".join(filter(None, (problem.message, problem.suggestion, reason)))
        return cls(line=problem.line, word=word, sign=sign, look=look, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorPage:
    """What the editor shows. `both` is somebody else's text, when they saved meanwhile; `text` is then one's own."""

    draft: DraftView
    text: str
    saved: str
    problems: tuple[ProblemLine, ...]
    summary: str
    facts: tuple[str, ...]
    both: Moved | None = None
    both_at: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    alt: str = ""

    @property
    def revision(self) -> int:
        """The revision that saving from this page is based on."""
        return self.both.revision if self.both else self.draft.revision

    @classmethod
    def of(cls, draft: DraftView, checked: Checked, now: datetime, **more: Any) -> EditorPage:
        """Make the page of a draft."""
        who = f" by {draft.changed_by}" if draft.changed_by else ""
        return cls(
            draft=draft,
            text=more.pop("text", draft.text),
            saved=f"Saved {words.moment(draft.changed_at, now)}{who}",
            problems=tuple(ProblemLine.of(problem) for problem in checked.problems),
            summary=summary(checked.problems),
            facts=facts(checked),
            **more,
        )


def summary(problems: tuple[Problem, ...]) -> str:
    """Return how much is left to do, in the words the script has too."""
    errors = sum(problem.stops for problem in problems)
    warnings = sum(problem.severity is Severity.WARNING and not problem.accepted for problem in problems)
    said = [f"{errors} to mend"] * bool(errors) + [f"{warnings} to look at"] * bool(warnings)
    return f"{', '.join(said)}." if said else "Nothing to mend."


def facts(checked: Checked) -> tuple[str, ...]:
    """Return reading level, length, time and size in words."""
    if checked.level is None:
        level = "Too short to tell the reading level"
    else:
        level = f"Reading level {checked.level:.1f}" + ("" if checked.level <= AIM else f", aim for {AIM} or less")
    return (
        level,
        words.count(checked.words, "word", "words"),
        words.count(checked.minutes, "minute", "minutes"),
        f"{max(1, round(checked.bytes / 1000))} kB",
    )


@bp.get("/drafts/<uuid:draft>")
@allows(*WRITERS)
def editor(draft: UUID) -> ResponseReturnValue:
    """Show the text with what is wrong with it, and ways to add to it."""
    return show(draft_or_404(draft))


@bp.post("/drafts/<uuid:draft>")
@allows(*WRITERS)
def save_form(draft: UUID) -> ResponseReturnValue:
    """Save the text of the form, and show it checked."""
    stopped = save_first(draft_or_404(draft))
    if stopped is not None:
        return stopped
    flash("Saved.", "done")
    return redirect(url_for("trainer.editor", draft=draft))


@bp.post("/drafts/<uuid:draft>/save")
@allows(*WRITERS)
def save(draft: UUID) -> ResponseReturnValue:
    """Save `{text, based_on}`. Answers `{revision}`, or 409 with the text somebody else saved.

    That has the shape `{revision, by, at, text}`; one's own text is then kept in the history.
    """
    view, given = draft_or_404(draft), _json()
    text, based_on = given.get("text"), given.get("based_on")
    if not isinstance(text, str) or type(based_on) is not int or not 0 <= based_on <= HIGHEST:
        return jsonify(message="Load this page again."), 400
    try:
        saved = save_text(view, text, based_on)
    except AuthoringError as refused:
        return jsonify(message=str(refused)), 422
    db.session.commit()
    if isinstance(saved, Moved):
        moved = {"revision": saved.revision, "by": saved.by or "Somebody", "at": saved.at.isoformat()}
        return jsonify(**moved, text=saved.text), 409
    return jsonify(revision=saved.revision)


@bp.post("/drafts/<uuid:draft>/check")
@allows(*WRITERS)
def check(draft: UUID) -> ResponseReturnValue:
    """Check `{text}` beside the draft's pictures; keeps nothing.

    Answers `{problems: [{line, severity, code, message, suggestion, accepted}], level, words, minutes, bytes, parts:
    [{kind, title, line}]}`.
    """
    text = _json().get("text")
    if not isinstance(text, str):
        return jsonify(message="Load this page again."), 400
    # It comes with every pause in somebody's typing, and writes nothing: phones must not wait for it.
    db.session.rollback()
    try:
        checked = authoring.check_draft(db.session(), _provider_id(), draft, text, now=utc_now())
    except authoring.NoDraft:
        return jsonify(message="This draft is not here any more."), 404
    except AuthoringError as refused:
        return jsonify(message=str(refused)), 422
    return jsonify(
        problems=[
            {
                "line": problem.line,
                "severity": problem.severity.value,
                "code": problem.code,
                "message": problem.message,
                "suggestion": problem.suggestion,
                "accepted": problem.accepted,
            }
            for problem in checked.problems
        ],
        level=checked.level,
        words=checked.words,
        minutes=checked.minutes,
        bytes=checked.bytes,
        parts=[{"kind": part.kind, "title": part.title, "line": part.line} for part in checked.parts],
    )


def save_first(view: DraftView) -> ResponseReturnValue | None:
    """Save the text of the form and commit. Returns the page that says why it was not saved, or None."""
    text = request.form.get("text", view.text)
    try:
        saved = save_text(view, text, number(request.form.get("based_on")))
    except AuthoringError as refused:
        return show(view, text=text, errors=(("text", str(refused)),)), 422
    db.session.commit()
    return show_both(view, text, saved) if isinstance(saved, Moved) else None


def save_text(view: DraftView, text: str, based_on: int) -> Saved | Moved:
    """Save a text on top of a revision, and note when somebody begins to write. The caller commits.

    Raises AuthoringError.
    """
    now, person = utc_now(), current_person()
    saved = authoring.save(db.session(), _provider_id(), view.uuid, text, based_on=based_on, by=person.id, now=now)
    me = providers.find_member(db.session(), _provider_id(), person.id)
    begins = me is None or view.changed_by != me.name or now - view.changed_at > SITTING
    if isinstance(saved, Saved) and saved.changed and begins:
        noted("draft.written", module=view.key)
    return saved


def show(view: DraftView, **more: Any) -> Response:
    """Return the editor's page. It alone may hold a frame, and only one of ours."""
    now = utc_now()
    try:
        checked = authoring.check_draft(db.session(), _provider_id(), view.uuid, more.get("text"), now=now)
    except authoring.TooLong:
        # The page says so. What is far too long is not looked at, as that could take hours.
        checked = authoring.check_draft(db.session(), _provider_id(), view.uuid, now=now)
    page = EditorPage.of(view, checked, now, **more)
    suggestion = suggesting.of_draft(db.session(), view.uuid)
    reply = make_response(
        render_template("trainer/editor.html", page=page, questions=QUESTIONS, others=OTHERS, suggestion=suggestion)
    )
    reply.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return reply


def show_both(view: DraftView, text: str, moved: Moved) -> ResponseReturnValue:
    """Return the page that shows one's own text beside the one somebody else saved meanwhile."""
    now = utc_now()
    return show(view, text=text, both=moved, both_at=words.moment(moved.at, now)), 409


def _provider_id() -> int:
    return current_membership().provider.id


def _json() -> dict[str, Any]:
    given = request.get_json(silent=True)
    return given if isinstance(given, dict) else {}


def number(text: str | None) -> int:
    """Return the revision a form was based on; one that is none at all is older than any."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0
