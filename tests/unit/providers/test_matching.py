"""Who on a list is somebody known: by number, then address, then name. What is only alike is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.providers import MemberView, Role
from app.providers.matching import Fate, Planned, changes, other_than, plan
from app.providers.staff_list import Entry

TODAY = date(2026, 11, 22)
THEN = datetime(2025, 1, 6, 12, tzinfo=UTC)


def member(number: int, name: str, **more: object) -> MemberView:
    return MemberView(
        membership_id=number, person_id=number, person_uuid=UUID(int=number), name=name, provider_id=1,
        roles=frozenset({Role.LEARNER}), started=THEN, ended=None, archived_at=None, has_pin=False, **more,
    )  # type: ignore[arg-type]  # fmt: skip


NGOZI = member(1, "Ngozi Obi", reference="17", email="ngozi@example.org")
MARTA = member(2, "Marta Kowalska")
LEFT = replace(member(3, "Jean-Paul Obi"), ended=THEN)
PEOPLE = (NGOZI, MARTA, LEFT)


def fates(*entries: Entry, people: tuple[MemberView, ...] = PEOPLE) -> list[Planned]:
    return list(plan(entries, people, {1: ("North",)}, today=TODAY))


def row(number: int = 2, **cells: str) -> Entry:
    return Entry(number=number, **{"name": "Ngozi Obi", **cells})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "fate", "who"),
    [
        ({"name": "Ada Bell"}, Fate.NEW, None),
        ({"name": "ngozi  OBI", "reference": "17"}, Fate.UPDATE, NGOZI),
        ({"reference": "17"}, Fate.SAME, NGOZI),
        ({"name": "Ngozi Bello", "reference": "17"}, Fate.UPDATE, NGOZI),
        ({"name": "Ngozi Bello", "email": "NGOZI@example.org"}, Fate.UPDATE, NGOZI),
        ({"name": "Marta Kowalska", "email": "marta@example.org"}, Fate.UPDATE, MARTA),
        ({"teams": "north"}, Fate.SAME, NGOZI),
        ({"teams": "North; South"}, Fate.UPDATE, NGOZI),
        ({"roles": "Assessor"}, Fate.AGREE, NGOZI),
        ({"roles": "Assessor", "agreed": "assessor"}, Fate.UPDATE, NGOZI),
        ({"roles": "Manager", "agreed": "assessor"}, Fate.AGREE, NGOZI),
        ({"name": "Ada Bell", "roles": "Manager"}, Fate.AGREE, None),
        ({"roles": "Carer"}, Fate.SAME, NGOZI),
    ],
)
def test_who_is_known_is_updated(cells: dict[str, str], fate: Fate, who: MemberView | None) -> None:
    [found] = fates(row(**cells))
    assert (found.fate, found.member) == (fate, who)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"name": "Someone Else", "reference": "17"}, "Ngozi Obi has this staff number."),
        ({"name": "Someone Else", "email": "ngozi@example.org"}, "Is this Ngozi Obi?"),
        ({"reference": "18"}, "Ngozi Obi is here with another staff number."),
        ({"name": "Ngosi Obi"}, "Is this Ngozi Obi?"),
        ({"name": "Obi Ngozi"}, "Is this Ngozi Obi?"),
        ({"name": "Marta Kowálska"}, "Is this Marta Kowalska?"),
        ({"name": "Martha Kowalska"}, "Is this Marta Kowalska?"),
        ({"name": "Jean Paul Obi"}, "Is this Jean-Paul Obi?"),
        ({"name": "Jean-Paul Obi"}, "Jean-Paul Obi has left. Are they back?"),
    ],
)
def test_what_is_only_alike_is_asked(cells: dict[str, str], why: str) -> None:
    [found] = fates(row(**cells))
    assert (found.fate, found.why) == (Fate.ASK, why)
    [other] = fates(row(**cells, choice=other_than(found)))
    # A number cannot be two people's.
    assert other.fate is (Fate.MEND if cells.get("reference") == "17" else Fate.NEW)
    [this] = fates(row(**cells, choice=str(found.alike[0].person_uuid)))
    assert (this.fate, this.member) == (Fate.UPDATE, found.alike[0])
    [skipped] = fates(row(**cells, choice="skip"))
    assert skipped.fate is Fate.SKIP


def test_two_people_known_by_one_name_are_both_asked_about() -> None:
    twin = member(4, "Ngozi Obi")
    [found] = fates(row(), people=(NGOZI, twin))
    assert (found.fate, set(found.alike)) == (Fate.ASK, {NGOZI, twin})


def test_rows_of_one_list_that_meet_are_asked_about_too() -> None:
    first, again, spelt, number = fates(
        row(2, name="Ada Bell", reference="40"), row(3, name="ada bell"), row(4, name="Ada Belll"),
        row(5, name="Zoe", reference="40"), people=(),
    )  # fmt: skip
    assert [each.fate for each in (first, again, spelt, number)] == [Fate.NEW, Fate.ASK, Fate.ASK, Fate.MEND]
    assert (again.twin, spelt.twin, number.twin) == (2, 2, 2)
    answered = fates(row(2, name="Ada Bell"), row(3, name="ada bell", choice=other_than(again)), people=())
    assert [each.fate for each in answered] == [Fate.NEW, Fate.NEW]


def test_names_alike_with_numbers_of_their_own_are_two_people() -> None:
    both = fates(row(2, name="Mohamed Khan", reference="1"), row(3, name="Mohammed Khan", reference="2"), people=())
    assert [each.fate for each in both] == [Fate.NEW, Fate.NEW]
    [near] = fates(row(name="Ngosi Obi", reference="18"))
    assert near.fate is Fate.NEW


def test_two_rows_cannot_be_one_person() -> None:
    both = fates(row(2, reference="17"), row(3, choice=str(NGOZI.person_uuid)))
    assert [each.fate for each in both] == [Fate.SAME, Fate.ASK]
    assert both[1].why == "Row 2 is Ngozi Obi already."


def test_the_same_form_sent_twice_asks_about_whom_the_first_one_added() -> None:
    """Somebody pressed the button twice: "another person" was said of those who were here then."""
    [asked] = fates(row(reference="18"))
    entry = row(reference="", choice=other_than(asked))
    [added] = fates(entry)
    assert added.fate is Fate.NEW
    newest = member(9, "Ngozi Obi")
    [again] = fates(entry, people=(*PEOPLE, newest))
    assert (again.fate, again.member) == (Fate.SAME, newest)


def test_a_choice_that_names_nobody_here_is_no_choice() -> None:
    [found] = fates(row(name="Ada Bell", choice=str(UUID(int=99))))
    assert found.fate is Fate.NEW


def test_an_empty_cell_changes_nothing_and_no_role_is_taken_away() -> None:
    [found] = fates(row(reference="17"), people=(replace(NGOZI, roles=frozenset(Role)),))
    assert changes(NGOZI, found.meaning, ()) == ()
