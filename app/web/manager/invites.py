"""Codes: made, shown and printed. A code is shown to the manager who made it, in the browser they made it in.

The database keeps only a fingerprint of a code, so the code itself waits in that browser's signed cookie until it is
used, runs out, or is pushed out by newer ones.
"""

from __future__ import annotations

import io
from urllib.parse import urlsplit
from uuid import UUID

import segno
from flask import Response, abort, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app import providers
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from app.providers import InviteView, MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.manager.blueprint import bp, member_or_404, noted
from app.web.public.codes import invite_secret

# A cookie holds four kilobytes.
MOST_REMEMBERED = 12


def make(provider_id: int, member: MemberView) -> None:
    """Make a code for a person and remember it in this browser. The caller commits."""
    code = providers.issue_invite(
        db.session(),
        provider_id,
        member.person_id,
        secret=invite_secret(),
        now=utc_now(),
        issued_by=current_person().id,
    )
    kept: dict[str, str] = session.get("codes", {})
    kept.pop(str(member.person_uuid), None)
    noted("code.made", member)
    session["codes"] = dict([*kept.items(), (str(member.person_uuid), code)][-MOST_REMEMBERED:])


def link_of(code: str) -> str:
    """Return the address that a code opens. From the settings, never from what the request claims our name is."""
    settings: Settings = current_app.extensions["bv.settings"]
    return f"{settings.origin}/join/{code}"


def _remembered(member: MemberView) -> tuple[str, InviteView] | None:
    """Return the person's code, if this browser has it and it still works."""
    code = session.get("codes", {}).get(str(member.person_uuid))
    if code is None:
        return None
    found = providers.look_up_invite(
        db.session(), code, secret=invite_secret(), address=f"staff:{current_person().id}", now=utc_now()
    )
    if isinstance(found, InviteView) and found.person_id == member.person_id:
        return code, found
    return None


@bp.get("/<uuid:person>/invite")
@allows(Role.MANAGER)
def invite(person: UUID) -> ResponseReturnValue:
    """Show a person's code, its link and its QR code, to hand over or print."""
    member = member_or_404(person)
    known = _remembered(member)
    if known is None:
        return render_template("manager/no-invite.html", name=member.name, uuid=person, ended=member.ended is not None)
    code, found = known
    return render_template(
        "manager/invite.html",
        name=member.name,
        uuid=person,
        provider=found.provider_name,
        code=providers.written_code(code),
        link=link_of(code),
        where=urlsplit(link_of(code)).netloc + url_for("join.type_code"),
        until=words.on(found.expires_at),
    )


@bp.get("/<uuid:person>/invite.svg")
@allows(Role.MANAGER)
def invite_qr(person: UUID) -> ResponseReturnValue:
    """Draw the QR code of a person's code."""
    known = _remembered(member_or_404(person))
    if known is None:
        abort(404)
    out = io.BytesIO()
    qr = segno.make(link_of(known[0]), error="m", micro=False)
    # Dark on white with its quiet zone, also in dark mode: cameras need it.
    qr.save(out, kind="svg", scale=8, border=4, light="#fff", dark="#000", xmldecl=False, svgns=True)
    return Response(out.getvalue(), mimetype="image/svg+xml")


@bp.post("/<uuid:person>/invite")
@allows(Role.MANAGER)
def new_code(person: UUID) -> ResponseReturnValue:
    """Make a new code; those given before stop working."""
    member = member_or_404(person)
    make(current_membership().provider.id, member)
    db.session.commit()
    return redirect(url_for("manager.invite", person=person))
