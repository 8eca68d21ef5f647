"""Writing meetings down: one person's, and a team's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers, supervision
from app.extensions import db
from app.kernel import DomainError, utc_now
from app.providers import MemberView, Role
from app.supervision import LONGEST_NOTES, MeetingKind, NewAction, NewMeeting
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.days import typed, typed_day
from app.web.manager.supervision.blueprint import bp, today
from app.web.manager.supervision.pages import KINDS
from app.web.manager.supervision.person import page_of

ACTIONS = 4
FIELDS = ("kind", "held_on", "led_by", "led_by_other", "shared", "private", "next_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What the form of a meeting shows: values by field."""

    values: dict[str, str]

    @classmethod
    def fresh(cls, kind: MeetingKind) -> _Form:
        own = str(current_person().uuid)
        return cls(values={"kind": kind.value, "held_on": today().isoformat(), "led_by": own})

    @classmethod
    def typed(cls) -> _Form:
        actions = [f"action-{n}{part}" for n in range(1, ACTIONS + 1) for part in ("", "-due")]
        return cls(values={name: typed(name) for name in (*FIELDS, *actions)})

    @classmethod
    def again(cls, person_id: int, meeting: str) -> _Form | None:
        """Fill the form with a meeting there is, to be written again."""
        found = next(
            (
                each
                for each in supervision.meetings_of(
                    db.session(), current_membership().provider.id, [person_id], with_taken_out=True
                )
                if str(each.uuid) == meeting
            ),
            None,
        )
        if found is None:
            return None
        values = {
            "kind": found.kind.value,
            "held_on": found.held_on.isoformat(),
            "led_by_other": found.led_by,
            "shared": found.shared,
            "private": found.private,
            "next_on": found.next_on.isoformat() if found.next_on else "",
        }
        for number, action in enumerate(found.actions[:ACTIONS], 1):
            values[f"action-{number}"] = action.text
            values[f"action-{number}-due"] = action.due.isoformat() if action.due else ""
        return cls(values=values)


@bp.route("/<uuid:person>/new", methods=["GET", "POST"])
@allows(Role.MANAGER)
def new_meeting(person: UUID) -> ResponseReturnValue:
    """Write a meeting with a person down."""
    member = member_or_404(person)
    asked = request.args.get("kind", "")
    kind = MeetingKind(asked) if asked in {each.value for each in MeetingKind} else MeetingKind.SUPERVISION
    form = _Form.again(member.person_id, request.args.get("again", "")) or _Form.fresh(kind)
    problems = Problems()
    if request.method == "POST":
        form = _Form.typed()
        new = _read(problems)
        if new is not None and _kept([member.person_id], new, problems):
            noted("meeting.recorded", member, kind=new.kind.value)
            db.session.commit()
            flash(f"Written down. {member.name} sees the shared part on their phone.", "done")
            return redirect(url_for("supervision.person", person=person))
        db.session.rollback()
    page = render_template("manager/supervision/meeting.html", member=member, **_shown(form, problems))
    return page, 400 if problems else 200


@bp.route("/team", methods=["GET", "POST"])
@allows(Role.MANAGER)
def team_meeting() -> ResponseReturnValue:
    """Write a team meeting down for everybody who came."""
    form, problems = _Form.fresh(MeetingKind.TEAM), Problems()
    members = providers.list_members(db.session(), current_membership().provider.id)
    came = set(request.form.getlist("came"))
    if request.method == "POST":
        form = _Form.typed()
        new = _read(problems)
        people = [each.person_id for each in members if str(each.person_uuid) in came or "everybody" in request.form]
        if not people:
            problems.add("everybody", "Tick who came.")
        if new is not None and people and _kept(people, new, problems):
            noted("meeting.team-recorded", people=len(people))
            db.session.commit()
            flash("Written down for everybody who came.", "done")
            return redirect(url_for("supervision.overview"))
        db.session.rollback()
    page = render_template(
        "manager/supervision/team.html",
        members=[(str(each.person_uuid), each.name, str(each.person_uuid) in came) for each in members],
        everybody="everybody" in request.form,
        **_shown(form, problems),
    )
    return page, 400 if problems else 200


@bp.post("/<uuid:person>/meetings/<uuid:meeting>/take-out")
@allows(Role.MANAGER)
def take_out(person: UUID, meeting: UUID) -> ResponseReturnValue:
    """Take a meeting out of the record, with a reason. It stays readable."""
    member = member_or_404(person)
    problems = Problems()
    reason = typed("reason")
    try:
        found = supervision.take_out_meeting(
            db.session(),
            current_membership().provider.id,
            member.person_id,
            meeting,
            reason,
            now=utc_now(),
            by=current_person().id,
        )
    except DomainError as error:
        problems.add(f"reason-{meeting}", str(error))
        return page_of(member, problems, {f"reason-{meeting}": reason})
    if found is None:
        abort(404)
    noted("meeting.taken-out", member, kind=found.kind)
    db.session.commit()
    flash("Taken out. It stands below with your reason. You can write it again.", "done")
    return redirect(url_for("supervision.person", person=person))


@bp.post("/<uuid:person>/actions/<uuid:action>/done")
@allows(Role.MANAGER)
def action_done(person: UUID, action: UUID) -> ResponseReturnValue:
    """Note that something agreed is done, today."""
    member = _with_action(person, action)
    provider_id, me = current_membership().provider.id, current_person().id
    supervision.tick(
        db.session(), provider_id, member.person_id, action, on=today(), now=utc_now(), today=today(), by=me
    )
    noted("agreed.done", member)
    db.session.commit()
    flash("Done. A mistake? Open it again below.", "done")
    return redirect(url_for("supervision.person", person=person))


@bp.post("/<uuid:person>/actions/<uuid:action>/open")
@allows(Role.MANAGER)
def action_open(person: UUID, action: UUID) -> ResponseReturnValue:
    """Note that something agreed is not done after all."""
    member = _with_action(person, action)
    provider_id, me = current_membership().provider.id, current_person().id
    if supervision.untick(db.session(), provider_id, member.person_id, action, now=utc_now(), by=me):
        noted("agreed.opened", member)
    db.session.commit()
    return redirect(url_for("supervision.person", person=person))


def _with_action(person: UUID, action: UUID) -> MemberView:
    member = member_or_404(person)
    if not supervision.has_action(db.session(), current_membership().provider.id, member.person_id, action):
        abort(404)
    return member


def _shown(form: _Form, problems: Problems) -> dict[str, object]:
    members = providers.list_members(db.session(), current_membership().provider.id)
    return {
        "problems": problems,
        "form": form.values,
        "kinds": [(kind.value, KINDS[kind]) for kind in MeetingKind if kind is not MeetingKind.TEAM],
        "leaders": [(str(each.person_uuid), each.name) for each in members],
        "actions": range(1, ACTIONS + 1),
        "longest": LONGEST_NOTES,
        "today": today().isoformat(),
    }


def _read(problems: Problems) -> NewMeeting | None:
    """Return what was typed; None, with the problems noted, when it cannot be read."""
    kind = request.form.get("kind", "")
    if kind not in {each.value for each in MeetingKind}:
        problems.add("kind", "Pick what it was.")
    held_on = typed_day(typed("held_on"), "held_on", problems)
    next_on = typed_day(typed("next_on"), "next_on", problems, needed=False)
    actions = []
    for number in range(1, ACTIONS + 1):
        text, day = typed(f"action-{number}"), f"action-{number}-due"
        due = typed_day(typed(day), day, problems, needed=False)
        if text or due:
            actions.append((number, NewAction(text=text, due=due)))
            if not text:
                problems.add(f"action-{number}", "Say what was agreed, or empty the day.")
    other = typed("led_by_other")[:120]
    leader = None
    if not other and (who := _uuid(typed("led_by"))):
        leader = providers.find_member(db.session(), current_membership().provider.id, who)
    if problems or held_on is None:
        return None
    return NewMeeting(
        kind=MeetingKind(kind),
        held_on=held_on,
        led_by=leader.person_id if leader else None,
        led_by_other=other,
        shared=typed("shared"),
        private=typed("private"),
        next_on=next_on,
        actions=tuple(action for _, action in actions),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _kept(people: Collection[int], new: NewMeeting, problems: Problems) -> bool:
    try:
        supervision.record_meeting(
            db.session(),
            current_membership().provider.id,
            people,
            new,
            now=utc_now(),
            today=today(),
            by=current_person().id,
        )
    except DomainError as error:
        problems.add_error(error, "shared")
        return False
    return True
