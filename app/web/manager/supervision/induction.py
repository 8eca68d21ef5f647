"""The induction and shadowing checklist: ticking it for one person, printing it, and changing its lines."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers, supervision
from app.extensions import db
from app.kernel import DomainError, utc_now
from app.providers import MemberView, Role
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.days import typed, typed_day
from app.web.manager.supervision.blueprint import bp, today
from app.web.manager.supervision.pages import LineRow, how_far

NEW_LINES = 3


@bp.route("/<uuid:person>/induction", methods=["GET", "POST"])
@allows(Role.MANAGER)
def induction(person: UUID) -> ResponseReturnValue:
    """Show a person's checklist, to print too; tick what was done on a day."""
    member = member_or_404(person)
    problems = Problems()
    if request.method == "POST":
        done = _ticked(member, problems)
        if not problems:
            db.session.commit()
            flash(f"{done} ticked.", "done")
            return redirect(url_for("supervision.induction", person=person))
        db.session.rollback()
    session, provider = db.session(), current_membership().provider
    lines = supervision.inductions_of(session, provider, [member.person_id])[member.person_id]
    page = render_template(
        "manager/supervision/induction.html",
        member=member,
        provider=provider.name,
        problems=problems,
        lines=[LineRow.of(line) for line in lines],
        progress=how_far(lines),
        people=[(str(each.person_uuid), each.name) for each in providers.list_members(session, provider.id)],
        on=request.form.get("on", today().isoformat()),
        with_whom=request.form.get("with", str(current_person().uuid)),
        chosen=set(request.form.getlist("items")),
    )
    return page, 400 if problems else 200


def _ticked(member: MemberView, problems: Problems) -> int:
    """Tick the chosen lines; return how many."""
    session, provider, me = db.session(), current_membership().provider, current_person().id
    on = typed_day(typed("on"), "on", problems)
    titles = {str(item.uuid): item for item in supervision.items_of(session, provider)}
    chosen = [titles[each] for each in request.form.getlist("items") if each in titles]
    if not chosen:
        problems.add("on", "Tick at least one line, then save.")
    if problems or on is None:
        return 0
    people = {str(each.person_uuid): each.person_id for each in providers.list_members(session, provider.id)}
    for item in chosen:
        try:
            supervision.tick(
                session,
                provider.id,
                member.person_id,
                item.uuid,
                on=on,
                now=utc_now(),
                today=today(),
                by=me,
                with_id=people.get(request.form.get("with", "")),
            )
        except DomainError as error:
            problems.add_error(error, "on")
            return 0
        noted("induction.ticked", member)
    return len(chosen)


@bp.post("/<uuid:person>/induction/<uuid:item>/open")
@allows(Role.MANAGER)
def open_again(person: UUID, item: UUID) -> ResponseReturnValue:
    """Take a tick back."""
    member = member_or_404(person)
    session, provider = db.session(), current_membership().provider
    lines = supervision.inductions_of(session, provider, [member.person_id])[member.person_id]
    line = next((each for each in lines if each.item.uuid == item), None)
    if line is None:
        abort(404)
    if supervision.untick(session, provider.id, member.person_id, item, now=utc_now(), by=current_person().id):
        noted("induction.unticked", member)
    db.session.commit()
    return redirect(url_for("supervision.induction", person=person))


@bp.route("/checklist", methods=["GET", "POST"])
@allows(Role.MANAGER)
def checklist() -> ResponseReturnValue:
    """Change the lines of the provider's checklist: their words, their order, new ones, those to leave out."""
    session, provider = db.session(), current_membership().provider
    items = supervision.items_of(session, provider)
    problems = Problems()
    rows = [(str(item.uuid), item.title, str(place), item.fixed) for place, item in enumerate(items, 1)]
    new = [""] * NEW_LINES
    if request.method == "POST":
        rows = [
            (uuid, typed(f"title-{uuid}") if f"title-{uuid}" in request.form else title, typed(f"place-{uuid}"), fixed)
            for uuid, title, _, fixed in rows
        ]
        new = [typed(f"new-{number}") for number in range(1, NEW_LINES + 1)]
        wanted = _in_order(rows, problems)
        lines = [(UUID(uuid), title) for uuid, title in wanted] + [(None, title) for title in new if title]
        changed = False
        if not problems:
            try:
                changed = supervision.set_items(session, provider, lines, now=utc_now(), by=current_person().id)
            except DomainError as error:
                problems.add("list", str(error))
        if not problems:
            if changed:
                noted("induction.list-changed")
            db.session.commit()
            flash("Saved. What was ticked before stays in everybody's record.", "done")
            return redirect(url_for("supervision.checklist"))
        db.session.rollback()
    page = render_template("manager/supervision/checklist.html", problems=problems, rows=rows, new=new)
    return page, 400 if problems else 200


def _in_order(rows: list[tuple[str, str, str, bool]], problems: Problems) -> list[tuple[str, str]]:
    """Return (uuid, words) by the numbers beside them; lines of one number stay in the order they had."""
    places = []
    for uuid, title, place, fixed in rows:
        if not (place.isascii() and place.isdigit() and len(place) < 5):
            problems.add(f"place-{uuid}", "Type a number: 1 is the first line.")
        if fixed and not title:
            problems.add(f"title-{uuid}", "This line stays: the first visit alone is what figures are made of.")
        places.append((int(place) if place.isascii() and place.isdigit() and len(place) < 5 else 0, uuid, title))
    return [(uuid, title) for _, uuid, title in sorted(places, key=lambda each: each[0])]
