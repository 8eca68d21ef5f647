"""Asking many people for modules: who, what, by when; what that changes; and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import compliance, learning, messages, providers
from app.compliance import Chains
from app.extensions import db
from app.kernel import day_of, utc_now
from app.learning import Plan
from app.messages import Reason, Suggestion
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import bp, noted
from app.web.manager.choosing import Choice, choice_of
from app.web.manager.days import typed, typed_day
from app.web.manager.library import Library, library_of

MOST_MODULES = 10
MOST_SUGGESTIONS = 6
# Until then it can be taken back in one go; later, person by person.
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """What asking changes for one module: a sentence, and the names in each part of it."""

    title: str
    sentence: str
    parts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, plan: Plan, *, titles: Mapping[str, str], names: Mapping[int, str]) -> PlanLine:
        """Put a plan into words."""
        until = f"in date until {words.day(plan.until)} or later" if plan.until else "for good"
        parts = [
            (f"{len(people)} {label}", people)
            for label, people in (
                ("new", plan.new),
                ("already asked", plan.asked),
                ("asked because their job needs it", plan.needed),
                (f"{'has' if len(plan.in_date) == 1 else 'have'} it {until}", plan.in_date),
            )
            if people
        ]
        everybody = sum(len(people) for _, people in parts)
        return cls(
            title=titles.get(plan.module, plan.module),
            sentence=f"{words.count(everybody, 'person', 'people')}: {', '.join(label for label, _ in parts)}",
            parts=tuple((label, ", ".join(names[person] for person in people)) for label, people in parts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionLine:
    """Something worth asking for or nudging about: its words, and where its button leads."""

    words: str
    names: str
    button: str
    href: str

    @classmethod
    def of(cls, found: Suggestion, *, titles: Mapping[str, str], people: Mapping[int, MemberView]) -> SuggestionLine:
        """Put a suggestion into words."""
        title, many = titles.get(found.module, found.module), words.count(len(found.people), "person", "people")
        names = ", ".join(people[each].name for each in found.people)
        if found.reason is Reason.RUNS_OUT:
            day = f", the first on {words.day(found.day)}" if found.day else ""
            return cls(
                words=f"{title}: {many} did it and nobody asks for the refresher. It runs out{day}.",
                names=names,
                button="Ask them",
                href=url_for("manager.ask_many", module=found.module, suggested=found.key),
            )
        return cls(
            words=f"{title}: {many} began it and left it for two weeks.",
            names=names,
            button="Nudge them",
            href=url_for("messages.nudge", suggested=found.key),
        )


@bp.route("/ask", methods=["GET", "POST"])
@allows(Role.MANAGER)
def ask_many() -> ResponseReturnValue:
    """Choose whom to ask for what; see what that changes; then ask."""
    provider_id, now = current_membership().provider.id, utc_now()
    library = library_of(provider_id)
    typed = request.form if request.method == "POST" else request.args
    choice = choice_of(provider_id, typed)
    modules = [key for key in dict.fromkeys(typed.getlist("module")) if key]
    suggestions: Sequence[Suggestion] = ()
    if request.method == "GET":
        suggestions = suggestions_of(provider_id, library.chains, now)
        choice = suggested(choice, suggestions)
    problems, due = Problems(), None
    plans: Sequence[Plan] = ()
    if request.method == "POST":
        due = _read(problems, choice, modules, library, now)
        if not problems:
            ids = [member.person_id for member in choice.chosen]
            plans = learning.plan_many(db.session(), provider_id, ids, modules, chains=library.chains, now=now)
        if plans and "ask" in request.form:
            return _ask(plans, choice, due, now)
    names = {member.person_id: member.name for member in choice.members}
    page = render_template(
        "manager/assign-many.html",
        problems=problems,
        choice=choice,
        modules=modules,
        due=typed.get("due", ""),
        groups=[(heading, [(key, library.titles[key]) for key in keys]) for heading, keys in library.groups],
        plans=[PlanLine.of(plan, titles=library.titles, names=names) for plan in plans],
        new=sum(len(plan.new) for plan in plans),
        asked=sum(len(plan.asked) for plan in plans),
        in_date=sum(len(plan.in_date) for plan in plans),
        people=len({person for plan in plans for person in plan.new}),
        suggestions=_lines(suggestions, library, choice),
    )
    return page, 400 if problems else 200


def _read(problems: Problems, choice: Choice, modules: list[str], library: Library, now: datetime) -> date | None:
    if not choice.chosen:
        problems.add("who", "Choose at least one person.")
    if not modules or any(key not in library.chains for key in modules):
        problems.add("module", "Pick a module from the list.")
    elif len(modules) > MOST_MODULES:
        problems.add("module", f"Pick at most {MOST_MODULES} at once. Nobody does more in one go.")
    due = typed_day(typed("due"), "due", problems, needed=False)
    if due and due < day_of(now):
        problems.add("due", "This day has passed. Pick today or later, or leave it empty.")
    return due


def _ask(plans: Sequence[Plan], choice: Choice, due: date | None, now: datetime) -> ResponseReturnValue:
    # By the second, as it stands in the address of the page where it can be taken back.
    now = now.replace(microsecond=0)
    pairs = learning.assign_many(
        db.session(),
        current_membership().provider.id,
        plans,
        due=due,
        now=now,
        by=current_person().id,
        change_dates="change-dates" in request.form,
        in_date_too="in-date-too" in request.form,
    )
    people = {member.person_id: member for member in choice.members}
    for person, module in pairs:
        noted("assignment.made", people[person], module=module, due=due.isoformat() if due else None)
    db.session.commit()
    if not pairs:
        flash("Nothing changed: everybody is asked already, or has it in date.", "note")
        return redirect(url_for("manager.ask_many"))
    return redirect(url_for("manager.asked_many", at=now.isoformat()))


@bp.get("/ask/done")
@allows(Role.MANAGER)
def asked_many() -> ResponseReturnValue:
    """Show what was asked of whom, and offer to take it back."""
    at, provider_id = _moment(request.args.get("at", "")), current_membership().provider.id
    if at is None:
        abort(404)
    found = learning.asked_at(db.session(), provider_id, at=at, by=current_person().id)
    titles = library_of(provider_id).titles
    names = {m.person_id: m.name for m in providers.list_members(db.session(), provider_id, with_ended=True)}
    asked: dict[str, list[str]] = {}
    for person, module, _ in found:
        asked.setdefault(titles.get(module, module), []).append(names.get(person, ""))
    due = next((each[2] for each in found), None)
    return render_template(
        "manager/assign-many-done.html",
        asked=[
            (title, words.count(len(people), "person", "people"), ", ".join(people)) for title, people in asked.items()
        ],
        due=words.day(due) if due else "",
        at=at.isoformat(),
        can_undo=utc_now() - at < UNDO_FOR,
    )


@bp.post("/ask/undo")
@allows(Role.MANAGER)
def undo_asking() -> ResponseReturnValue:
    """Take back what this manager asked many for at one moment."""
    at, provider_id, now = _moment(request.form.get("at", "")), current_membership().provider.id, utc_now()
    if at is None or now - at >= UNDO_FOR:
        flash("That was a while ago. Open a person to stop asking them for a module.", "note")
        return redirect(url_for("manager.ask_many"))
    pairs = learning.undo_asking(db.session(), provider_id, at=at, by=current_person().id, now=now)
    people = {m.person_id: m for m in providers.list_members(db.session(), provider_id, with_ended=True)}
    for person, module in pairs:
        noted("assignment.ended", people[person], module=module)
    db.session.commit()
    many = words.count(len({person for person, _ in pairs}), "person is", "people are")
    flash(f"Taken back: {many} asked as before." if pairs else "There was nothing to take back.", "done")
    return redirect(url_for("manager.ask_many"))


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _lines(found: Sequence[Suggestion], library: Library, choice: Choice) -> list[SuggestionLine]:
    people = {member.person_id: member for member in choice.members}
    return [SuggestionLine.of(each, titles=library.titles, people=people) for each in found[:MOST_SUGGESTIONS]]


def suggestions_of(provider_id: int, chains: Chains, now: datetime) -> Sequence[Suggestion]:
    """Return what is worth asking for. Of a big provider's people, what they sent just now may be missing."""
    session = db.session()
    people = len(providers.list_members(session, provider_id))
    found, _ = compliance.remembered(
        session,
        ("suggestions", provider_id, day_of(now)),
        lambda: messages.suggest(session, provider_id, chains=chains, now=now),
        people=lambda _: people,
        now=now,
    )
    return found


def suggested(choice: Choice, found: Sequence[Suggestion]) -> Choice:
    """Tick whom the suggestion in the address is about. It is named there, not its people: it is to be short."""
    wanted = next((each for each in found if each.key == request.args.get("suggested")), None)
    return choice if wanted is None else choice.with_ticked(wanted.people)
