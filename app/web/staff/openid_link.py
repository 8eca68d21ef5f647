"""Adding an account of the OpenID provider to one's sign-in, and taking it away."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import identity
from app.extensions import db
from app.identity import LastWayIn
from app.kernel import begin_write, utc_now
from app.web import access
from app.web.access import STAFF, allows
from app.web.noting import note_own
from app.web.staff import outside, steps
from app.web.staff.blueprint import bp
from app.web.staff.openid import set_off


@bp.get("/security/openid")
@allows(*STAFF)
@steps.recently
def openid_add() -> ResponseReturnValue:
    """Say what adding an account means; and once its owner is back from the provider, which one it is."""
    outside.client_or_404()
    found = outside.held()
    mine = found if found and found[1].uuid == access.current_person().uuid else None
    return render_template(
        "staff/openid-add.html", provider=outside.provider_name(), shown=mine[0].shown if mine else None
    )


@bp.get("/security/openid/go")
@allows(*STAFF)
def openid_go() -> ResponseReturnValue:
    """Send the signed-in person to the provider, to come back with an account."""
    if not steps.is_proved():
        # Not by way of the password's form: that may lead to our own pages only.
        return redirect(url_for("staff.openid_add"))
    return set_off(who=access.current_person())


@bp.post("/security/openid")
@allows(*STAFF)
@steps.recently
def openid_keep() -> ResponseReturnValue:
    """Keep the account its owner came back with."""
    outside.client_or_404()
    found = outside.held()
    if found is None or found[1].uuid != access.current_person().uuid:
        flash("That took too long. Try again.", "note")
        return redirect(url_for("staff.openid_add"))
    begin_write(db.session())
    outside.keep(*found)
    db.session.commit()
    return redirect(url_for("staff.security"))


@bp.post("/security/openid/<uuid:link>/remove")
@allows(*STAFF)
@steps.recently
def openid_remove(link: UUID) -> ResponseReturnValue:
    """Take one of the signed-in person's accounts away. It stays theirs at the provider."""
    begin_write(db.session())
    try:
        gone = identity.end_link(db.session(), access.current_person().id, link, now=utc_now())
    except LastWayIn as error:
        db.session.rollback()
        flash(str(error), "note")
        return redirect(url_for("staff.security"))
    if gone:
        note_own("openid.ended")
        db.session.commit()
        flash("That account signs you in no longer.", "done")
    return redirect(url_for("staff.security"))
