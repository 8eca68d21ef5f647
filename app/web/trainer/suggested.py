"""What others suggest to modules this server publishes: reading it, taking it up as a draft, saying why not.

The desk of the one provider on a server looks after them. Where several share a server, whoever runs it does, by
command: a module of everybody's is not for one of them to change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring
from app.authoring import AuthoringError
from app.extensions import db
from app.interop import suggesting
from app.interop.suggesting import ReceivedLine, ReceivedView, SuggestingError, What
from app.kernel import DomainError, begin_write, utc_now
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.trainer.blueprint import WRITERS, bp, noted
from app.web.trainer.editor import ProblemLine, summary
from app.web.trainer.suggestion_lines import SentLine, desk_looks_after, licence_words

SHORTEST_WHY, LONGEST_WHY = 3, 500
WAITS = ("Waits for you", "clock", "due")
TAKEN_UP = ("A draft", "eye", "wait")
PLANNED = ("To be published", "clock", "wait")
TAKEN = ("Taken", "tick", "done")
NOT_TAKEN = ("Not taken", "dash", "soft")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameLine:
    """A suggestion that came in, as the list and its page show it. `state` is words, sign and colour."""

    number: int
    title: str
    who: str
    came: str
    state: tuple[str, str, str]
    told: str

    @classmethod
    def of(cls, line: ReceivedLine, now: datetime) -> CameLine:
        """Make the line of a suggestion."""
        state, told = _state(line)
        return cls(
            number=line.number,
            title=line.title,
            who=f"{line.provider}, {line.person}" if line.person else line.provider,
            came=words.moment(line.received_at, now),
            state=state,
            told=told,
        )


@bp.get("/suggestions")
@allows(*WRITERS)
def suggestions() -> ResponseReturnValue:
    """List what this provider suggests to others, and what others suggest to this server's modules."""
    return _list(Problems())


@bp.post("/suggestions/from-file")
@allows(*WRITERS)
def suggestion_from_file() -> ResponseReturnValue:
    """Take in a suggestion that somebody handed over as a file."""
    _desk_or_404()
    sent, problems, session = request.files.get("file"), Problems(), db.session()
    if sent is None or not sent.filename:
        problems.add("file", "Choose a file first.")
        return _list(problems), 400
    raw = sent.stream.read(suggesting.LARGEST_SUGGESTION + 1)
    session.rollback()
    begin_write(session)
    try:
        made = suggesting.read(raw)
        receipt = suggesting.receive(session, made, came="file", now=utc_now())
    except SuggestingError as refused:
        session.rollback()
        problems.add_error(refused, "file")
        return _list(problems), 400
    noted("suggestion.came-by-file", module=made.module)
    session.commit()
    flash("It is in the list.", "done")
    return redirect(url_for("trainer.suggested", number=suggesting.number_of(session, receipt)))


@bp.get("/suggestions/<int(max=99999999):number>")
@allows(*WRITERS)
def suggested(number: int) -> ResponseReturnValue:
    """Show one that came in: who, why, what differs from the text it was written on and from today's."""
    return _page(_view_or_404(number), Problems())


@bp.post("/suggestions/<int(max=99999999):number>/draft")
@allows(*WRITERS)
def take_suggestion_up(number: int) -> ResponseReturnValue:
    """Make a draft of it, to be reviewed as any other."""
    view, session = _view_or_404(number), db.session()
    session.rollback()
    begin_write(session)
    try:
        draft = suggesting.take_up(
            session, number, current_membership().provider.id, by=current_person().id, now=utc_now()
        )
    except (SuggestingError, AuthoringError) as refused:
        return _again(number, refused)
    noted("suggestion.taken-up", module=view.module, suggestion=number)
    session.commit()
    flash("It is a draft now. Read it, send it to review, and note who checked the facts.", "done")
    return redirect(url_for("trainer.editor", draft=draft))


@bp.post("/suggestions/<int(max=99999999):number>/decline")
@allows(*WRITERS)
def decline_suggestion(number: int) -> ResponseReturnValue:
    """Say that it is not taken, and why. With `again` it waits once more."""
    view, session, problems = _view_or_404(number), db.session(), Problems()
    again, why = request.form.get("again") == "yes", " ".join(request.form.get("why", "").split())
    if not again and not SHORTEST_WHY <= len(why) <= LONGEST_WHY:
        problems.add("why", f"Say why, in {SHORTEST_WHY} to {LONGEST_WHY} characters. They read it.")
        return _page(view, problems, why=why), 400
    session.rollback()
    begin_write(session)
    what = What.AGAIN if again else What.NOT_TAKEN
    provider = current_membership().provider.id
    suggesting.decide(session, number, what, words="" if again else why, provider_id=provider, now=utc_now())
    noted("suggestion.again" if again else "suggestion.declined", module=view.module, suggestion=number)
    session.commit()
    flash("It waits again." if again else "They read this when their server next looks.", "done")
    return redirect(url_for("trainer.suggested", number=number))


@bp.post("/suggestions/<int(max=99999999):number>/folder")
@allows(*WRITERS)
def suggestion_folder(number: int) -> ResponseReturnValue:
    """Save the folder of the module's next edition, to publish; and note that it comes out in that."""
    view, session, change = _view_or_404(number), db.session(), request.form.get("change", "")
    session.rollback()
    begin_write(session)
    provider, now = current_membership().provider.id, utc_now()
    try:
        made = suggesting.next_edition(session, number, provider, change=change)
        suggesting.taken(session, number, made, now=now, provider_id=provider)
    except (SuggestingError, AuthoringError) as refused:
        return _again(number, refused)
    noted("suggestion.taken", module=view.module, suggestion=number, edition=made.number)
    session.commit()
    headers = {
        "Content-Disposition": f"attachment; filename={made.key}-edition-{made.number}.zip",
        "Cache-Control": "private, no-store",
    }
    return current_app.response_class(suggesting.zipped(made), mimetype="application/zip", headers=headers)


def _list(problems: Problems) -> str:
    session, now = db.session(), utc_now()
    own = [SentLine.of(each, now) for each in suggesting.list_own(session, current_membership().provider.id)]
    desk = desk_looks_after()
    came = [CameLine.of(each, now) for each in suggesting.list_received(session)] if desk else []
    return render_template(
        "trainer/suggestions.html",
        desk=desk,
        came=came,
        own=[line for line in own if not line.away],
        away=[line for line in own if line.away],
        open=suggesting.is_open(session),
        problems=problems,
    )


def _page(view: ReceivedView, problems: Problems, *, why: str = "") -> str:
    session, now = db.session(), utc_now()
    newest = suggesting.newest_edition(session, view)
    checked = suggesting.checked(session, newest, view.merged, now=now)
    ready = _ready(view)
    return render_template(
        "trainer/suggested.html",
        view=view,
        line=CameLine.of(view, now),
        licence=licence_words(view.licence),
        lines=authoring.difference_of(view.before, view.text),
        now_lines=authoring.difference_of(view.today, view.merged) if view.moved_on else (),
        summary_words=summary(checked.problems),
        to_mend=[ProblemLine.of(problem) for problem in checked.problems],
        problems=problems,
        why=why,
        ready=ready,
        What=What,
    )


def _ready(view: ReceivedView) -> bool:
    """Say whether the draft it became has had its facts checked."""
    if view.what is not What.DRAFT or view.draft is None:
        return False
    try:
        draft = authoring.open_draft(db.session(), current_membership().provider.id, view.draft)
    except AuthoringError:
        return False
    return draft.state is authoring.DraftState.READY


def _again(number: int, refused: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    problems = Problems()
    problems.add_error(refused, "what-now")
    return _page(_view_or_404(number), problems), 409


def _state(line: ReceivedLine) -> tuple[tuple[str, str, str], str]:
    if line.edition is not None:
        return TAKEN, f"It came out in edition {line.edition}."
    match line.what:
        case What.TAKEN:
            return PLANNED, f"It comes out in edition {line.planned}, once that is published."
        case What.NOT_TAKEN:
            return NOT_TAKEN, f"Not taken, because: {line.words}"
        case What.DRAFT:
            return TAKEN_UP, "It is a draft at your desk."
        case _:
            return WAITS, ""


def _view_or_404(number: int) -> ReceivedView:
    _desk_or_404()
    try:
        return suggesting.open_received(db.session(), number)
    except suggesting.NoSuggestion:
        abort(404)


def _desk_or_404() -> None:
    if not desk_looks_after():
        abort(404)
