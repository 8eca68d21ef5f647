"""What somebody shows of themselves by a link they made: a page, and the same as files. Open to whoever has the link.

A link that ended, was taken back or never was answers with the same words. Each look is written down for the person
who made the link: when and at what, and who it was if they say so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import credentials, identity, providers
from app.config import Settings
from app.content.exports.pdf import PdfMissing
from app.credentials import KeysSealed, Verdict, passport
from app.credentials.passport import LookKind, Opened
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.web.access import address, allows_anyone
from app.web.public.credentials import site
from app.web.public.passport_page import PassportPage, checks
from app.web.public.passport_paper import can_print, paper, room

bp = Blueprint("passport", __name__, url_prefix="/p")

TYPES = {"json": "application/vp", "clr": "application/vc", "pdf": "application/pdf"}
FILES = {"json": "passport.json", "clr": "learning-record.json", "pdf": "passport.pdf"}
# From one address within 15 minutes. An office looks at many; whoever tries more is a program.
LOOKS_PER_ADDRESS = 200
# Of one link. Its person reads every look.
LOOKS_PER_LINK = 60


@bp.get("/<string(length=22):token>")
@allows_anyone
def page(token: str) -> ResponseReturnValue:
    """Show what the link's person can do, each thing with what it is worth today."""
    opened = _opened(token, LookKind.PAGE)
    return _gone() if opened is None else _page(token, opened)


@bp.post("/<string(length=22):token>")
@allows_anyone
def say_who(token: str) -> ResponseReturnValue:
    """Let whoever looks tell the person who they are."""
    by = " ".join(request.form.get("by", "").split())
    opened = _opened(token, LookKind.SAID if by else None, by=by)
    if opened is None:
        return _gone()
    if not by:
        return _page(token, opened, problem="Write your name and where you work."), 400
    return redirect(url_for("passport.page", token=token, said=1))


@bp.get("/<string(length=22):token>.json")
@allows_anyone
def presentation(token: str) -> ResponseReturnValue:
    """Give a VerifiablePresentation of what the link shows."""
    opened = _opened(token, LookKind.JSON)
    return _gone() if opened is None else _file("json", passport.presentation(opened.signed))


@bp.get("/<string(length=22):token>.clr.json")
@allows_anyone
def learning_record(token: str) -> ResponseReturnValue:
    """Give a Comprehensive Learner Record of what holds today, signed by the provider the link was made at."""
    opened = _opened(token, LookKind.CLR)
    if opened is None:
        return _gone()
    here, now = site(), utc_now()
    provider = providers.find_provider(db.session(), opened.provider_id)
    found = checks(opened, here, now=now)
    holding = [each for each in opened.signed if found[each.view.uuid].verdict is Verdict.VALID]
    if here is None or provider is None or not holding:
        return _gone()
    try:
        signer = credentials.signer(db.session(), provider.id, provider.uuid, here, now=now)
    except KeysSealed:
        return _later()
    with room() as free:
        if not free:
            return _later()
        made = passport.clr(
            holding, signer=signer, issuer=provider.name, person=opened.person_uuid, name=_name(opened), now=now
        )
    return _file("clr", made)


@bp.get("/<string(length=22):token>.pdf")
@allows_anyone
def printed(token: str) -> ResponseReturnValue:
    """Give the page on paper, with the link as a QR code."""
    opened = _opened(token, LookKind.PDF)
    if opened is None:
        return _gone()
    with room() as free:
        if not free:
            return _later()
        try:
            return _file("pdf", pdf_of(token, opened))
        except PdfMissing:
            return _gone()


def pdf_of(token: str, opened: Opened) -> bytes:
    """Return the PDF of a link. Raises PdfMissing where this server cannot make any."""
    settings: Settings = current_app.extensions["bv.settings"]
    now = utc_now()
    told = PassportPage.of(opened, checks(opened, site(), now=now), name=_name(opened))
    return paper(told, link=f"{settings.origin}{url_for('passport.page', token=token)}", now=now)


def _opened(token: str, kind: LookKind | None, *, by: str = "") -> Opened | None:
    """Open a link, and write the look down: `kind`, unless it is None or only the headers were asked for."""
    session, now = db.session(), utc_now()
    begin_write(session)
    identity.take_try(session, f"passport-from:{address()}", now=now, tries=LOOKS_PER_ADDRESS)
    found = passport.open_link(session, token, now=now)
    if found is not None:
        identity.take_try(session, f"passport:{found.link_id}", now=now, tries=LOOKS_PER_LINK)
        if kind is not None and request.method != "HEAD":
            passport.note_look(session, found.link_id, kind, now=now, by=by)
    session.commit()
    return found


def _page(token: str, opened: Opened, *, problem: str = "") -> Response:
    told = PassportPage.of(opened, checks(opened, site(), now=utc_now()), name=_name(opened))
    link = f"{current_app.extensions['bv.settings'].origin}{url_for('passport.page', token=token)}"
    html = render_template(
        "public/passport.html",
        told=told,
        token=token,
        problem=problem,
        typed=request.form.get("by", "")[:200],
        said="said" in request.args,
        prints=can_print(),
        take_in=url_for("recognising.whose", link=link),
    )
    return _private(current_app.make_response(html))


def _name(opened: Opened) -> str:
    member = providers.find_member(db.session(), opened.provider_id, opened.person_id)
    return member.name if member else ""


def _file(form: str, content: Mapping[str, Any] | bytes) -> Response:
    body = (
        content
        if isinstance(content, bytes)
        else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    )
    reply = current_app.response_class(body, mimetype=TYPES[form])
    reply.headers["Content-Disposition"] = f'attachment; filename="{FILES[form]}"'
    return _private(reply)


def _gone() -> Response:
    """Say the same of every link that shows nothing."""
    reply = current_app.make_response(render_template("public/passport-gone.html"))
    reply.status_code = 404
    return _private(reply)


def _later() -> Response:
    reply = current_app.make_response(render_template("public/passport-later.html"))
    reply.status_code = 503
    reply.headers["Retry-After"] = "30"
    return _private(reply)


def _private(reply: Response) -> Response:
    """Keep it out of search machines and caches. The address itself goes nowhere else: see Referrer-Policy."""
    reply.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    reply.headers["Cache-Control"] = "no-store"
    return reply
