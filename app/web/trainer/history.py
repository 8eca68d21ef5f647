"""What a draft was: its saved texts by who and when, what differs between two, and bringing one back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring
from app.authoring import Came, RevisionLine
from app.extensions import db
from app.kernel import ENGLAND, utc_now
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.trainer.blueprint import WRITERS, bp, draft_or_404, noted
from app.web.trainer.editor import HIGHEST, number

# The editor saves by itself: what one person saved without a longer pause is shown as one.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingLine:
    """What one person saved in one go. `revision` is the last of it, `before` what was in force until then."""

    revision: int
    before: int | None
    what: str
    when: str
    in_force: bool
    aside: bool


@bp.get("/drafts/<uuid:draft>/history")
@allows(*WRITERS)
def history(draft: UUID) -> ResponseReturnValue:
    """Show the saved texts, and what differs between the two that `before` and `after` name."""
    view = draft_or_404(draft)
    session, provider_id = db.session(), current_membership().provider.id
    found = authoring.history(session, provider_id, draft)
    before, after = number(request.args.get("before")), number(request.args.get("after"))
    lines = None
    if before and after:
        try:
            lines = authoring.difference(session, provider_id, draft, before, after)
        except authoring.NoRevision:
            abort(404)
    return render_template(
        "trainer/history.html",
        draft=view,
        sittings=sittings(found, utc_now()),
        numbers=[each.revision for each in found],
        before=before,
        after=after,
        lines=lines,
    )


@bp.get(f"/drafts/<uuid:draft>/history/<int(max={HIGHEST}):revision>")
@allows(*WRITERS)
def revision(draft: UUID, revision: int) -> ResponseReturnValue:
    """Show one saved text, to read or to copy from."""
    view = draft_or_404(draft)
    try:
        text = authoring.revision_text(db.session(), current_membership().provider.id, draft, revision)
    except authoring.NoRevision:
        abort(404)
    return render_template("trainer/revision.html", draft=view, revision=revision, text=text)


@bp.post("/drafts/<uuid:draft>/restore")
@allows(*WRITERS)
def restore(draft: UUID) -> ResponseReturnValue:
    """Put the words of an earlier text in force again."""
    view, wanted = draft_or_404(draft), number(request.form.get("revision"))
    try:
        saved = authoring.restore(
            db.session(), current_membership().provider.id, draft, wanted, by=current_person().id, now=utc_now()
        )
    except authoring.NoRevision:
        abort(404)
    if saved.changed:
        noted("draft.restored", module=view.key, revision=wanted)
    db.session.commit()
    flash(
        f"Text {wanted} is in use again. What was there before stays in the history."
        if saved.changed
        else "These are the words in use already.",
        "done" if saved.changed else "note",
    )
    return redirect(url_for("trainer.history", draft=draft))


def sittings(found: Iterable[RevisionLine], now: datetime) -> tuple[SittingLine, ...]:
    """Return the history by sitting, the newest first. What was kept beside, restored or published stands alone."""
    oldest_first = sorted(found, key=lambda each: each.revision)
    groups: list[list[RevisionLine]] = []
    for each in oldest_first:
        last = groups[-1][-1] if groups else None
        if last is not None and _goes_on(last, each):
            groups[-1].append(each)
        else:
            groups.append([each])
    in_force = [each.revision for each in oldest_first if not each.aside]
    before = dict(zip(in_force[1:], in_force, strict=False))
    return tuple(_line(group, before.get(group[0].revision), now) for group in reversed(groups))


def _goes_on(last: RevisionLine, each: RevisionLine) -> bool:
    alike = (last.came, last.aside, last.by) == (Came.SAVE, False, each.by) == (each.came, each.aside, last.by)
    return alike and each.at - last.at <= PAUSE


def _line(group: list[RevisionLine], before: int | None, now: datetime) -> SittingLine:
    first, last = group[0], group[-1]
    if last.aside:
        before = last.on_top_of
    who = last.by or "Somebody"
    what = {
        Came.START: f"{who} began it",
        Came.COPY: f"{who} began it as a version of another module",
        Came.SAVE: f"{who} saved" + (f" {len(group)} times" if len(group) > 1 else ""),
        Came.RESTORE: f"{who} brought text {last.number} back",
        Came.PUBLISH: f"{who} published edition {last.number}",
    }[last.came]
    if last.aside:
        what = f"{who} wrote this while somebody else saved: kept beside"
    when = words.moment(last.at, now)
    if first is not last:
        when = f"{words.exact(first.at)} to {last.at.astimezone(ENGLAND):%H:%M}"
    return SittingLine(
        revision=last.revision,
        before=before,
        what=what,
        when=when,
        in_force=last.in_force,
        aside=last.aside,
    )
