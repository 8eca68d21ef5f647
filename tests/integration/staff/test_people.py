"""The list of people: who needs the manager, and why."""

from __future__ import annotations

from datetime import timedelta

from app import providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.learning_place import RIGHT, ask_for, joined, publish_modules
from tests.support.website import Browser, Page, Place


def section(page: Page, label: str) -> list[str]:
    """The words of each line of a list."""
    for found in page.all(".//ul"):
        if found.get("aria-label") == label:
            return [" ".join("".join(item.itertext()).split()) for item in found.findall("li")]
    return []


def test_a_provider_without_carers_is_told_the_first_steps(priya: Browser) -> None:
    page = priya.get("/staff/people")
    assert "Add your first carer. You need only a name." in page.text


def test_a_name_is_enough_to_add_a_person_and_leads_to_their_code(priya: Browser) -> None:
    priya.get("/staff/people/add")
    page = priya.post("/staff/people/add", name="  Ngozi   Obi ", roles=["learner"])
    assert page.heading == "A code for Ngozi Obi"
    [line] = section(priya.get("/staff/people"), "People who need you")
    assert line.startswith("Ngozi Obi Carer Waiting to join since ")


def test_without_a_name_the_form_says_what_to_do(priya: Browser) -> None:
    priya.get("/staff/people/add")
    page = priya.post("/staff/people/add", name=" ", roles=["manager"])
    assert page.status == 400
    assert "Type a name." in page.text
    assert page.all(".//input[@id='role-manager']")[0].get("checked") is not None


def test_people_stand_in_the_order_in_which_they_need_the_manager(bramble: Place, priya: Browser) -> None:
    shas = publish_modules("Falls", "Choking", "Hand washing")
    now = utc_now()
    done, late, later, soon = (joined(bramble, name) for name in ("Ada Done", "Ben Late", "Cy Later", "Di Soon"))
    bramble.add("Eve Waiting")
    for learner in (done, late):
        learner.answers(shas["falls"], RIGHT, at=now - timedelta(days=2))
    ask_for(bramble, late.member, "choking", in_days=-3)
    ask_for(bramble, later.member, "choking", in_days=-10)
    ask_for(bramble, soon.member, "hand-washing", in_days=5)
    page = priya.get("/staff/people")
    needs = section(page, "People who need you")
    assert [line.split(" Carer")[0] for line in needs] == ["Cy Later", "Ben Late", "Eve Waiting"]
    assert "Overdue Choking" in needs[0]
    assert "1 of 2 in date" in needs[1]
    others = section(page, "Everyone else")
    assert any(line.startswith("Di Soon") and "Due soon Hand washing" in line for line in others)
    assert any(line.startswith("Ada Done") and "In date" in line for line in others)


def test_when_nobody_needs_her_it_says_so_and_what_comes_next(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    ask_for(bramble, joined(bramble, "Di Soon").member, "falls", in_days=5)
    page = priya.get("/staff/people")
    assert "Everyone is in date. Next: " in page.text
    assert not section(page, "People who need you")


def test_it_says_when_a_phone_was_last_heard(bramble: Place, priya: Browser) -> None:
    sha = publish_modules("Falls")["falls"]
    ada = joined(bramble, "Ada Done")
    ada.answers(sha, RIGHT, at=utc_now() - timedelta(days=9), received=utc_now())
    joined(bramble, "Ben New")
    page = priya.get("/staff/people")
    lines = section(page, "Everyone else")
    assert any(line.startswith("Ada Done") and "Phone last heard today" in line for line in lines)
    assert any(line.startswith("Ben New") and "Nothing sent yet" in line for line in lines)


def test_a_search_finds_by_any_part_of_a_name(bramble: Place, priya: Browser) -> None:
    for name in ("Ngozi Obi", "Marta Kowalska", "Jean-Paul Obi"):
        bramble.add(name)
    found = section(priya.get("/staff/people?q=obi"), "People who need you")
    assert [line.split(" Carer")[0] for line in found] == ["Jean-Paul Obi", "Ngozi Obi"]
    assert "Nobody found" in priya.get("/staff/people?q=zz<b>").text


def test_those_who_left_are_shown_only_when_asked_for(bramble: Place, priya: Browser) -> None:
    member = bramble.add("Ngozi Obi")
    bramble.add("Marta Kowalska")
    providers.end_membership(db.session(), bramble.provider.id, member.person_id, now=utc_now())
    db.session.commit()
    assert "Ngozi" not in priya.get("/staff/people").text
    [line] = section(priya.get("/staff/people?left=1"), "Those who left")
    assert line.startswith("Ngozi Obi Carer Left on ")


def test_somebody_who_came_back_is_shown_once(bramble: Place, priya: Browser) -> None:
    member = bramble.add("Ngozi Obi")
    providers.end_membership(db.session(), bramble.provider.id, member.person_id, now=utc_now())
    providers.add_membership(db.session(), bramble.provider.id, member.person_id, (Role.LEARNER,), now=utc_now())
    db.session.commit()
    assert priya.get("/staff/people?left=1").text.count("Ngozi Obi") == 1
