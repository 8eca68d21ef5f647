"""Adding many people: paste or upload a list, look at each row, mend it, and only then add them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers
from app.extensions import db
from app.kernel import DomainError, day_of, utc_now
from app.providers import MemberView, ProviderError, Role
from app.providers.matching import Fate, Planned, changes, other_than
from app.providers.sheet_reader import LARGEST_FILE, Row, read_file, read_text
from app.providers.staff_list import FIELDS, Entry, entries
from app.providers.taking_in import TakenIn, plan_list, take_in
from app.web import words
from app.web.access import allows, current_membership
from app.web.forms import Problems
from app.web.manager.blueprint import bp, noted
from app.web.manager.carried import brought_back, carried, mended

# Rows that are open to be mended on one page. The rest wait for their turn.
MOST_OPEN = 50
ACTIONS = {
    "name": "person.renamed",
    "roles": "person.roles-changed",
    "teams": "person.teams-changed",
    "back": "person.restored",
    "email": "person.details-changed",
    "reference": "person.details-changed",
    "started": "person.details-changed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the preview. `at`: where it stands in the list; `choices`: pairs of a value and words, when asked.

    `more`: the roles beyond carer it gives, as the form sends them, and the words to tick; both empty for none.
    """

    at: int
    number: int
    entry: Entry
    name: str
    fate: Fate
    words: str
    open: bool
    problems: dict[str, str]
    choices: tuple[tuple[str, str], ...]
    more: tuple[str, str]
    agreed: bool

    @classmethod
    def of(cls, at: int, row: Planned, *, opened: bool) -> Line:
        """Make the line of a planned row."""
        waits = row.fate in (Fate.ASK, Fate.MEND, Fate.AGREE) or row.entry.guessed
        return cls(
            at=at,
            number=row.entry.number,
            entry=row.entry,
            name=row.meaning.name or "No name",
            fate=row.fate,
            words=_fate_words(row),
            open=opened or (waits and row.fate is not Fate.SKIP),
            problems=dict(reversed(row.meaning.problems)) if row.fate is Fate.MEND else {},
            choices=_choices(row),
            more=_more(row),
            agreed=row.fate in (Fate.NEW, Fate.UPDATE),
        )


def _more(row: Planned) -> tuple[str, str]:
    """Say what a row lets somebody do, for a tick of its own: a job title in a list is easily a rank, and no right."""
    if row.fate not in (Fate.NEW, Fate.UPDATE, Fate.AGREE) or not row.gives:
        return "", ""
    first = (row.member.name if row.member is not None else row.meaning.name).split()[0]
    given = [f"an {said}" if said[0] in "aeiou" else f"a {said}" for said in _roles(row)]
    return ",".join(sorted(role.value for role in row.gives)), f"Make {first} {words.listed(given)}"


def _roles(row: Planned) -> list[str]:
    return [words.ROLES[role].lower() for role in words.ROLES if role in row.gives]


def _fate_words(row: Planned) -> str:
    meaning, member = row.meaning, row.member
    if row.fate is Fate.AGREE:
        after = replace(row, fate=Fate.NEW if member is None else Fate.UPDATE)
        return f"Needs your tick. {_fate_words(after)}"
    if row.fate is Fate.NEW:
        teams = f", in {words.listed(meaning.teams)}" if meaning.teams else ""
        ahead = f". Starts on {words.day(meaning.ahead)}; can learn from today" if meaning.ahead else ""
        return f"New: {words.roles(meaning.roles or frozenset({Role.LEARNER})).lower()}{teams}{ahead}"
    if row.fate is Fate.UPDATE and member is not None:
        return f"Updates {member.name}: {words.listed(_changes(row, member))}"
    if row.fate is Fate.SAME and member is not None:
        return f"Nothing new about {member.name}"
    if row.fate is Fate.SKIP:
        return "Left out"
    if row.fate is Fate.ASK:
        return f"Same person? {row.why}"
    return f"Cannot be used yet: {row.meaning.problems[0][1]}"


def _changes(row: Planned, member: MemberView) -> list[str]:
    meaning = row.meaning
    said = {
        "back": "is back",
        "name": f"is called {meaning.name}",
        "email": f"e-mail {meaning.email}",
        "reference": f"staff number {meaning.reference}",
        "roles": f"also {words.roles(meaning.roles - member.roles).lower()}",
        "teams": f"now in {words.listed(meaning.teams)}",
        "started": f"started on {words.day(meaning.started)}" if meaning.started else "",
    }
    # Who is in which team is not known here; a team named in the list is said either way.
    return [said[what] for what in changes(member, meaning, ())]


def _choices(row: Planned) -> tuple[tuple[str, str], ...]:
    if row.fate is Fate.MEND:
        return (("", "Use this row"), ("skip", "Leave it out"))
    if row.fate is Fate.SKIP:
        return (("", "Use this row after all"), ("skip", "Leave it out"))
    if row.fate is Fate.AGREE:
        # What was answered before stays answered.
        return ((row.entry.choice, "Use this row"), ("skip", "Leave it out"))
    if row.fate is not Fate.ASK:
        return (("", "Use this row"), ("skip", "Leave it out")) if row.entry.guessed else ()
    same = [(str(member.person_uuid), f"It is {_which(member)}") for member in row.alike]
    return (*same, (other_than(row), "It is another person"), ("skip", "Leave it out"))


def _which(member: MemberView) -> str:
    more = [f"staff number {member.reference}"] if member.reference else []
    more += [member.email] if member.email else []
    more += ["who left"] if member.ended else []
    return f"{member.name} ({', '.join(more)})" if more else member.name


@bp.get("/import")
@allows(Role.MANAGER)
def import_people() -> ResponseReturnValue:
    """Ask for the list."""
    return _ask(Problems())


@bp.post("/import")
@allows(Role.MANAGER)
def look_at_list() -> ResponseReturnValue:
    """Show what would happen, row by row; with "save", make it so. Until then nothing is kept anywhere."""
    problems = Problems()
    try:
        if "carried" in request.form:
            rows = mended(brought_back(request.form["carried"]), request.form)
            return _save(rows) if "save" in request.form else _preview(rows)
        return _preview(entries(_given()))
    except DomainError as error:
        db.session.rollback()
        problems.add(error.field if error.field == "file" else "list", str(error))
    return _ask(problems)


def _given() -> Sequence[Row]:
    file = request.files.get("file")
    if file is not None and file.filename:
        with file.stream as stream:
            return read_file(stream.read(LARGEST_FILE + 1))
    return read_text(request.form.get("list", ""))


def _ask(problems: Problems) -> ResponseReturnValue:
    page = render_template("manager/import-people.html", problems=problems, typed=request.form.get("list", ""))
    return page, 400 if problems else 200


def _preview(rows: Sequence[Entry], *, done: str = "") -> ResponseReturnValue:
    provider = current_membership().provider
    today = day_of(utc_now())
    planned = plan_list(db.session(), provider.id, rows, today=today)
    wanted = request.form.get("change")
    lines = [Line.of(at, row, opened=str(at) == wanted) for at, row in enumerate(planned)]
    opened = [line for line in lines if line.open]
    counts = Counter(row.fate for row in planned)
    known = {team.casefold() for team in _team_names(provider.id)}
    teams = {t.casefold(): t for row in planned if row.fate in (Fate.NEW, Fate.UPDATE) for t in row.meaning.teams}
    return render_template(
        "manager/import-people-preview.html",
        carried=carried(rows),
        opened=opened[:MOST_OPEN],
        later=max(0, len(opened) - MOST_OPEN),
        lines=lines,
        fields=FIELDS,
        done=done,
        new=counts[Fate.NEW],
        updates=counts[Fate.UPDATE],
        same=counts[Fate.SAME],
        waiting=counts[Fate.ASK] + counts[Fate.MEND] + counts[Fate.AGREE],
        guessed=[line for line in lines if line.entry.guessed],
        teams=[name for folded, name in teams.items() if folded not in known],
        verb=_verb(counts[Fate.NEW], counts[Fate.UPDATE]),
    )


def _team_names(provider_id: int) -> list[str]:
    return [team.name for team in providers.list_teams(db.session(), provider_id)]


def _verb(new: int, updates: int) -> str:
    parts = [f"add {words.count(new, 'person', 'people')}"] if new else []
    parts += [f"update {words.count(updates, 'person', 'people')}"] if updates else []
    return words.listed(parts).capitalize()


def _save(rows: Sequence[Entry]) -> ResponseReturnValue:
    provider, now = current_membership().provider, utc_now()
    # A name whose alphabet is a guess is added once somebody has had it before their eyes.
    sure = [row for row in rows if not row.guessed]
    try:
        taken = take_in(db.session(), provider.id, sure, today=day_of(now), now=now)
    except ProviderError as error:
        # Somebody changed something meanwhile. The page says what holds now, and nothing typed is lost.
        db.session.rollback()
        return _preview(rows, done=f"Nothing was added. {error}")
    _note(taken)
    db.session.commit()
    waiting = {row.entry.number for row in taken.left}
    left = [row for row in rows if row.guessed or row.number in waiting]
    said = _said(taken)
    if left:
        return _preview(left, done=f"{said} {words.count(len(left), 'row waits', 'rows wait')} for you below.")
    flash(said, "done")
    return redirect(url_for("manager.sheet" if taken.added else "manager.people"))


def _note(taken: TakenIn) -> None:
    for team in taken.teams:
        noted("team.added", team=str(team.uuid))
    for member in taken.added:
        noted("person.added", member, roles=",".join(sorted(member.roles)))
    for member, what in taken.updated:
        for action in dict.fromkeys(ACTIONS[each] for each in what):
            more = {"roles": ",".join(sorted(member.roles))} if action == "person.roles-changed" else {}
            noted(action, member, **more)


def _said(taken: TakenIn) -> str:
    parts = []
    if taken.added:
        parts.append(f"{words.count(len(taken.added), 'person is', 'people are')} added.")
    if taken.updated:
        parts.append(f"{words.count(len(taken.updated), 'person is', 'people are')} brought up to date.")
    return " ".join(parts) or "There was nothing new in this list."
