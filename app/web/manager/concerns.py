"""Whom a change of what is needed concerns, shown before it is saved: it is done, looked at, and undone again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app import requirements
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.requirements import Board, Cell, CellStatus, TrainingView
from app.web import words
from app.web.access import current_membership, current_person
from app.web.manager.blueprint import noted
from app.web.manager.library import library_of

# Lists, profiles and exceptions; what concerns one person stands under that person's address.
bp = Blueprint("needed", __name__, url_prefix="/staff/needed")

# How many trainings are named of one person before they are only counted.
NAMED = 3
LOOK, SAVE, EDIT = "look", "save", "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonConcerned:
    """One person and what changes for them, in words."""

    uuid: UUID
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Whom a change concerns. `summary` says it in one line."""

    summary: str
    people: tuple[PersonConcerned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What is noted of something that was done, what is said, and where one goes."""

    action: str
    details: Mapping[str, str]
    words: str
    goes_to: str


def concerned_by(change: Callable[[], object]) -> Concerned:
    """Say whom a change would concern. Nothing of it stays. Raises what the change raises."""
    session, provider_id = db.session(), current_membership().provider.id
    chains = library_of(provider_id).chains
    before = _asked(provider_id)
    try:
        change()
        session.flush()
        touched = _touched(before, _asked(provider_id))
        after = requirements.board(session, provider_id, now=utc_now(), trainings=touched, chains=chains)
    finally:
        session.rollback()
    return concerned(requirements.board(session, provider_id, now=utc_now(), trainings=touched, chains=chains), after)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the list asks, and of whom since when."""

    trainings: Mapping[UUID, TrainingView]
    since: Mapping[tuple[int, UUID], datetime]


def _asked(provider_id: int) -> _Asked:
    session, now = db.session(), utc_now()
    return _Asked(
        trainings={each.uuid: each for each in requirements.trainings(session, provider_id)},
        since=requirements.needed_since(session, provider_id, now),
    )


def _touched(before: _Asked, after: _Asked) -> set[UUID]:
    """Return the trainings that ask something else, or ask it of others."""
    lists = before.trainings.keys() | after.trainings.keys()
    pairs = before.since.keys() | after.since.keys()
    return {each for each in lists if before.trainings.get(each) != after.trainings.get(each)} | {
        pair[1] for pair in pairs if before.since.get(pair) != after.since.get(pair)
    }


def concerned(before: Board, after: Board) -> Concerned:
    """Compare two boards, person by person."""
    titles = {each.uuid: each.title for each in (*before.trainings, *after.trainings)}
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for person in before.cells.keys() | after.cells.keys():
        then, now = before.cells.get(person, {}), after.cells.get(person, {})
        for training in then.keys() | now.keys():
            what = _what(then.get(training), now.get(training))
            if what:
                found[person][what].append(titles[training])
    people = tuple(
        PersonConcerned(
            uuid=member.person_uuid,
            name=member.name,
            lines=tuple(
                f"{what}: {_named(sorted(each, key=str.casefold))}"
                for what, each in sorted(found[member.person_id].items())
            ),
        )
        for member in after.people
        if member.person_id in found
    )
    number = len(people)
    summary = (
        f"This concerns {words.count(number, 'person', 'people')}." if number else "Nothing changes for anybody today."
    )
    return Concerned(summary=summary, people=people)


def look_page(title: str, save: str, found: Concerned, *, back: str) -> ResponseReturnValue:
    """Show whom it concerns, with the form carried along, for saving it or going on with it."""
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")]
    return render_template("manager/concerns.html", title=title, save=save, found=found, carried=carried, back=back)


def end(title: str, save: str, change: Callable[[], object], *, form: str, done: Done) -> ResponseReturnValue:
    """End something once it was shown whom that concerns. `form`: the address to go on changing it instead."""
    if step() == EDIT:
        return redirect(form)
    if step() != SAVE:
        return look_page(title, save, concerned_by(change), back="")
    begin_write(db.session())
    change()
    carry_out()
    noted(done.action, None, **done.details)
    db.session.commit()
    flash(done.words, "done")
    return redirect(done.goes_to)


def carry_out(people: Collection[int] | None = None) -> None:
    """Bring assignments into line after a change, of these people alone where it concerns no others. Caller commits."""
    provider_id, by = current_membership().provider.id, current_person().id
    requirements.carry_out(db.session(), provider_id, utc_now(), by=by, people=people)


def step() -> str:
    """Return what the form asks for: to look, to save, or to go on editing."""
    found = request.form.get("step", LOOK)
    return found if found in (LOOK, SAVE, EDIT) else LOOK


def _what(old: Cell | None, new: Cell | None) -> str:
    if new is None or new.status is CellStatus.NOT_NEEDED:
        return "No longer needs" if old is not None and old.status is not CellStatus.NOT_NEEDED else ""
    if old is None or old.status is CellStatus.NOT_NEEDED:
        return f"Needs, by {words.day(new.due)}" if new.due else "Needs, and has it"
    if old.status is not new.status and new.status is CellStatus.OVERDUE:
        return "Becomes overdue"
    if old.due != new.due:
        if new.due is None:
            return "Need not take again"
        sooner = old.due is None or new.due < old.due
        return f"Is due {'sooner' if sooner else 'later'}, by {words.day(new.due)}"
    return "" if old.status is new.status else "Stands elsewhere than before"


def _named(titles: Iterable[str]) -> str:
    known = list(titles)
    if len(known) > NAMED:
        return f"{words.listed(known[:NAMED]).replace(' and ', ', ')} and {len(known) - NAMED} more"
    return words.listed(known)
