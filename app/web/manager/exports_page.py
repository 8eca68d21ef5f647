"""Presenters of the exports: what is in a file, what keeps people out of it, and values to copy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.interop.asc_wds import StaffValues, Upload
from app.providers import MemberView
from app.web import words
from app.web.manager.matrix_page import Pages

A_PAGE = 20
COLUMN_WORDS = {
    "UNIQUEWORKERID": "the staff number is longer than 50 letters",
    "TRAININGNAME": "it has no name",
    "DATECOMPLETED": "its day is still to come",
}
HOW_FAR = {1: "done", 2: "no", 3: "in progress"}
JOBS = {
    1: "new to care",
    2: "care or support worker",
    3: "enhanced care worker",
    4: "supervisor or leader",
    5: "practice leader",
    6: "deputy manager",
    7: "registered manager",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesRow:
    """The values of one person's line of the staff file, each a code and its words."""

    uuid: UUID
    name: str
    number: str
    care_cert: tuple[int, str]
    level_two: tuple[int, str]
    category: tuple[int, str] | None

    @classmethod
    def of(cls, member: MemberView, values: StaffValues) -> ValuesRow:
        """Make the row of a person."""
        return cls(
            uuid=member.person_uuid,
            name=member.name,
            number=member.reference or "",
            care_cert=(values.care_cert, HOW_FAR[values.care_cert]),
            level_two=(values.level_two, HOW_FAR[values.level_two]),
            category=None if values.category is None else (values.category, JOBS[values.category]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AscWdsPage:
    """What the page of the training file says. `refused`: a person, and what of theirs stays out and why.

    Of the file itself it says nothing until somebody looked at it.
    """

    looked: bool
    holds: str
    nothing_done: bool
    nameless: tuple[MemberView, ...]
    refused: tuple[tuple[MemberView, str], ...]
    formulas: tuple[MemberView, ...]
    ready: bool
    rows: tuple[ValuesRow, ...]
    pages: Pages

    @classmethod
    def of(
        cls,
        made: Upload | None,
        members: Sequence[MemberView],
        values_of: Callable[[Collection[int]], Mapping[int, StaffValues]],
        *,
        number: int,
    ) -> AscWdsPage:
        """Make the page, with the values of a few people: each takes their whole Care Certificate to work out."""
        pages = Pages.of_rows(len(members), number, each=A_PAGE)
        some = members[pages.first - 1 : pages.last] if members else ()
        values = values_of([each.person_id for each in some])
        looked = made is not None
        made = made or Upload(workplace="", lines=(), people=0, nameless=(), refused=(), formulas=())
        trainings = words.count(len(made.lines), "training", "trainings")
        return cls(
            looked=looked,
            holds=f"{trainings} of {words.count(made.people, 'person', 'people')}",
            nothing_done=not (made.people or made.nameless or made.refused),
            nameless=made.nameless,
            refused=tuple(
                (member, f"{name}: {words.listed([COLUMN_WORDS.get(each, each) for each in columns])}")
                for member, name, columns in made.refused
            ),
            formulas=made.formulas,
            ready=bool(made.lines),
            rows=tuple(ValuesRow.of(each, values[each.person_id]) for each in some),
            pages=pages,
        )
