"""Evidence packs: asking for one, following how it is made, saving it, and checking one that came back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app import jobs, providers
from app.compliance import evidence
from app.compliance.evidence import PARTS, EvidenceError, Label, NotAPack, Scope
from app.config import Settings
from app.extensions import db
from app.jobs import JobState
from app.kernel import begin_write, day_of, utc_now
from app.providers import Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import noted
from app.web.manager.evidence_page import PackRow, verdict_lines

bp = Blueprint("evidence", __name__, url_prefix="/staff/evidence")

A_YEAR = timedelta(days=365)
# A few empty headings to fill in; saving gives as many again.
SPARE_LABELS = 2


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Show the packs there are, the newest first."""
    now, settings = utc_now(), _settings()
    found = evidence.list_packs(db.session(), current_membership().provider.id)
    return render_template(
        "manager/evidence.html",
        packs=[PackRow.of(each, now=now) for each in found],
        under_way=any(each.job.state in (JobState.WAITING, JobState.RUNNING) for each in found),
        days=settings.keep_evidence_days,
    )


@bp.route("/new", methods=["GET", "POST"])
@allows(Role.MANAGER)
def new() -> ResponseReturnValue:
    """Choose what a pack is about, and ask for it."""
    problems, provider, today = Problems(), current_membership().provider, day_of(utc_now())
    given: MultiDict[str, str] = request.form if request.method == "POST" else _usual(today)
    if request.method == "POST":
        begin_write(db.session())
        try:
            scope = _scope(given, problems)
            if scope is not None:
                job = evidence.ask(db.session(), provider.id, scope, by=current_person().id, now=utc_now())
                noted("evidence.asked", pack=str(job.uuid))
                db.session.commit()
                return redirect(url_for("evidence.page"))
        except EvidenceError as refused:
            problems.add_error(refused, "since")
        db.session.rollback()
    html = render_template(
        "manager/evidence-new.html",
        problems=problems,
        given=given,
        today=today.isoformat(),
        parts=[(key, title) for key, (title, _) in PARTS.items()],
        chosen_parts=given.getlist("parts"),
        people=[(str(m.person_uuid), m.name, m.ended is not None) for m in _members(provider.id)],
        chosen_people=given.getlist("people"),
    )
    return html, 400 if problems else 200


def _members(provider_id: int) -> list[providers.MemberView]:
    """Return everybody who has or had a place, each once, those who are here first."""
    found = {m.person_id: m for m in providers.list_members(db.session(), provider_id, with_ended=True)}
    return sorted(found.values(), key=lambda m: (m.ended is not None, m.name.casefold()))


def _usual(today: date) -> MultiDict[str, str]:
    days = {"since": today - A_YEAR, "until": today, "as_at": today}
    filled = [(name, day.isoformat()) for name, day in days.items()]
    return MultiDict([*filled, ("whom", "all"), *(("parts", key) for key in PARTS)])


def _scope(given: MultiDict[str, str], problems: Problems) -> Scope | None:
    days: dict[str, date] = {}
    for name in ("since", "until", "as_at"):
        try:
            days[name] = date.fromisoformat(given.get(name, "").strip())
        except ValueError:
            problems.add(name, "Give a day, as in 2026-12-31.")
    if problems:
        return None
    provider_id = current_membership().provider.id
    chosen = None
    if given.get("whom") == "some":
        known = {str(m.person_uuid): m.person_uuid for m in _members(provider_id)}
        chosen = tuple(known[each] for each in given.getlist("people") if each in known)
    parts = tuple(key for key in PARTS if key in given.getlist("parts"))
    labels = evidence.labels_of(db.session(), provider_id)
    return Scope(
        since=days["since"], until=days["until"], as_at=days["as_at"], people=chosen, parts=parts, labels=labels
    )


@bp.post("/<uuid:pack>/cancel")
@allows(Role.MANAGER)
def cancel(pack: UUID) -> ResponseReturnValue:
    """Give up a pack that waits or is being made."""
    provider_id = _known(pack)
    begin_write(db.session())
    if jobs.cancel(db.session(), provider_id, pack, now=utc_now()):
        noted("evidence.cancelled", pack=str(pack))
        db.session.commit()
        flash("Given up. You can ask for it again.", "done")
    else:
        db.session.rollback()
        flash("It was too late to give it up.", "note")
    return redirect(url_for("evidence.page"))


@bp.post("/<uuid:pack>/again")
@allows(Role.MANAGER)
def again(pack: UUID) -> ResponseReturnValue:
    """Let a pack that failed or was given up be made after all."""
    provider_id = _known(pack)
    begin_write(db.session())
    if jobs.again(db.session(), provider_id, pack):
        noted("evidence.asked", pack=str(pack))
        db.session.commit()
    else:
        db.session.rollback()
    return redirect(url_for("evidence.page"))


@bp.post("/<uuid:pack>/remove")
@allows(Role.MANAGER)
def remove(pack: UUID) -> ResponseReturnValue:
    """Remove the file of a pack. It can be made again: nothing it is made of goes."""
    provider_id = _known(pack)
    begin_write(db.session())
    if evidence.remove(db.session(), provider_id, pack, now=utc_now()):
        noted("evidence.removed", pack=str(pack))
        db.session.commit()
        flash("Removed from the server. What was saved elsewhere stays there.", "done")
    else:
        db.session.rollback()
    return redirect(url_for("evidence.page"))


@bp.post("/<uuid:pack>/file")
@allows(Role.MANAGER)
def file(pack: UUID) -> ResponseReturnValue:
    """Send a pack's file, and note that it was fetched."""
    provider = current_membership().provider
    begin_write(db.session())
    found = evidence.body_of(db.session(), provider.id, pack)
    if found is None:
        abort(404)
    view, body = found
    noted("evidence.fetched", pack=str(pack))
    db.session.commit()
    return _zip(f"evidence-{view.scope.as_at.isoformat()}-{str(pack)[-6:]}.zip", body)


@bp.route("/check", methods=["GET", "POST"])
@allows(Role.MANAGER)
def check() -> ResponseReturnValue:
    """Say whether a pack is as it was made here, and name the files that are not. Keeps nothing."""
    problems, verdict = Problems(), None
    if request.method == "POST":
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            problems.add("file", "Choose the file first.")
        else:
            try:
                verdict = evidence.verify(sent.stream, _kept)
            except NotAPack as wrong:
                problems.add("file", str(wrong))
    html = render_template(
        "manager/evidence-check.html",
        problems=problems,
        verdict=verdict,
        lines=verdict_lines(verdict) if verdict else (),
        made=words.exact(verdict.made_at) if verdict and verdict.made_at else "",
    )
    return html, 400 if problems else 200


@bp.route("/labels", methods=["GET", "POST"])
@allows(Role.MANAGER)
def labels() -> ResponseReturnValue:
    """Change the headings packs are laid out by, beside the regulations."""
    problems, provider_id = Problems(), current_membership().provider.id
    shown = list(evidence.labels_of(db.session(), provider_id))
    if request.method == "POST":
        begin_write(db.session())
        shown = _given_labels()
        try:
            changed = evidence.set_labels(db.session(), provider_id, shown, by=current_person().id, now=utc_now())
        except EvidenceError as refused:
            db.session.rollback()
            problems.add_error(refused, "title-0")
        else:
            if changed:
                noted("evidence.labels-changed")
            db.session.commit()
            flash("Saved. Packs you ask for from now on have these headings.", "done")
            return redirect(url_for("evidence.labels"))
    empty = [Label(title="", parts=())] * SPARE_LABELS
    html = render_template(
        "manager/evidence-labels.html",
        problems=problems,
        labels=[(number, each, each.gone(PARTS)) for number, each in enumerate([*shown, *empty])],
        parts=[(key, title) for key, (title, _) in PARTS.items()],
    )
    return html, 400 if problems else 200


def _given_labels() -> list[Label]:
    """Return the headings of the form in their order; one without a title is taken out."""
    found = []
    for number in range(100):
        title = " ".join(request.form.get(f"title-{number}", "").split())
        about = request.form.get(f"words-{number}", "").split(",")
        if title:
            parts = tuple(key for key in PARTS if key in request.form.getlist(f"parts-{number}"))
            terms = tuple(clean for each in about if (clean := " ".join(each.split())[:60]))
            found.append(Label(title=title, parts=parts, words=terms[:20]))
    return found


def _kept(pack: UUID) -> str | None:
    """Return the manifest that was kept of a pack of this provider. Of another's, there is none."""
    return evidence.manifest_of(db.session(), current_membership().provider.id, pack)


def _known(pack: UUID) -> int:
    """Return the provider's id when the pack is its own. Of another's, there is no such pack."""
    provider_id = current_membership().provider.id
    if jobs.find_job(db.session(), provider_id, pack) is None:
        abort(404)
    return provider_id


def _zip(name: str, body: bytes) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return current_app.response_class(body, mimetype="application/zip", headers=headers)


def _settings() -> Settings:
    found: Settings = current_app.extensions["bv.settings"]
    return found
