"""What a person's page says of what is needed of them: profiles, trainings, exceptions, training from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app import requirements
from app.compliance.cell_words import from_elsewhere
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView
from app.requirements import Cell, CellStatus, How, OutsideState, OutsideView
from app.web import words
from app.web.manager.library import Library
from app.web.manager.needed_pages import Choice

HOW_WORDS = {
    How.MODULES: "modules here",
    How.ELSEWHERE: "a certificate from elsewhere",
    How.OBSERVED: "seen at work",
    How.RECOGNISED: "what was shown elsewhere",
    How.EXCEPTION: "an exception",
}
ORDER = (
    CellStatus.OVERDUE,
    CellStatus.DUE_SOON,
    CellStatus.NEEDS_WATCHING,
    CellStatus.BOOKED,
    CellStatus.UNDER_WAY,
    CellStatus.NOT_STARTED,
    CellStatus.IN_DATE,
    CellStatus.NOT_NEEDED,
)
# What asks nothing of anybody now is folded away: on a phone it would stand between the manager and the rest.
FOLDED = {CellStatus.IN_DATE: "In date", CellStatus.NOT_NEEDED: "Not needed"}
STATE_WORDS = {
    OutsideState.BOOKED: "Booked",
    OutsideState.OFFERED: "Waits for you",
    OutsideState.ACCEPTED: "Accepted",
    OutsideState.REFUSED: "Refused",
    OutsideState.CALLED_OFF: "Called off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededRow:
    """One training a person needs. `state` is the key of its sign; `exception` the uuid to end, when there is one."""

    training: UUID
    title: str
    state: str
    detail: str
    facts: tuple[str, ...]
    exception: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """One training from elsewhere. `over`: a booking whose day has passed."""

    uuid: UUID
    training: UUID | None
    title: str
    state: str
    state_words: str
    facts: tuple[str, ...]
    file: str
    reason: str
    booked: bool
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededSection:
    """The section: which profiles there are to tick, what is needed, and what was had elsewhere.

    `rows` ask something of somebody; `folded` ask nothing now: how many they are in words, and the rows.
    """

    profiles: tuple[Choice, ...]
    rows: tuple[NeededRow, ...]
    folded: tuple[tuple[str, tuple[NeededRow, ...]], ...]
    outside: tuple[OutsideRow, ...]

    @property
    def any(self) -> bool:
        """Say whether any training stands here."""
        return bool(self.rows or self.folded)


def needed_section(member: MemberView, library: Library) -> NeededSection:
    """Gather it, in a fixed number of statements."""
    session, provider_id, now = db.session(), member.provider_id, utc_now()
    people = [member.person_id]
    board = requirements.board(session, provider_id, now=now, people=people, chains=library.chains)
    today = day_of(now)
    excepted = {
        each.training: each.uuid
        for each in requirements.exceptions(session, provider_id, people=people)
        if each.until is None or each.until >= today
    }
    titles = {each.uuid: each.title for each in board.trainings}
    cells = list(board.cells.get(member.person_id, {}).values())
    cells.sort(key=lambda cell: (ORDER.index(cell.status), str(cell.due or ""), titles[cell.training].casefold()))
    rows = [_row(cell, titles[cell.training], excepted.get(cell.training)) for cell in cells]
    have = {each.uuid for each in requirements.profiles_of(session, provider_id).get(member.person_id, ())}
    return NeededSection(
        profiles=tuple(
            Choice(id=f"profile-{each.uuid}", value=str(each.uuid), label=each.title, chosen=each.uuid in have)
            for each in requirements.profiles(session, provider_id)
        ),
        rows=tuple(row for row in rows if row.state not in FOLDED),
        folded=tuple(
            (f"{said}: {len(found)}", found)
            for state, said in FOLDED.items()
            if (found := tuple(row for row in rows if row.state == state))
        ),
        outside=tuple(_outside(each) for each in requirements.outside(session, provider_id, people=people)),
    )


def _row(cell: Cell, title: str, exception: UUID | None) -> NeededRow:
    facts = []
    if cell.how and cell.status is not CellStatus.NOT_NEEDED:
        facts.append(f"Met by {words.listed([HOW_WORDS[each] for each in cell.how])}")
    if cell.recognised:
        words_ = from_elsewhere(cell.recognised)
        facts.append(words_[0].upper() + words_[1:])
    if cell.valid_until:
        facts.append(f"Valid until {words.day(cell.valid_until)}")
    if cell.refresh_from and cell.status in (CellStatus.IN_DATE, CellStatus.DUE_SOON):
        facts.append(f"Refresher from {words.day(cell.refresh_from)}")
    if cell.booked and cell.status is not CellStatus.BOOKED:
        facts.append(f"Booked for {words.day(cell.booked)}")
    if cell.reason:
        facts.append(f"Why: {cell.reason}")
    if cell.own:
        facts.append("Decided by the person themselves")
    return NeededRow(
        training=cell.training,
        title=title,
        state=cell.status.value,
        detail=_detail(cell),
        facts=tuple(facts),
        exception=exception if cell.status is CellStatus.NOT_NEEDED else None,
    )


def _detail(cell: Cell) -> str:
    if cell.status is CellStatus.BOOKED and cell.booked:
        return f"for {words.day(cell.booked)}"
    if cell.due is None or cell.status in (CellStatus.IN_DATE, CellStatus.NOT_NEEDED):
        return ""
    return f"since {words.day(cell.due)}" if cell.status is CellStatus.OVERDUE else f"by {words.day(cell.due)}"


def _outside(view: OutsideView) -> OutsideRow:
    facts = [f"Taught by {view.taught_by}"]
    if view.taken_on:
        facts.append(f"Taken on {words.day(view.taken_on)}")
    if view.valid_until:
        facts.append(f"Runs out on {words.day(view.valid_until)}")
    if view.booked_for:
        facts.append(f"Booked for {words.day(view.booked_for)}")
    if view.own:
        facts.append("Accepted by the person themselves")
    booked = view.state is OutsideState.BOOKED
    return OutsideRow(
        uuid=view.uuid,
        training=view.training,
        title=view.title,
        state=view.state.value,
        state_words=STATE_WORDS[view.state],
        facts=tuple(facts),
        file=f"{view.file.name}, {max(1, round(view.file.size / 1000))} kB" if view.file else "",
        reason=view.reason,
        booked=booked,
        over=booked and view.booked_for is not None and view.booked_for < day_of(utc_now()),
    )
