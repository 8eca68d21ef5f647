"""A person's data as a whole: a copy of it, and erasing somebody who has left."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import privacy
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.web.access import actor, allows, current_membership, current_person
from app.web.downloads import zip_of
from app.web.forms import Problems
from app.web.manager.blueprint import bp, member_or_404, noted


@bp.post("/<uuid:person>/everything")
@allows(Role.MANAGER)
def everything(person: UUID) -> ResponseReturnValue:
    """Give the manager a copy of everything about a person that concerns their provider."""
    member = member_or_404(person)
    noted("data.exported", member)
    db.session.commit()
    return zip_of(member.person_id, [current_membership().provider.id])


@bp.route("/<uuid:person>/erase", methods=["GET", "POST"])
@allows(Role.MANAGER)
def erase(person: UUID) -> ResponseReturnValue:
    """Say what goes and what stays, and erase once the name was typed. Only somebody who has left, never oneself."""
    member = member_or_404(person)
    if member.ended is None or member.person_id == current_person().id:
        abort(404)
    problems = Problems()
    if request.method == "POST":
        if " ".join(request.form.get("name", "").split()).casefold() != member.name.casefold():
            problems.add("name", f"Type {member.name} to erase them.")
        else:
            privacy.erase(db.session(), current_membership().provider, member, actor=actor(), now=utc_now())
            db.session.commit()
            flash("Erased. Their own phone keeps its copy.", "done")
            return redirect(url_for("manager.people"))
    page = render_template("manager/erase.html", member=member, problems=problems)
    return page, 400 if problems else 200
