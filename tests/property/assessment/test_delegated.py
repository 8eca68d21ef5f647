"""Where a delegated task stands: one standing a day, never longer than its paper; and what may be an alias."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.delegation import (
    LONGEST_ALIAS,
    SOON_DAYS,
    Standing,
    last_day,
    problems_of,
    standing,
    why_not_alias,
    why_not_words,
)
from tests.support.delegated import paper

days = st.dates(date(2023, 1, 1), date(2030, 12, 31))


@given(days, days)
def test_a_paper_lets_nobody_do_it_after_its_last_day(until: date, day: date) -> None:
    found = standing(until, withdrawn=False, day=day)
    assert found.may == (day <= until)
    assert (found is Standing.SOON) == (0 <= (until - day).days <= SOON_DAYS)
    assert (found is Standing.ENDED) == (day > until)


@given(days, days)
def test_what_was_withdrawn_may_not_be_done_on_any_day(until: date, day: date) -> None:
    assert standing(until, withdrawn=True, day=day) is Standing.WITHDRAWN
    assert not standing(until, withdrawn=True, day=day).may


@given(days, st.integers(-3, 800))
def test_no_paper_holds_longer_than_a_year_after_they_were_watched(seen_on: date, more: int) -> None:
    now = datetime(seen_on.year, seen_on.month, seen_on.day, 12, tzinfo=UTC)
    until = last_day(seen_on) + timedelta(days=more)
    wrong = problems_of(paper(now, seen_on=seen_on, valid_until=until), today=seen_on)
    assert [each.field for each in wrong] == (["valid_until"] if more > 0 else [])
    assert 365 <= (last_day(seen_on) - seen_on).days <= 366


def test_a_paper_of_a_leap_day_ends_on_28_february() -> None:
    assert last_day(date(2028, 2, 29)) == date(2029, 2, 28)


def test_everything_that_is_missing_is_said_at_once() -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    empty = dict.fromkeys(("task", "alias", "limits", "clinician", "profession", "organisation", "reach"), " ")
    wrong = problems_of(
        paper(now, **empty, seen_on=date(2026, 6, 2), valid_until=date(2026, 5, 31), paper=False), today=now.date()
    )
    assert {each.field for each in wrong} == {*empty, "seen_on", "valid_until", "paper"}


@pytest.mark.parametrize(
    ("alias", "why"),
    [
        ("Margaret Brown", "may be a name"),
        ("MargaretBrown", "may be a name"),
        ("M. Brown", "may be a name"),
        ("Margaret", "may be a name"),
        ("Mrs T's house", "title"),
        ("Mrs Brown", "title"),
        ("MrsBrown 4", "title"),
        ("Dr 14", "title"),
        ("MB", "Initials"),
        ("M.B.", "may be a name"),
        ("JoT", "Initials"),
        ("12/03/1941", "date"),
        ("12031941", "date"),
        ("3 May 1941", "date"),
        ("May 3", "date"),
        ("Client 1941", "year of birth"),
        ("SW1A 1AA", "postcode"),
        ("sw1a1aa", "postcode"),
        ("LS6", "postcode"),
        ("14 High Street", "address"),
        ("Flat 3", "address"),
        ("Apt 12", "address"),
        ("943 476 5919", "NHS number"),
        ("9434765919", "NHS number"),
        ("14", "may be a name"),
        ("", "Type what stands"),
    ],
)
def test_what_looks_like_somebody_is_refused_with_the_reason(alias: str, why: str) -> None:
    assert why in why_not_alias(alias)
    assert "such as Maple 14" in why_not_alias(alias)


@pytest.mark.parametrize("alias", ["Maple 14", "client14", "Blue 7", "Rose-12", "Maple 0312", "Marble 3", "Élan 9"])
def test_a_made_up_word_with_a_number_is_taken(alias: str) -> None:
    assert why_not_alias(alias) == ""


@pytest.mark.parametrize("alias", ["Rose 7", "Heather 2", "Ash 12", "Hill 3", "Brown 4", "Robin 9", "Amber 21"])
def test_a_made_up_word_that_is_somebodys_name_too_is_taken(alias: str) -> None:
    assert why_not_alias(alias) == ""


@given(st.text(max_size=40))
def test_whatever_is_typed_is_judged_and_what_is_taken_has_a_word_and_a_number(alias: str) -> None:
    if why_not_alias(alias) == "":
        assert any(each.isdecimal() for each in alias)
        assert any(each.isalpha() for each in alias)
        assert len(" ".join(alias.split())) <= LONGEST_ALIAS


@given(st.integers(10**9, 10**10 - 1))
def test_no_number_of_ten_digits_is_an_alias(number: int) -> None:
    assert "NHS number" in why_not_alias(str(number))


def test_words_may_have_a_telephone_number_and_a_clinician_but_nobody_receiving_care() -> None:
    assert why_not_words("Stop and ring 0113 496 0000, or Dr Lee, or 999. From 3 May 2026.") == ""
    assert "NHS number" in why_not_words("NHS 943 476 5919")
    assert "postcode" in why_not_words("At SW1A 1AA")
    assert "date of birth" in why_not_words("Born 12/03/1941")
    assert "a name" in why_not_words("Only for Mrs Brown")


def test_a_dose_is_no_postcode() -> None:
    assert why_not_words("Give B12 1ml. Check the T34 5ml pump.") == ""
