"""What is due next over all people, and how often meetings are held."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers, supervision
from app.extensions import db
from app.kernel import DomainError, day_of, utc_now
from app.providers import Role
from app.supervision import MeetingKind, Period, Unit
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import noted
from app.web.manager.days import typed
from app.web.manager.supervision.blueprint import bp, today
from app.web.manager.supervision.pages import KINDS, OverviewPage, period_words


@bp.get("")
@allows(Role.MANAGER)
def overview() -> ResponseReturnValue:
    """Show whose meetings are due, the nearest first; `?all=1` shows everybody."""
    session, provider_id, everyone = db.session(), current_membership().provider.id, "all" in request.args
    members = providers.list_members(session, provider_id)
    due = supervision.due_of(
        session, provider_id, {each.person_id: day_of(each.started) for each in members}, today=today()
    )
    periods = supervision.periods_of(session, provider_id)
    return render_template(
        "manager/supervision/overview.html",
        page=OverviewPage.of(members, due, everyone=everyone),
        everyone=everyone,
        periods=[(KINDS[kind], period_words(period)) for kind, period in periods.items() if period.every is not None],
    )


@bp.route("/periods", methods=["GET", "POST"])
@allows(Role.MANAGER)
def periods() -> ResponseReturnValue:
    """Set how often each kind of meeting is held, by the provider's own policy."""
    session, provider_id = db.session(), current_membership().provider.id
    problems = Problems()
    current = supervision.periods_of(session, provider_id)
    shown = {kind: (str(each.every or ""), each.unit.value) for kind, each in current.items()}
    if request.method == "POST":
        shown = {kind: (typed(kind.value), typed(f"{kind.value}-unit")) for kind in MeetingKind}
        changed = _set(provider_id, shown, problems)
        if not problems:
            if changed:
                noted("supervision.periods-set")
            db.session.commit()
            flash("Saved. What is due next follows from it.", "done")
            return redirect(url_for("supervision.overview"))
        db.session.rollback()
    page = render_template(
        "manager/supervision/periods.html",
        problems=problems,
        rows=[(kind.value, KINDS[kind], *shown[kind]) for kind in MeetingKind],
        units=[(unit.value, unit.value) for unit in Unit],
    )
    return page, 400 if problems else 200


def _set(provider_id: int, shown: dict[MeetingKind, tuple[str, str]], problems: Problems) -> bool:
    changed = False
    for kind, (every, unit) in shown.items():
        if every and not (every.isascii() and every.isdigit() and len(every) < 6):
            problems.add(kind.value, "Type a whole number, or leave it empty.")
            continue
        period = Period(
            every=int(every) if every else None, unit=Unit(unit) if unit in Unit.__members__.values() else Unit.WEEKS
        )
        try:
            changed |= supervision.set_period(
                db.session(), provider_id, kind, period, now=utc_now(), by=current_person().id
            )
        except DomainError as error:
            problems.add_error(error, kind.value)
    return changed
