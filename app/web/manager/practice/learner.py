"""A learner's practice, by standard: each criterion, everything that was seen, and sign-off; and what they wrote.

A manager sees all of it. An assessor sees what the learner wrote for their assessor, and decides nothing here.
"""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import assessment, learning, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.pages import LearnerPage
from app.web.manager.practice.written import WrittenSection, written_by


@bp.get("/<uuid:person>")
@allows(Role.MANAGER, Role.ASSESSOR)
def learner(person: UUID) -> ResponseReturnValue:
    """Show one learner's practice; to an assessor, what they wrote for them."""
    if Role.MANAGER in current_membership().roles:
        return learner_page(person, Problems())
    member = member_or_404(person)
    return render_template("manager/practice/written.html", member=member, written=_written(member))


@bp.get("/written")
@allows(Role.MANAGER, Role.ASSESSOR)
def written() -> ResponseReturnValue:
    """List the learners who wrote something for their assessor."""
    session, provider_id = db.session(), current_membership().provider.id
    counts = learning.shared_by_person(session, provider_id)
    members = [each for each in providers.list_members(session, provider_id) if each.person_id in counts]
    return render_template("manager/practice/writers.html", members=members, counts=counts)


def _written(member: MemberView) -> WrittenSection:
    everything = request.args.get("written") == "all"
    return written_by(current_membership().provider.id, member.person_id, everything=everything)


def learner_page(person: UUID, problems: Problems) -> ResponseReturnValue:
    """Return the page, with what has to be mended in one of its forms."""
    member = member_or_404(person)
    session, provider_id, me = db.session(), current_membership().provider.id, member.person_id
    views = assessment.observations_of(session, provider_id, [me])
    shown, not_yet = assessment.shown_and_not_yet(views)
    registered = providers.registered_manager(session, provider_id)
    page = LearnerPage.of_learner(
        person=member.person_uuid,
        name=member.name,
        me=current_person().uuid,
        alone=not providers.others_who_manage(session, provider_id, current_person().id),
        standings=assessment.standards_of(session, provider_id, [me], now=utc_now(), shown=shown)[me],
        framework=assessment.practice_standards(session),
        views=views,
        shown=shown.get(me, {}),
        not_yet=not_yet.get(me, {}),
        sign_offs=assessment.sign_offs_of(session, provider_id, [me]).get(me, ()),
        registered=(registered.person_uuid, registered.name) if registered else None,
    )
    html = render_template(
        "manager/practice/learner.html", page=page, written=_written(member), problems=problems, form=request.form
    )
    return html, 400 if problems else 200
