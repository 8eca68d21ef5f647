"""Presenters of what is needed: the words of the list, of one training's form, and of profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.requirements import Asks, Basis, Elsewhere, ProfileView, TrainingView
from app.web import words
from app.web.forms import Problems

BASIS_WORDS = {
    Basis.STATUTORY: "The law asks for it",
    Basis.MANDATORY: "Guidance or you ask for it",
    Basis.ROLE: "The role needs it",
    Basis.NEED: "The people you support need it",
    Basis.OWN: "Your own idea",
}
ELSEWHERE_WORDS = {
    Elsewhere.NO: ("No", "Only what is done here counts."),
    Elsewhere.INSTEAD: ("Yes, instead of the modules", "A certificate you accept is enough."),
    Elsewhere.NEEDED: ("There must be one", "The modules alone are not enough."),
}
DEFAULTS = {
    "refresh_months": "",
    "window_days": "90",
    "grace_days": "0",
    "first_due_days": "84",
}
NUMBERS = ("refresh_months", "window_days", "grace_days", "first_due_days")


def period_words(months: int | None) -> str:
    """Return how often something is taken again: "every 3 years", "every 18 months"."""
    if months is None:
        return "no period of yours"
    if months % 12 == 0:
        return "every year" if months == 12 else f"every {months // 12} years"
    return "every month" if months == 1 else f"every {months} months"


def met_words(training: TrainingView) -> str:
    """Return what meets a training: "2 modules, or a certificate", "a certificate and 1 thing seen at work"."""
    parts = []
    if training.modules:
        parts.append(words.count(len(training.modules), "module", "modules"))
    if training.elsewhere is Elsewhere.NEEDED or (training.elsewhere is Elsewhere.INSTEAD and not training.modules):
        parts.append("a certificate from elsewhere")
    if training.practice:
        parts.append(f"{words.count(len(training.practice), 'thing', 'things')} seen at work")
    met = words.listed(parts)
    either = training.elsewhere is Elsewhere.INSTEAD and bool(training.modules)
    return f"{met}; a certificate may stand in for the modules" if either else met


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """One line of the list."""

    uuid: UUID
    title: str
    basis: str
    driver: str
    period: str
    source: str
    met: str
    profiles: str
    people: str

    @classmethod
    def of(cls, training: TrainingView, profiles: Sequence[ProfileView], number: int) -> TrainingRow:
        """Make the row of one training that so many people need."""
        needing = [each.title for each in profiles if training.uuid in each.trainings]
        return cls(
            uuid=training.uuid,
            title=training.title,
            basis=BASIS_WORDS[training.basis],
            driver=training.driver,
            period=period_words(training.refresh_months).capitalize(),
            source=training.source,
            met=met_words(training).capitalize(),
            profiles=words.listed(needing) if needing else "",
            people=f"{words.count(number, 'person needs', 'people need')} it" if number else "Nobody needs it yet",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to tick. `id` is the field's id."""

    id: str
    value: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingForm:
    """What stands in a training's form, as it was typed. Groups: a heading, its choices, how many are ticked."""

    fields: Mapping[str, str]
    bases: tuple[Choice, ...]
    elsewhere: tuple[Choice, ...]
    modules: tuple[tuple[str, tuple[Choice, ...], int], ...]
    practice: tuple[tuple[str, tuple[Choice, ...], int], ...]


def fields_of(view: TrainingView | None) -> MultiDict[str, str]:
    """Return the form's fields of a training as it is, or of a new one."""
    if view is None:
        return MultiDict({**DEFAULTS, "basis": Basis.OWN.value})
    return MultiDict(
        [
            ("title", view.title),
            ("basis", view.basis.value),
            ("driver", view.driver),
            ("source", view.source),
            ("elsewhere", view.elsewhere.value),
            ("refresh_months", "" if view.refresh_months is None else str(view.refresh_months)),
            ("window_days", str(view.window_days)),
            ("grace_days", str(view.grace_days)),
            ("first_due_days", str(view.first_due_days)),
            *(("modules", each) for each in view.modules),
            *(("practice", each) for each in view.practice),
        ]
    )


def asks_of(form: MultiDict[str, str], known: TrainingForm, problems: Problems) -> Asks | None:
    """Read what the form asks; None when a number or a choice cannot be read, which `problems` then say."""
    numbers: dict[str, int | None] = {}
    for name in NUMBERS:
        typed = form.get(name, "").strip()
        if not typed and name == "refresh_months":
            numbers[name] = None
        elif typed.isascii() and typed.isdecimal() and len(typed) < 5:
            numbers[name] = int(typed)
        else:
            problems.add(name, "Type a whole number.")
    offered = {each.value for _, choices, _ in known.modules for each in choices}
    codes = {each.value for _, choices, _ in known.practice for each in choices}
    basis, elsewhere = form.get("basis", ""), form.get("elsewhere", "")
    if basis not in {each.value for each in Basis}:
        problems.add("basis", "Pick why it is asked for.")
    if elsewhere not in {each.value for each in Elsewhere}:
        problems.add("elsewhere", "Pick whether a certificate counts.")
    if problems:
        return None
    return Asks(
        title=form.get("title", ""),
        basis=Basis(basis),
        driver=form.get("driver", ""),
        source=form.get("source", ""),
        modules=tuple(each for each in form.getlist("modules") if each in offered),
        practice=tuple(each for each in form.getlist("practice") if each in codes),
        elsewhere=Elsewhere(elsewhere),
        refresh_months=numbers["refresh_months"],
        window_days=numbers["window_days"] or 0,
        grace_days=numbers["grace_days"] or 0,
        first_due_days=numbers["first_due_days"] or 0,
    )
