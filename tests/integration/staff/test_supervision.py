"""Supervision on the staff pages: due next, writing down, the plan both see, induction; for one's own people only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import supervision
from app.extensions import db
from app.kernel import day_of, new_uuid7, utc_now
from tests.support.learning_place import Learner, joined
from tests.support.statements import statements
from tests.support.website import Browser, Place, set_up

HERE = "/staff/supervision"


@pytest.fixture
def ngozi(bramble: Place) -> Learner:
    return joined(bramble, "Ngozi Obi")


def at(who: Learner, more: str = "") -> str:
    return f"{HERE}/{who.member.person_uuid}{more}"


def days_ago(days: int) -> str:
    return (day_of(utc_now()) - timedelta(days=days)).isoformat()


def write_down(priya: Browser, who: Learner, **fields: str) -> str:
    priya.get(at(who, "/new"))
    values = {"kind": "supervision", "held_on": days_ago(3), "led_by_other": "Dawn Hill", "shared": "Nights are hard"}
    return priya.post(at(who, "/new"), **{**values, **fields}).text


def test_a_meeting_is_written_down_and_what_was_agreed_is_ticked(priya: Browser, ngozi: Learner) -> None:
    text = write_down(
        priya, ngozi, private="Ask about the rota", **{"action-1": "Swap two nights", "action-1-due": days_ago(-7)}
    )
    assert "Held by Dawn Hill" in text
    assert "For managers only Ask about the rota" in text
    (meeting,) = supervision.meetings_of(db.session(), ngozi.member.provider_id)
    (action,) = meeting.actions
    done = priya.post(at(ngozi, f"/actions/{action.uuid}/done")).text
    assert "Agreed and open" not in done
    assert "Swap two nights" in done
    again = priya.post(at(ngozi, f"/actions/{action.uuid}/open")).text
    assert "Agreed and open Swap two nights" in again
    trail = priya.get("/staff/audit").text
    assert "Priya Nair wrote a meeting with Ngozi Obi down: supervision" in trail
    assert "rota" not in trail


def test_nothing_typed_is_lost_on_an_error(priya: Browser, ngozi: Learner) -> None:
    text = write_down(priya, ngozi, held_on=days_ago(-2), private="Ask about the rota", **{"action-2-due": days_ago(0)})
    assert priya.page is not None
    assert priya.page.status == 400
    assert "Say what was agreed, or empty the day." in text
    assert "Nights are hard" in text
    assert "Ask about the rota" in text
    text = write_down(priya, ngozi, held_on=days_ago(-2))
    assert "This day is still to come." in text
    assert supervision.meetings_of(db.session(), ngozi.member.provider_id) == ()


def test_a_meeting_without_a_word_asks_for_a_line_beside_the_field(
    priya: Browser, bramble: Place, ngozi: Learner
) -> None:
    asked = "Write at least one line: what you talked about, or what was agreed."
    text = write_down(priya, ngozi, shared=" \r\n ", kind="appraisal", held_on=days_ago(4))
    assert priya.page is not None
    assert priya.page.status == 400
    assert [each.get("href") for each in priya.page.all(".//div[@role='alert']//a")] == ["#shared"]
    assert text.count(asked) == 2
    (box,) = priya.page.all(".//textarea[@id='shared']")
    assert box.get("aria-invalid") == "true"
    typed = {each.get("name"): each.get("value") for each in priya.page.all(".//main//input")}
    assert (typed["held_on"], typed["led_by_other"]) == (days_ago(4), "Dawn Hill")
    (kind,) = priya.page.all(".//select[@id='kind']/option[@selected]")
    assert kind.get("value") == "appraisal"

    priya.get(f"{HERE}/team")
    fields = {"held_on": days_ago(1), "led_by_other": "Priya", "came": [str(ngozi.member.person_uuid)]}
    page = priya.post(f"{HERE}/team", **fields)
    assert (page.status, page.text.count(asked)) == (400, 2)
    assert [each.get("value") for each in page.all(".//input[@name='came'][@checked]")] == fields["came"]
    assert supervision.meetings_of(db.session(), bramble.provider.id) == ()


@pytest.mark.parametrize(
    "line",
    [
        {"shared": "Nights are hard"},
        {"private": "Ask about the rota"},
        {"action-3": "Swap two nights"},
        {"next_on": days_ago(-30)},
    ],
    ids=["shared", "private", "agreed", "only-booked"],
)
def test_one_line_or_a_day_for_the_next_one_is_enough(priya: Browser, ngozi: Learner, line: dict[str, str]) -> None:
    write_down(priya, ngozi, **{"shared": "", **line})
    assert len(supervision.meetings_of(db.session(), ngozi.member.provider_id)) == 1


def test_a_meeting_is_taken_out_with_a_reason_and_written_again(priya: Browser, ngozi: Learner) -> None:
    write_down(priya, ngozi)
    (meeting,) = supervision.meetings_of(db.session(), ngozi.member.provider_id)
    out = at(ngozi, f"/meetings/{meeting.uuid}/take-out")
    priya.get(at(ngozi))
    assert "Say in a few words why" in priya.post(out, reason=" ").text
    assert "Taken out of the record: The wrong day" in priya.post(out, reason="The wrong day").text
    form = priya.get(at(ngozi, f"/new?again={meeting.uuid}"))
    assert "Nights are hard" in form.text


def test_the_overview_shows_who_is_due_first_and_follows_the_policy(
    priya: Browser, bramble: Place, ngozi: Learner
) -> None:
    bramble.add("Tom Ash")
    assert "Nobody is due within four weeks." in priya.get(HERE).text
    everybody = priya.get(f"{HERE}?all=1").text
    assert "Tom Ash" in everybody
    write_down(priya, ngozi, held_on=days_ago(100))
    assert "1 overdue." in priya.get(HERE).text
    priya.get(f"{HERE}/periods")
    wrong = priya.post(f"{HERE}/periods", **{"supervision": "often", "appraisal": "12", "appraisal-unit": "months"})
    assert wrong.status == 400
    assert "Type a whole number" in wrong.text
    fields = {"supervision": "", "supervision-unit": "weeks", "appraisal": "12", "appraisal-unit": "months"}
    assert "Your policy: Appraisal every 12 months." in priya.post(f"{HERE}/periods", **fields).text
    assert "No law gives a number" in priya.get(HERE).text


def test_the_plan_is_the_carers_and_the_managers_together(priya: Browser, ngozi: Learner) -> None:
    goal = str(new_uuid7())
    data = {"goal": goal, "text": "Use the hoist alone", "by": "2027-03-01", "done": False}
    ngozi.phone.send(db.session(), ngozi.phone.record("goal.saved", data), now=utc_now())
    page = priya.get(at(ngozi))
    assert "Use the hoist alone Open Their own By 1 March 2027" in page.text
    assert "Write a goal first." in priya.post(at(ngozi, "/goals"), **{"goal": "", "goal-by": ""}).text
    priya.post(at(ngozi, "/goals"), **{"goal": "Lead a visit", "goal-by": "2027-04-01"})
    text = priya.post(at(ngozi, f"/goals/{goal}/comments"), comment="Dawn can show you").text
    assert "Lead a visit Open From a manager By 1 April 2027" in text
    assert "Dawn can show you Priya Nair" in text
    mine = next(
        each
        for each in supervision.plans_of(db.session(), ngozi.member.provider_id, [ngozi.member.person_id])[
            ngozi.member.person_id
        ]
        if each.origin == "manager"
    )
    assert "Lead a visit" not in priya.post(at(ngozi, f"/plan/{mine.goal}/end")).text
    assert "Lead a visit" not in priya.get(at(ngozi, f"?on={days_ago(1)}")).text
    assert "As it was at the end of" in priya.get(at(ngozi, f"?on={days_ago(1)}")).text


def test_the_induction_is_ticked_with_day_and_person_taken_back_and_shown(
    priya: Browser, bramble: Place, ngozi: Learner
) -> None:
    alone = supervision.first_visit_of(bramble.provider)
    first = supervision.items_of(db.session(), bramble.provider)[0]
    address = at(ngozi, "/induction")
    priya.get(address)
    assert "Tick at least one line" in priya.post(address, on=days_ago(2)).text
    dawn = str(bramble.manager.person_uuid)
    text = priya.post(address, on=days_ago(2), items=[str(alone), str(first.uuid)], **{"with": dawn}).text
    assert "2 of 20 done" in text
    assert "with Priya Nair" in text
    assert "First visit alone Not yet" not in priya.get(f"/staff/people/{ngozi.member.person_uuid}").text
    priya.get(address)
    assert "1 of 20 done" in priya.post(at(ngozi, f"/induction/{first.uuid}/open")).text


def test_the_checklist_is_changed_and_wrong_numbers_are_told(priya: Browser, bramble: Place) -> None:
    items = supervision.items_of(db.session(), bramble.provider)
    address = f"{HERE}/checklist"
    priya.get(address)
    same = {f"title-{each.uuid}": each.title for each in items} | {
        f"place-{each.uuid}": str(place) for place, each in enumerate(items, 1)
    }
    wrong = priya.post(address, **{**same, f"place-{items[0].uuid}": "first"})
    assert wrong.status == 400
    assert "Type a number: 1 is the first line." in wrong.text
    changed = {**same, f"title-{items[0].uuid}": "", f"place-{items[1].uuid}": "99", "new-1": "Tea with the office"}
    assert priya.post(address, **changed).status == 200
    titles = [each.title for each in supervision.items_of(db.session(), bramble.provider)]
    assert items[0].title not in titles
    assert titles[-2:] == [items[1].title, "Tea with the office"]


def test_a_team_meeting_is_kept_for_everybody_who_came(priya: Browser, bramble: Place, ngozi: Learner) -> None:
    tom = bramble.add("Tom Ash")
    address = f"{HERE}/team"
    priya.get(address)
    fields = {"held_on": days_ago(1), "led_by_other": "Priya", "shared": "New gloves"}
    assert "Tick who came." in priya.post(address, **fields).text
    came = [str(tom.person_uuid), str(ngozi.member.person_uuid)]
    priya.post(address, came=came, **fields)
    found = supervision.meetings_of(db.session(), bramble.provider.id)
    assert {each.person_id for each in found} == {tom.person_id, ngozi.member.person_id}
    assert {each.kind for each in found} == {"team-meeting"}


def test_another_providers_people_are_not_there(priya: Browser) -> None:
    other = set_up("Thistle Care", "Dawn Hill", "dawn")
    hidden = joined(other, "Xanthippe Brown")
    for more in ("", "/new", "/induction"):
        assert priya.get(at(hidden, more)).status == 404


@pytest.mark.parametrize("address", [HERE, f"{HERE}?all=1"])
def test_the_overview_takes_as_many_statements_for_forty_people_as_for_four(
    bramble: Place, priya: Browser, address: str
) -> None:
    def count() -> int:
        with statements(db.engine) as sent:
            assert priya.get(address).status == 200
        return len(sent)

    for number in range(4):
        bramble.add(f"Carer {number}")
    few = count()
    for number in range(4, 40):
        bramble.add(f"Carer {number}")
    assert count() == few <= 14
