"""What was recognised of a person, whose signatures the provider trusts, and where a passport's link begins."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers, recognised
from app.extensions import db
from app.interop import recognition
from app.interop.recognition import PassportError
from app.kernel import begin_write, utc_now
from app.providers import MemberView, Role
from app.recognised import Decision, RecognitionError, RecognitionView
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager import concerns
from app.web.manager.blueprint import bp, member_or_404, noted
from app.web.manager.library import library_of
from app.web.manager.outside import FILE_POLICY
from app.web.manager.recognise import fetch, one_of_few
from app.web.manager.recognise_page import IssuerCard, RecognisedRow
from app.web.public.credentials import site

issuers_bp = Blueprint("recognising", __name__, url_prefix="/staff")
ACTIONS = {Decision.ACCEPTED: "recognition.accepted", Decision.DECLINED: "recognition.declined"}
# Of one person, asked at once.
MOST_AT_ONCE = 6


@bp.get("/<uuid:person>/recognised")
@allows(Role.MANAGER)
def recognised_page(person: UUID) -> ResponseReturnValue:
    """Show every statement that was decided on, and what it is worth today."""
    return _page(member_or_404(person), Problems())


@bp.post("/<uuid:person>/recognised/<uuid:statement>")
@allows(Role.MANAGER)
def decide_recognised(person: UUID, statement: UUID) -> ResponseReturnValue:
    """Decide anew on a statement that is kept; the latest decision counts."""
    member, problems = member_or_404(person), Problems()
    view = _view_or_404(member, statement)
    try:
        decision = Decision(request.form.get("decision", ""))
        action = ACTIONS[decision]
    except (ValueError, KeyError):
        abort(400)
    session, now = db.session(), utc_now()
    if decision is Decision.ACCEPTED and (gone := _why_not_now(member, view)):
        problems.add(f"reason-{view.uuid}", gone)
        return _page(member, problems)
    begin_write(session)
    try:
        recognition.decide_again(
            session,
            member.provider_id,
            view,
            decision,
            request.form.get("reason", ""),
            now=now,
            by=current_person().id,
        )
    except RecognitionError as error:
        session.rollback()
        problems.add(f"reason-{view.uuid}", str(error))
        return _page(member, problems)
    concerns.carry_out([member.person_id])
    noted(action, member, training=str(view.uuid))
    session.commit()
    said = "counts" if decision is Decision.ACCEPTED else "does not count"
    flash(f"{view.title} {said} here. A mistake? Decide again: the latest counts.", "done")
    return redirect(url_for("manager.recognised_page", person=person))


@bp.post("/<uuid:person>/recognised/look")
@allows(Role.MANAGER)
def look_at_issuers(person: UUID) -> ResponseReturnValue:
    """Ask everybody who signed something of this person what they withdrew, now."""
    member = member_or_404(person)
    session, now, here = db.session(), utc_now(), site()
    views = recognised.recognitions(session, member.provider_id, [member.person_id])
    dids = sorted({view.issuer for view in views})[:MOST_AT_ONCE]
    with one_of_few():
        looked = recognition.ask(session, dict.fromkeys(dids, ()), fetch(), now=now)
    begin_write(session)
    ended = recognition.take_in(session, looked, site=here, now=now).ended
    for did in dids:
        if recognition.is_own(session, here, did):
            ended += recognition.settle(session, did, site=here, now=now).ended
        noted("issuer.looked-at", issuer=recognition.host_of(did))
    session.commit()
    trouble = next((each.trouble for each in looked if each.trouble), "")
    if trouble:
        flash(f"Not everything could be looked up. {trouble}", "note")
    elif ended:
        flash("Something was withdrawn and counts no more. What it stood in for is asked for again.", "note")
    else:
        flash("Looked just now. Nothing was withdrawn.", "done")
    return redirect(url_for("manager.recognised_page", person=person))


@bp.post("/<uuid:person>/recognised/<uuid:statement>/file")
@allows(Role.MANAGER)
def recognised_file(person: UUID, statement: UUID) -> ResponseReturnValue:
    """Hand out a statement as it was handed in, to be saved."""
    member = member_or_404(person)
    body = recognised.body_of(db.session(), member.provider_id, member.person_id, statement)
    if body is None:
        abort(404)
    noted("recognition.fetched", member, training=str(statement))
    db.session.commit()
    token = not body.startswith("{")
    reply = current_app.response_class(body, mimetype="application/vc+jwt" if token else "application/vc")
    name = f"{statement}.{'jwt' if token else 'json'}"
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    reply.headers["Content-Security-Policy"] = FILE_POLICY
    reply.headers["Cache-Control"] = "no-store"
    return reply


@issuers_bp.get("/recognise")
@allows(Role.MANAGER)
def whose() -> ResponseReturnValue:
    """Begin from a link, as a QR code gives it: ask whom it is for."""
    members = sorted(
        providers.list_members(db.session(), current_membership().provider.id), key=lambda each: each.name.casefold()
    )
    return render_template("manager/recognise.html", members=members, link=request.args.get("link", ""))


@issuers_bp.get("/issuers")
@allows(Role.MANAGER)
def issuers() -> ResponseReturnValue:
    """Show whose signatures the provider trusts."""
    return _issuers(Problems())


@issuers_bp.post("/issuers/<uuid:issuer>")
@allows(Role.MANAGER)
def decide_issuer(issuer: UUID) -> ResponseReturnValue:
    """Trust an issuer no longer, or confirm the other keys it came with."""
    session, now, here, problems = db.session(), utc_now(), site(), Problems()
    provider_id, reason = current_membership().provider.id, request.form.get("reason", "")
    confirms = request.form.get("step") == "confirm"
    begin_write(session)
    try:
        if confirms:
            shown = request.form.get("fingerprint", "")
            did = recognition.confirm(session, provider_id, issuer, shown, reason, now=now)
        else:
            did = recognition.end(session, provider_id, issuer, reason, now=now)
    except PassportError as error:
        session.rollback()
        problems.add(f"reason-{issuer}", str(error))
        return _issuers(problems)
    if did is None:
        abort(404)
    settled = recognition.settle(session, did, site=here, now=now)
    noted("issuer.trusted" if confirms else "issuer.ended", issuer=recognition.host_of(did))
    session.commit()
    gone = f" {settled.ended} of what they signed counts no more." if settled.ended else ""
    flash(("Their new keys are confirmed." if confirms else "They are not trusted any more.") + gone, "done")
    return redirect(url_for("recognising.issuers"))


def _issuers(problems: Problems) -> ResponseReturnValue:
    views = recognition.issuers_of(db.session(), current_membership().provider.id)
    cards = [IssuerCard.of(each) for each in views]
    html = render_template(
        "manager/issuers.html",
        trusted=[card for card in cards if card.trusted],
        ended=[card for card in cards if not card.trusted],
        problems=problems,
        reason=request.form.get("reason", ""),
    )
    return html, 400 if problems else 200


def _page(member: MemberView, problems: Problems) -> ResponseReturnValue:
    session, now = db.session(), utc_now()
    views = recognised.recognitions(session, member.provider_id, [member.person_id])
    known = recognition.known_of(session, member.provider_id, views, site=site(), now=now)
    names = {each.person_id: each.name for each in providers.list_members(session, member.provider_id, with_ended=True)}
    titles = library_of(member.provider_id).titles
    rows = [
        RecognisedRow.of(view, known.get(view.issuer), names.get(view.by, "") if view.by else "", titles)
        for view in reversed(views)
    ]
    html = render_template(
        "manager/recognised.html", member=member, rows=rows, problems=problems, reason=request.form.get("reason", "")
    )
    return html, 400 if problems else 200


def _view_or_404(member: MemberView, uuid: UUID) -> RecognitionView:
    views = recognised.recognitions(db.session(), member.provider_id, [member.person_id])
    found = next((each for each in views if each.uuid == uuid), None)
    if found is None:
        abort(404)
    return found


def _why_not_now(member: MemberView, view: RecognitionView) -> str:
    """Return why a statement cannot be recognised today, by what is known of who signed it; empty when it can."""
    session, now = db.session(), utc_now()
    theirs = recognised.recognitions(session, member.provider_id, issuer=view.issuer)
    others = [each for each in theirs if each.person_id != view.person_id and each.state is Decision.ACCEPTED]
    if any(each.sha == view.sha or each.credential == view.credential != "" for each in others):
        return "This was recognised of somebody else meanwhile. It cannot be of two people."
    known = recognition.known_of(session, member.provider_id, [view], site=site(), now=now)
    found = recognition.still_worth(view, known.get(view.issuer), now)
    if found.standing in (recognition.Standing.VALID, recognition.Standing.UNCHECKED):
        return ""
    return f"It cannot be recognised now. {found.words}. {found.why}".strip()
