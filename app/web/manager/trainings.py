"""The list of what is needed: taking up the usual one, adding, changing and ending a training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app import assessment, requirements
from app.config import Settings
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.providers import Role
from app.requirements import Asks, RequirementError, TrainingView
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager import concerns
from app.web.manager.blueprint import noted
from app.web.manager.concerns import EDIT, SAVE, Done, bp
from app.web.manager.library import library_of
from app.web.manager.needed_pages import (
    BASIS_WORDS,
    ELSEWHERE_WORDS,
    Choice,
    TrainingForm,
    TrainingRow,
    asks_of,
    fields_of,
    met_words,
    period_words,
)


@bp.get("")
@allows(Role.MANAGER)
def trainings() -> ResponseReturnValue:
    """Show the list, and how many people need each line. How far they are, the matrix says."""
    session, provider_id = db.session(), current_membership().provider.id
    profiles = requirements.profiles(session, provider_id)
    needing = requirements.how_many_need(session, provider_id, utc_now())
    found = requirements.trainings(session, provider_id)
    rows = tuple(TrainingRow.of(each, profiles, needing.get(each.uuid, 0)) for each in found)
    # What nobody needs is folded away, once somebody needs something.
    needed = tuple(row for row in rows if needing.get(row.uuid)) or rows
    return render_template(
        "manager/trainings.html",
        rows=rows,
        groups=(("", needed), ("Nobody needs these now", tuple(row for row in rows if row not in needed))),
        profiles=len(profiles),
    )


@bp.route("/usual", methods=["GET", "POST"])
@allows(Role.MANAGER)
def usual() -> ResponseReturnValue:
    """Show the usual list with where each period comes from; take it up."""
    provider_id = current_membership().provider.id
    found = requirements.read_usual(usual_folder())
    offered = library_of(provider_id).chains
    if request.method == "POST":
        begin_write(db.session())
        done = requirements.take_up(
            db.session(), provider_id, found, offered=offered, now=utc_now(), by=current_person().id
        )
        concerns.carry_out()
        if done.trainings or done.profiles:
            noted("list.taken-up", trainings=done.trainings, profiles=done.profiles)
        db.session.commit()
        flash(
            f"{words.count(done.trainings, 'training is', 'trainings are')} on your list now. "
            "Look at each period, and change what does not fit you.",
            "done",
        )
        return redirect(url_for("needed.trainings"))
    have = {each.usual for each in requirements.trainings(db.session(), provider_id)}
    rows = [
        {
            "title": line.asks.title,
            "basis": BASIS_WORDS[line.asks.basis],
            "driver": line.asks.driver,
            "period": period_words(line.asks.refresh_months).capitalize(),
            "source": line.asks.source,
            "have": line.key in have,
        }
        for line in found.trainings
    ]
    new = sum(not row["have"] for row in rows)
    made = [each.title for each in found.categories if each.offered]
    return render_template("manager/usual.html", rows=rows, new=new, made=words.listed(made))


@bp.route("/trainings/new", methods=["GET", "POST"])
@allows(Role.MANAGER)
def add_training() -> ResponseReturnValue:
    """Add a training: the form, whom it concerns, saved."""
    return _form(None)


@bp.route("/trainings/<uuid:training>", methods=["GET", "POST"])
@allows(Role.MANAGER)
def training(training: UUID) -> ResponseReturnValue:
    """Change a training: the form, whom it concerns, saved."""
    return _form(_training_or_404(training))


@bp.post("/trainings/<uuid:training>/end")
@allows(Role.MANAGER)
def end_training(training: UUID) -> ResponseReturnValue:
    """Take a training off the list, once it was shown whom that concerns."""
    view = _training_or_404(training)
    provider_id = current_membership().provider.id

    def change() -> None:
        requirements.end_training(db.session(), provider_id, view.uuid, now=utc_now())

    return concerns.end(
        f"Take {view.title} off the list?",
        "Take it off the list",
        change,
        form=url_for("needed.training", training=training),
        done=Done(
            action="training.ended",
            details={"training": str(view.uuid)},
            words=f"{view.title} is off your list. What was done stays in the records.",
            goes_to=url_for("needed.trainings"),
        ),
    )


def usual_folder() -> Path:
    """Return where the usual list lies."""
    settings: Settings = current_app.extensions["bv.settings"]
    return settings.content / "requirements"


def _training_or_404(uuid: UUID) -> TrainingView:
    known = requirements.trainings(db.session(), current_membership().provider.id)
    found = next((each for each in known if each.uuid == uuid), None)
    if found is None:
        abort(404)
    return found


def _form(view: TrainingView | None) -> ResponseReturnValue:
    """Show the form, show whom it concerns, or save: as the form's step asks."""
    provider_id = current_membership().provider.id
    known = requirements.profiles(db.session(), provider_id)
    if request.method == "GET":
        fields = fields_of(view)
        needing = {str(each.uuid) for each in known if view and view.uuid in each.trainings}
        return _show(view, fields, needing, Problems())
    fields, needing, problems = request.form, set(request.form.getlist("profiles")), Problems()
    asks = asks_of(fields, _shown(view, fields), problems)
    if asks is None or concerns.step() == EDIT:
        return _show(view, fields, needing, problems)
    try:
        if concerns.step() == SAVE:
            return _save(view, asks, needing)
        found = concerns.concerned_by(_change(view, asks, needing))
    except RequirementError as error:
        db.session.rollback()
        problems.add_error(error, "title")
        return _show(view, fields, needing, problems)
    title = f"Save {view.title}?" if view else f"Add {asks.title}?"
    return concerns.look_page(title, "Save" if view else "Add it", found, back="Go on changing it")


def _change(view: TrainingView | None, asks: Asks, needing: set[str]) -> Callable[[], UUID]:
    """Return what makes the change, the training and the profiles that are to need it; it returns the training."""
    provider_id, by, now = current_membership().provider.id, current_person().id, utc_now()

    def change() -> UUID:
        session = db.session()
        if view is None:
            uuid = requirements.add_training(session, provider_id, asks, now=now, by=by)
        else:
            uuid = view.uuid
            requirements.change_training(session, provider_id, uuid, asks, now=now, by=by)
        for profile in requirements.profiles(session, provider_id):
            wanted = str(profile.uuid) in needing
            if wanted != (uuid in profile.trainings):
                rest = [each for each in profile.trainings if each != uuid]
                requirements.change_profile(
                    session,
                    provider_id,
                    profile.uuid,
                    profile.title,
                    profile.category,
                    [*rest, uuid] if wanted else rest,
                    now=now,
                    by=by,
                )
        return uuid

    return change


def _save(view: TrainingView | None, asks: Asks, needing: set[str]) -> ResponseReturnValue:
    begin_write(db.session())
    uuid = _change(view, asks, needing)()
    concerns.carry_out()
    title = " ".join(asks.title.split())
    noted("training.changed" if view else "training.added", training=str(uuid))
    db.session.commit()
    flash(f"{title} is saved.", "done")
    return redirect(url_for("needed.trainings"))


def _show(
    view: TrainingView | None, fields: MultiDict[str, str], needing: Iterable[str], problems: Problems
) -> ResponseReturnValue:
    profiles = [
        Choice(
            id=f"profile-{each.uuid}",
            value=str(each.uuid),
            label=each.title,
            chosen=str(each.uuid) in set(needing),
        )
        for each in requirements.profiles(db.session(), current_membership().provider.id)
    ]
    page = render_template(
        "manager/training.html",
        view=view,
        now=met_words(view).capitalize() if view else "",
        form=_shown(view, fields),
        profiles=profiles,
        problems=problems,
        period=period_words,
    )
    return page, 400 if problems else 200


def _shown(view: TrainingView | None, fields: MultiDict[str, str]) -> TrainingForm:
    """Return what the form offers, with what is chosen."""
    library = library_of(current_membership().provider.id)
    chosen, seen = set(fields.getlist("modules")), set(fields.getlist("practice"))
    groups = [(heading, [(key, library.titles[key]) for key in keys]) for heading, keys in library.groups]
    gone = [each for each in (view.modules if view else ()) if each not in library.titles]
    if gone:
        groups.append(("No longer on offer here", [(key, key) for key in gone]))
    modules = [_group(heading, lines, "module", chosen) for heading, lines in groups]
    practice = [
        _group(
            f"Standard {each.number}: {each.title}",
            [(line.code, f"{line.code} {line.text}") for line in each.criteria],
            "practice",
            seen,
        )
        for each in assessment.practice_standards(db.session())
        if each.criteria
    ]
    return TrainingForm(
        fields=fields,
        bases=tuple(
            Choice(id=f"basis-{each.value}", value=each.value, label=said, chosen=fields.get("basis") == each.value)
            for each, said in BASIS_WORDS.items()
        ),
        elsewhere=tuple(
            Choice(
                id=f"elsewhere-{each.value}",
                value=each.value,
                label=said,
                hint=hint,
                chosen=fields.get("elsewhere") == each.value,
            )
            for each, (said, hint) in ELSEWHERE_WORDS.items()
        ),
        modules=tuple(modules),
        practice=tuple(practice),
    )


def _group(
    heading: str, lines: list[tuple[str, str]], kind: str, chosen: set[str]
) -> tuple[str, tuple[Choice, ...], int]:
    choices = tuple(
        Choice(id=f"{kind}-{value}", value=value, label=label, chosen=value in chosen) for value, label in lines
    )
    return heading, choices, sum(each.chosen for each in choices)
