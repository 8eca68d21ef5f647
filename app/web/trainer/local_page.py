"""A provider's own page beside a module: a plain form, how it will look, and every wording there was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring
from app.authoring import AuthoringError, LocalWording
from app.extensions import db
from app.kernel import utc_now
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.trainer.blueprint import WRITERS, bp, noted
from app.web.trainer.editor import number
from app.web.trainer.modules import offered_or_404


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingLine:
    """One wording as the history shows it. `html` is sanitised, and empty where the page was taken away."""

    number: int
    what: str
    when: str
    html: str
    in_force: bool

    @classmethod
    def of(cls, wording: LocalWording, in_force: int, now: datetime) -> WordingLine:
        """Make the line of a wording."""
        who = wording.by or "Somebody"
        what = f"{who} wrote this" if wording.text else f"{who} took the page away"
        if wording.restored:
            what = f"{who} brought this back"
        return cls(
            number=wording.number,
            what=what,
            when=words.moment(wording.at, now),
            html=wording.html,
            in_force=wording.number == in_force,
        )


@bp.get("/modules/<key:key>/local-page")
@allows(*WRITERS)
def local_page(key: str) -> ResponseReturnValue:
    """Show the page as it is, to write on."""
    return _show(key)


@bp.post("/modules/<key:key>/local-page")
@allows(*WRITERS)
def save_local_page(key: str) -> ResponseReturnValue:
    """Save what the form holds, show how it would look (`do=look`), or take the page away (`do=remove`)."""
    offered_or_404(key)
    do, text, problems = request.form.get("do"), request.form.get("text", ""), Problems()
    if do == "look":
        try:
            return _show(key, text=text, html=authoring.preview_local_page(text))
        except AuthoringError as refused:
            problems.add_error(refused, "text")
            return _show(key, problems, text=text), 422
    if do == "remove":
        text = ""
    try:
        changed = authoring.write_local_page(
            db.session(),
            current_membership().provider.id,
            key,
            text,
            based_on=number(request.form.get("based_on")),
            by=current_person().id,
            now=utc_now(),
        )
    except AuthoringError as refused:
        problems.add_error(refused, "text")
        return _show(key, problems, text=text), 409 if isinstance(refused, authoring.NotNow) else 422
    gone = not text.strip()
    if changed:
        noted("local-page.removed" if gone else "local-page.written", module=key)
    db.session.commit()
    said = (
        "The page is taken away. You can bring it back below." if gone else "Saved. Phones get it when they next look."
    )
    flash(said if changed else "These are the words in use already.", "done" if changed else "note")
    return redirect(url_for("trainer.local_page", key=key))


@bp.post("/modules/<key:key>/local-page/restore")
@allows(*WRITERS)
def restore_local_page(key: str) -> ResponseReturnValue:
    """Put an earlier wording in force again."""
    offered_or_404(key)
    try:
        changed = authoring.restore_local_page(
            db.session(),
            current_membership().provider.id,
            key,
            number(request.form.get("number")),
            based_on=number(request.form.get("based_on")),
            by=current_person().id,
            now=utc_now(),
        )
    except AuthoringError as refused:
        flash(str(refused), "note")
    else:
        if changed:
            noted("local-page.restored", module=key)
        db.session.commit()
        flash("It is back." if changed else "These are the words in use already.", "done" if changed else "note")
    return redirect(url_for("trainer.local_page", key=key))


def _show(key: str, problems: Problems | None = None, *, text: str | None = None, html: str | None = None) -> str:
    """Return the page. `text` is what somebody typed, `html` how that would look; without them, what is in force."""
    offered, place, now = offered_or_404(key), current_membership(), utc_now()
    history = authoring.local_history(db.session(), place.provider.id, key)
    there = history[0] if history else None
    based_on = there.number if there else 0
    return render_template(
        "trainer/local-page.html",
        key=key,
        title=offered.title,
        provider=place.provider.name,
        problems=problems or Problems(),
        text=text if text is not None else there.text if there else "",
        there=there.html if there else "",
        look=html,
        based_on=based_on,
        longest=authoring.LONGEST_PAGE,
        history=[WordingLine.of(each, based_on, now) for each in history],
    )
