"""Passes that only a wrong key gave: a manager lets each stand, or takes it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import learning, providers
from app.extensions import db
from app.kernel import utc_now
from app.learning import PassToDecide
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.manager.blueprint import bp, member_or_404, noted
from app.web.manager.library import library_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRow:
    """One pass to decide on. `person` and `record` are uuids; the rest is words."""

    person: UUID
    record: UUID
    name: str
    module: str
    day: str
    scores: str
    reason: str


def rows_of(
    passes: Iterable[PassToDecide], people: Iterable[MemberView], titles: Mapping[str, str]
) -> tuple[PassRow, ...]:
    """Make the page's rows. People who left stand there too: their record stays."""
    known = {member.person_id: member for member in people}
    return tuple(
        PassRow(
            person=known[each.person_id].person_uuid,
            record=each.record,
            name=known[each.person_id].name,
            module=titles.get(each.module, each.module),
            day=words.on(each.at),
            scores=f"{each.old_score}% then, {each.new_score}% with the right answer",
            reason=each.reason,
        )
        for each in passes
        if each.person_id in known
    )


@bp.get("/corrections")
@allows(Role.MANAGER)
def corrections() -> ResponseReturnValue:
    """Show the passes that wait for a decision."""
    provider_id = current_membership().provider.id
    session = db.session()
    page = rows_of(
        learning.passes_to_decide(session, provider_id),
        providers.list_members(session, provider_id, with_ended=True),
        library_of(provider_id).titles,
    )
    return render_template("manager/corrections.html", page=page)


@bp.post("/<uuid:person>/passes/<uuid:record>")
@allows(Role.MANAGER)
def decide_pass(person: UUID, record: UUID) -> ResponseReturnValue:
    """Let a pass stand or take it away; what was answered stays in the record either way."""
    member = member_or_404(person)
    stands = request.form.get("decision") != "take"
    why_not = providers.why_not_own(db.session(), member.provider_id, member.person_id, current_person().id)
    if stands and why_not:
        flash(why_not, "note")
        return redirect(url_for("manager.corrections"))
    decided = learning.decide_pass(
        db.session(),
        current_membership().provider.id,
        member.person_id,
        record,
        stands=stands,
        now=utc_now(),
        by=current_person().id,
    )
    if decided is not None:
        noted("pass.kept" if stands else "pass.taken", member, module=decided.module)
    db.session.commit()
    if decided is None:
        flash("That was decided already.", "note")
    else:
        title = library_of(current_membership().provider.id).titles.get(decided.module, decided.module)
        done = f"{member.name} keeps the pass of {title}." if stands else f"{member.name} is to take {title} again."
        flash(done, "done")
    return redirect(url_for("manager.corrections"))
