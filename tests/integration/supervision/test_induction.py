"""The induction checklist: where a provider begins, how it changes it, and what is ticked for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app import supervision
from app.providers import MemberView, ProviderView
from app.supervision import InductionLine, SupervisionError
from tests.support.world import NOW, add_person, add_provider

TODAY = NOW.date()
LATER = NOW + timedelta(days=5)


@pytest.fixture
def here(session: Session) -> ProviderView:
    return add_provider(session)


@pytest.fixture
def ngozi(session: Session, here: ProviderView) -> MemberView:
    return add_person(session, here)


def lines(session: Session, here: ProviderView, who: MemberView, **more: object) -> tuple[InductionLine, ...]:
    return supervision.inductions_of(session, here, [who.person_id], **more)[who.person_id]  # type: ignore[arg-type]


def test_a_provider_begins_with_a_list_and_each_has_its_own(session: Session, here: ProviderView) -> None:
    there = add_provider(session, "Thistle Care")
    mine, theirs = supervision.items_of(session, here), supervision.items_of(session, there)
    assert [item.title for item in mine] == [item.title for item in theirs]
    assert not {item.uuid for item in mine} & {item.uuid for item in theirs}
    assert [item.title for item in mine if item.fixed] == ["First visit alone"]


def test_new_words_and_another_order_keep_what_was_ticked(
    session: Session, here: ProviderView, ngozi: MemberView
) -> None:
    first, second, *rest = supervision.items_of(session, here)
    supervision.tick(
        session, here.id, ngozi.person_id, first.uuid, on=TODAY, now=NOW, today=TODAY, by=None, with_id=ngozi.person_id
    )
    wanted = [(second.uuid, second.title), (first.uuid, "Met everybody"), *((each.uuid, each.title) for each in rest)]
    assert supervision.set_items(session, here, wanted, now=LATER, by=None)
    assert not supervision.set_items(session, here, wanted, now=LATER, by=None)
    found = lines(session, here, ngozi)
    assert [(each.item.title, each.on, each.with_whom) for each in found[:2]] == [
        (second.title, None, ""),
        ("Met everybody", TODAY, "Ngozi Obi"),
    ]


def test_a_line_taken_off_stays_in_the_record_of_whoever_has_it(
    session: Session, here: ProviderView, ngozi: MemberView
) -> None:
    first, *rest = supervision.items_of(session, here)
    supervision.set_items(session, here, [(None, "Tea with the office"), (first.uuid, first.title)], now=NOW, by=None)
    supervision.tick(session, here.id, ngozi.person_id, first.uuid, on=TODAY, now=NOW, today=TODAY, by=None)
    supervision.set_items(session, here, [(None, "Tea with the office")], now=LATER, by=None)
    found = lines(session, here, ngozi)
    assert [(each.item.title, each.on_list) for each in found] == [
        ("Tea with the office", True),
        ("First visit alone", True),
        (first.title, False),
    ]
    assert len(rest) > 10


def test_the_first_visit_alone_cannot_be_taken_off_and_is_told_for_figures(
    session: Session, here: ProviderView, ngozi: MemberView
) -> None:
    supervision.set_items(session, here, [], now=NOW, by=None)
    assert [item.fixed for item in supervision.items_of(session, here)] == [True]
    alone = supervision.first_visit_of(here)
    assert supervision.first_visits(session, here) == {}
    supervision.tick(session, here.id, ngozi.person_id, alone, on=TODAY, now=NOW, today=TODAY, by=None)
    assert supervision.first_visits(session, here) == {ngozi.person_id: TODAY}
    supervision.untick(session, here.id, ngozi.person_id, alone, now=LATER, by=None)
    assert supervision.first_visits(session, here) == {}
    assert [each.on for each in lines(session, here, ngozi, as_at=TODAY) if each.item.fixed] == [TODAY]


def test_a_day_to_come_is_not_ticked_and_words_have_a_limit(
    session: Session, here: ProviderView, ngozi: MemberView
) -> None:
    alone = supervision.first_visit_of(here)
    with pytest.raises(SupervisionError):
        supervision.tick(
            session, here.id, ngozi.person_id, alone, on=TODAY + timedelta(days=1), now=NOW, today=TODAY, by=None
        )
    with pytest.raises(SupervisionError):
        supervision.set_items(session, here, [(None, "x" * 201)], now=NOW, by=None)
    with pytest.raises(SupervisionError):
        supervision.set_items(session, here, [(None, f"Line {number}") for number in range(61)], now=NOW, by=None)
