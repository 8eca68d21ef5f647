"""Where staff land, and which provider they are working for."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.providers import Role
from app.web import access
from app.web.access import STAFF, allows
from app.web.staff.blueprint import bp


@bp.get("/")
@allows(*STAFF)
def home() -> ResponseReturnValue:
    """Send people to the page they most often want."""
    manager = Role.MANAGER in access.current_membership().roles
    return redirect(url_for("manager.people" if manager else "trainer.modules"))


@bp.route("/provider", methods=["GET", "POST"])
@allows(*STAFF)
def choose_provider() -> ResponseReturnValue:
    """Let somebody with places at several providers say which one they are working for now."""
    places = [m for m in access.current_memberships() if m.roles & set(STAFF)]
    if request.method == "POST":
        wanted = request.form.get("provider")
        if wanted not in {str(m.provider.uuid) for m in places}:
            abort(404)
        session["provider"] = wanted
        return redirect(url_for("staff.home"))
    here = access.current_membership()
    return render_template("manager/choose-provider.html", places=places, here=here)
