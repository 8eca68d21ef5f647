"""Suggesting a change to whoever publishes a module: writing it, seeing the difference, sending it or saving a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring, providers
from app.extensions import db
from app.interop import suggesting
from app.interop.suggesting import State, SuggestingError, SuggestionView
from app.kernel import begin_write, utc_now
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.trainer.blueprint import WRITERS, bp, noted
from app.web.trainer.editor import ProblemLine, summary
from app.web.trainer.modules import offered_or_404
from app.web.trainer.suggestion_lines import SentLine, licence_words


@bp.post("/modules/<key:key>/suggest")
@allows(*WRITERS)
def suggest(key: str) -> ResponseReturnValue:
    """Begin a suggestion for a module, with its publisher's text; or go on with one."""
    offered, session = offered_or_404(key), db.session()
    begin_write(session)
    try:
        uuid = suggesting.start(session, _provider_id(), offered, now=utc_now())
    except SuggestingError as refused:
        session.rollback()
        flash(str(refused), "note")
        return redirect(url_for("trainer.module", key=key))
    noted("suggestion.written", module=key)
    session.commit()
    return redirect(url_for("trainer.suggestion", uuid=uuid))


@bp.get("/suggestions/<uuid:uuid>")
@allows(*WRITERS)
def suggestion(uuid: UUID) -> ResponseReturnValue:
    """Show a suggestion: to write on, or as it was sent."""
    return _page(_view_or_404(uuid), Problems())


@bp.post("/suggestions/<uuid:uuid>")
@allows(*WRITERS)
def save_suggestion(uuid: UUID) -> ResponseReturnValue:
    """Keep the words of the form; with `do` "send" send them, with "file" save them as a file."""
    view, session, form, problems = _view_or_404(uuid), db.session(), request.form, Problems()
    session.rollback()
    begin_write(session)
    text, reason, now = form.get("text", view.text), form.get("reason", ""), utc_now()
    do, credit = form.get("do", ""), form.get("credit") == "yes"
    try:
        suggesting.save(session, _provider_id(), uuid, text=text, reason=reason, credit=credit, now=now)
        noted("suggestion.written", module=view.module)
        session.commit()
        saved = suggesting.open_one(session, _provider_id(), uuid)
        if do in ("send", "file"):
            problems.lines.extend(suggesting.why_not_yet(saved))
        if do == "send" and not problems:
            return _send(saved, form.get("person") == "yes")
    except SuggestingError as refused:
        session.rollback()
        problems.add_error(refused, "text")
        return _page(view, problems, text=text, reason=reason), 422
    if problems:
        return _page(saved, problems), 422
    if do == "file":
        return _file(saved, form.get("person") == "yes")
    flash("Saved.", "done")
    return redirect(url_for("trainer.suggestion", uuid=uuid, _anchor="difference"))


@bp.post("/suggestions/<uuid:uuid>/take-back")
@allows(*WRITERS)
def take_back_suggestion(uuid: UUID) -> ResponseReturnValue:
    """Do not send it after all."""
    view, session = _view_or_404(uuid), db.session()
    if suggesting.take_back(session, _provider_id(), uuid):
        noted("suggestion.taken-back", module=view.module)
        flash("It is not sent. You can write on.", "done")
    else:
        flash(f"{view.publisher} has it already.", "note")
    session.commit()
    return redirect(url_for("trainer.suggestion", uuid=uuid))


@bp.post("/suggestions/<uuid:uuid>/put-away")
@allows(*WRITERS)
def put_suggestion_away(uuid: UUID) -> ResponseReturnValue:
    """Take it out of the list, or with `back` put it there again."""
    view, back = _view_or_404(uuid), request.form.get("back") == "yes"
    suggesting.put_away(db.session(), _provider_id(), uuid, away=not back, now=utc_now())
    noted("suggestion.put-away", module=view.module, back=back)
    db.session.commit()
    flash("It is back." if back else "It is put away. You can bring it back below.", "done")
    return redirect(url_for("trainer.suggestions"))


def _send(view: SuggestionView, named: bool) -> ResponseReturnValue:
    session, now = db.session(), utc_now()
    begin_write(session)
    person = _person_name() if named else None
    suggesting.ask(session, _provider_id(), view.uuid, person=person, now=now)
    noted("suggestion.asked", module=view.module, named=named)
    if view.address == "":
        # For this very server: nothing has to travel.
        raw = suggesting.as_file(session, _provider_id(), view.uuid, provider=_provider_name(), person=person, now=now)
        receipt = suggesting.receive(session, suggesting.read(raw), came="here", now=now)
        suggesting.sent(session, _provider_id(), view.uuid, receipt, now=now)
    session.commit()
    flash("Sent. You read here what becomes of it.", "done")
    return redirect(url_for("trainer.suggestion", uuid=view.uuid))


def _file(view: SuggestionView, named: bool) -> ResponseReturnValue:
    raw = suggesting.as_file(
        db.session(),
        _provider_id(),
        view.uuid,
        provider=_provider_name(),
        person=_person_name() if named else None,
        now=utc_now(),
    )
    headers = {
        "Content-Disposition": f"attachment; filename={view.module}-suggestion.json",
        "Cache-Control": "private, no-store",
    }
    return current_app.response_class(raw, mimetype="application/json", headers=headers)


def _page(view: SuggestionView, problems: Problems, **typed: str) -> str:
    session, now = db.session(), utc_now()
    text = typed.get("text", view.text)
    writing = view.state is State.WRITING
    checked = suggesting.checked(session, suggesting.edition_of(session, view), text, now=now) if writing else None
    return render_template(
        "trainer/suggestion.html",
        view=view,
        line=SentLine.of(view, now),
        writing=writing,
        licence=licence_words(view.licence),
        text=text,
        reason=typed.get("reason", view.reason),
        problems=problems,
        to_mend=[ProblemLine.of(problem) for problem in checked.problems] if checked else [],
        summary_words=summary(checked.problems) if checked else "",
        lines=authoring.difference_of(view.before, view.text),
        can_take_back=view.state is State.SENDING,
        provider=_provider_name(),
        me=_person_name(),
        longest=suggesting.LONGEST_REASON,
    )


def _view_or_404(uuid: UUID) -> SuggestionView:
    try:
        return suggesting.open_one(db.session(), _provider_id(), uuid)
    except suggesting.NoSuggestion:
        abort(404)


def _provider_id() -> int:
    return current_membership().provider.id


def _provider_name() -> str:
    return current_membership().provider.name


def _person_name() -> str:
    me: Any = providers.find_member(db.session(), _provider_id(), current_person().id)
    return str(me.name) if me else current_person().name
