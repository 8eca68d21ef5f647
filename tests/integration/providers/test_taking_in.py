"""A list is taken in whole, and a second time it adds nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app import providers
from app.providers import Role
from app.providers.staff_list import Entry
from app.providers.taking_in import TakenIn, plan_list, take_in
from tests.support.statements import statements
from tests.support.world import NOW, add_person, add_provider

TODAY = NOW.date()


def taken(session: Session, provider_id: int, *entries: Entry, later: int = 0) -> TakenIn:
    return take_in(session, provider_id, entries, today=TODAY, now=NOW + timedelta(minutes=later))


def row(number: int, name: str, **cells: str) -> Entry:
    return Entry(number=number, name=name, **cells)  # type: ignore[arg-type]


def test_new_people_are_added_with_all_that_the_list_says(session: Session) -> None:
    here = add_provider(session)
    north = providers.add_team(session, here.id, "North", now=NOW)
    found = taken(
        session,
        here.id,
        row(
            2,
            "Ngozi Obi",
            email="n@example.org",
            reference="17",
            roles="Carer, Assessor",
            agreed="assessor",
            teams="north; South",
        ),
        row(3, "Marta Kowalska", started="6/1/2025"),
    )
    ngozi, marta = found.added
    assert (ngozi.name, ngozi.email, ngozi.reference) == ("Ngozi Obi", "n@example.org", "17")
    assert (ngozi.roles, marta.roles) == ({Role.LEARNER, Role.ASSESSOR}, {Role.LEARNER})
    assert (ngozi.started, marta.started) == (NOW, datetime(2025, 1, 6, 12, tzinfo=UTC))
    assert [team.name for team in found.teams] == ["South"]
    assert providers.teams_of(session, here.id) == {ngozi.person_id: (north, found.teams[0])}


def test_a_second_time_it_adds_nobody_and_changes_nothing(session: Session) -> None:
    here = add_provider(session)
    rows = [
        row(2, "Ngozi Obi", reference="17", teams="North", started="6/1/2025"),
        row(3, "Marta Kowalska", email="m@example.org"),
        row(4, "Ada Bell", roles="Trainer", agreed="trainer"),
    ]
    assert len(taken(session, here.id, *rows).added) == 3
    again = taken(session, here.id, *rows, later=1)
    assert (again.added, again.updated, again.teams, again.left) == ((), (), (), ())
    assert len(providers.list_members(session, here.id)) == 3


def test_a_changed_list_updates_and_says_what(session: Session) -> None:
    here = add_provider(session)
    taken(session, here.id, row(2, "Ngosi Obi", reference="17", teams="North"))
    found = taken(
        session,
        here.id,
        row(2, "Ngozi Obi", reference="17", teams="South", roles="Assessor", agreed="assessor"),
        later=1,
    )
    [(ngozi, what)] = found.updated
    assert set(what) == {"name", "teams", "roles"}
    assert (ngozi.name, ngozi.roles) == ("Ngozi Obi", {Role.LEARNER, Role.ASSESSOR})
    assert [team.name for team in providers.teams_of(session, here.id)[ngozi.person_id]] == ["South"]


def test_what_waits_for_an_answer_is_left_and_the_rest_is_taken(session: Session) -> None:
    here = add_provider(session)
    add_person(session, here, "Ngozi Obi")
    found = taken(session, here.id, row(2, "Ngosi Obi"), row(3, "Ada Bell"), row(4, ""))
    assert [member.name for member in found.added] == ["Ada Bell"]
    assert [left.entry.number for left in found.left] == [2, 4]


def test_somebody_who_left_comes_back_when_said_so(session: Session) -> None:
    here = add_provider(session)
    ngozi = add_person(session, here)
    providers.end_membership(session, here.id, ngozi.person_id, now=NOW)
    found = taken(session, here.id, row(2, "Ngozi Obi", reference="17", choice=str(ngozi.person_uuid)), later=1)
    [(back, what)] = found.updated
    assert (back.person_id, back.reference, set(what)) == (ngozi.person_id, "17", {"back", "reference"})


def test_nobody_of_another_provider_is_matched_or_changed(session: Session) -> None:
    here, there = add_provider(session), add_provider(session, "Thistle Care")
    theirs = add_person(session, there, "Ngozi Obi")
    providers.set_details(session, there.id, theirs.person_id, reference="17", email="n@example.org")
    entry = row(2, "Ngozi Obi", email="n@example.org", reference="17", choice=str(theirs.person_uuid))
    [added] = taken(session, here.id, entry).added
    assert added.person_id != theirs.person_id
    assert providers.list_members(session, there.id)[0].roles == {Role.LEARNER}


def test_a_thousand_people_take_few_statements(session: Session) -> None:
    here = add_provider(session)
    rows = [row(n, f"Carer {n}", reference=str(n), teams="North") for n in range(1000)]
    engine = session.get_bind()
    with statements(engine) as sent:  # type: ignore[arg-type]
        found = taken(session, here.id, *rows)
    assert len(found.added) == 1000
    assert len([each for each in sent if not each.startswith("INSERT")]) < 20
    with statements(engine) as sent:  # type: ignore[arg-type]
        assert {each.fate.value for each in plan_list(session, here.id, rows, today=date(2026, 6, 15))} == {"same"}
    assert len(sent) <= 6


@pytest.mark.parametrize("name", ["=1+1", "@x", ""])
def test_a_formula_is_never_stored(session: Session, name: str) -> None:
    here = add_provider(session)
    assert taken(session, here.id, row(2, name)).added == ()
    assert providers.list_members(session, here.id) == ()
