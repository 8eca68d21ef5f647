"""What a person carries: their credentials, and revoking one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import credentials
from app.credentials import CredentialError, CredentialView
from app.extensions import db
from app.kernel import begin_write, day_of, utc_now
from app.providers import Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import bp, member_or_404, noted
from app.web.public.credentials import site


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRow:
    """One credential in words; `sign` and `look` belong to `state`."""

    uuid: UUID
    name: str
    issued: str
    state: str
    sign: str
    look: str
    until: str
    live: bool

    @classmethod
    def of(cls, view: CredentialView) -> CredentialRow:
        """Choose the words."""
        state, until = ("Valid", "tick", "done"), ""
        if view.valid_until is not None:
            until = f"until {words.day(day_of(view.valid_until))}"
            if view.valid_until < utc_now():
                state = ("Out of date", "clock", "late")
        if view.revoked_at is not None:
            state = ("Revoked", "dash", "late")
            until = f"on {words.day(day_of(view.revoked_at))}: {view.revoked_reason}"
        return cls(
            uuid=view.uuid,
            name=view.name,
            issued=words.day(day_of(view.issued_at)),
            state=state[0],
            sign=state[1],
            look=state[2],
            until=until,
            live=view.revoked_at is None,
        )


@bp.route("/<uuid:person>/credentials", methods=["GET", "POST"])
@allows(Role.MANAGER)
def credentials_page(person: UUID) -> ResponseReturnValue:
    """List what was issued to somebody; revoke one, with a reason."""
    member, problems = member_or_404(person), Problems()
    chosen, reason, anew = (request.form.get(name, "") for name in ("credential", "reason", "anew"))
    if request.method == "POST":
        begin_write(db.session())
        try:
            if not chosen:
                raise CredentialError("Choose the one to revoke.", field="credential")
            credentials.revoke(
                db.session(),
                current_membership().provider.id,
                UUID(chosen),
                reason,
                by=current_person().id,
                now=utc_now(),
                person_id=member.person_id,
                anew=bool(anew),
            )
        except (CredentialError, ValueError) as refused:
            db.session.rollback()
            where = getattr(refused, "field", None) or "credential"
            known = isinstance(refused, CredentialError)
            problems.add(where, str(refused) if known else "Choose the one to revoke.")
        else:
            noted("credential.revoked", member, credential=chosen, anew=bool(anew))
            db.session.commit()
            flash("Revoked. Whoever checks it from now on is told so.", "done")
            return redirect(url_for("manager.credentials_page", person=person))
    views = credentials.credentials_of(db.session(), current_membership().provider.id, [member.person_id])
    html = render_template(
        "manager/credentials.html",
        member=member,
        rows=[CredentialRow.of(view) for view in views],
        possible=site() is not None,
        problems=problems,
        chosen=chosen,
        reason=reason,
        anew=anew,
    )
    return html, 400 if problems else 200
