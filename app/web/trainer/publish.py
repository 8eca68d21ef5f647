"""Publishing a draft, after saying what that does to people, and withdrawing what was published."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring
from app.authoring import AuthoringError, DraftView
from app.content import queries as content
from app.extensions import db
from app.interop import suggesting
from app.kernel import utc_now
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.trainer.blueprint import WRITERS, bp, draft_or_404, noted
from app.web.trainer.editor import number


@bp.get("/drafts/<uuid:draft>/publish")
@allows(*WRITERS)
def publish(draft: UUID) -> ResponseReturnValue:
    """Say what publishing does, as a small change and as a large one."""
    if (elsewhere := _of_a_suggestion(draft)) is not None:
        return elsewhere
    return _page(draft_or_404(draft), Problems())


@bp.post("/drafts/<uuid:draft>/publish")
@allows(*WRITERS)
def publish_now(draft: UUID) -> ResponseReturnValue:
    """Publish the draft as the page before showed it."""
    view, problems = draft_or_404(draft), Problems()
    if (elsewhere := _of_a_suggestion(draft)) is not None:
        return elsewhere
    change = request.form.get("change", "")
    try:
        done = authoring.publish(
            db.session(),
            _provider_id(),
            draft,
            change,
            revision=number(request.form.get("revision")),
            by=current_person().id,
            now=utc_now(),
        )
    except AuthoringError as refused:
        db.session.rollback()
        problems.add_error(refused, "change-major")
        return _page(view, problems), 400
    noted("draft.published", module=done.key, edition=done.number, change=change)
    db.session.commit()
    flash(f"Edition {done.number} of {view.title} is published. Phones get it at their next contact.", "done")
    return redirect(url_for("trainer.modules"))


@bp.route("/modules/<key:key>/withdraw", methods=["GET", "POST"])
@allows(*WRITERS)
def withdraw(key: str) -> ResponseReturnValue:
    """Take a module of the provider's own out of its catalogue, saying why."""
    session, provider = db.session(), current_membership().provider
    on_offer = [
        each
        for each in content.editions_of(session, key, provider.uuid)
        if each.audience == provider.uuid and each.withdrawn_at is None
    ]
    if not on_offer:
        abort(404)
    newest, problems, form = on_offer[-1], Problems(), request.form
    if request.method == "POST":
        safety = form.get("safety") == "yes"
        try:
            authoring.withdraw(
                session,
                provider.id,
                key,
                number=newest.number if form.get("which") == "newest" and len(on_offer) > 1 else None,
                reason=form.get("reason", ""),
                safety=safety,
                now=utc_now(),
            )
        except AuthoringError as refused:
            problems.add_error(refused, "reason")
        else:
            noted("content.withdrawn", module=key, safety=safety)
            session.commit()
            flash(f"{newest.title} is withdrawn. Phones hear of it first at their next contact.", "done")
            return redirect(url_for("trainer.modules"))
    page = render_template(
        "trainer/withdraw.html",
        newest=newest,
        before=on_offer[-2] if len(on_offer) > 1 else None,
        draft=authoring.draft_of(session, provider.id, key),
        problems=problems,
        form=form,
    )
    return page, 400 if problems else 200


def _of_a_suggestion(draft: UUID) -> ResponseReturnValue | None:
    """Return the way to where a draft goes on that is for everybody's module, None for one of the provider's own."""
    draft_or_404(draft)
    number_of = suggesting.of_draft(db.session(), draft)
    if number_of is None:
        return None
    flash("This draft is for a module that is everybody's. It goes on here once its facts are checked.", "note")
    return redirect(url_for("trainer.suggested", number=number_of, _anchor="what-now"))


def _page(view: DraftView, problems: Problems) -> str:
    session, now = db.session(), utc_now()
    major, minor = (
        authoring.effect(session, _provider_id(), view.uuid, change, now=now) for change in ("major", "minor")
    )
    return render_template(
        "trainer/publish.html",
        draft=view,
        major=major,
        minor=minor,
        asked=_people(major.asked),
        did_last=_people(major.did_last),
        take_again=_people(major.take_again),
        changed=words.count(major.words_changed, "word", "words"),
        can_minor=not minor.refusals,
        problems=problems,
        checked_on=words.on(view.checked_at) if view.checked_at else "",
        comments=_open_comments(view),
        stops=major.refusals,
    )


def _open_comments(view: DraftView) -> str:
    return words.count(view.comments, "comment is", "comments are") if view.comments else ""


def _people(number_of: int) -> str:
    return words.count(number_of, "person", "people") if number_of else "Nobody"


def _provider_id() -> int:
    return current_membership().provider.id
