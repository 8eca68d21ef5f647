"""Asking many people for modules: what it changes is said before it is done, and it can be taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Flask

from app import learning, providers
from app.extensions import db
from app.kernel import utc_now
from app.messages import Reason, Suggestion
from app.providers import MemberView, Role
from app.web.manager.assign_many import SuggestionLine, suggested
from app.web.manager.choosing import Choice
from tests.support.learning_place import RIGHT, ask_for, joined, publish_modules
from tests.support.statements import statements
from tests.support.website import Browser, Place

ASK = "/staff/people/ask"


def asked(place: Place) -> dict[str, set[str]]:
    """Who is asked for what now, by name."""
    db.session.rollback()
    members = providers.list_members(db.session(), place.provider.id)
    found: dict[str, set[str]] = {}
    for row in learning.assignments_of(db.session(), place.provider.id, [m.person_id for m in members]):
        name = next(m.name for m in members if m.person_id == row.person_id)
        found.setdefault(name, set()).add(f"{row.module} {row.due}")
    return found


def test_it_says_who_is_new_asked_already_or_in_date_before_anything_is_saved(bramble: Place, priya: Browser) -> None:
    sha = publish_modules("Falls", "Choking")["falls"]
    ada, ben = joined(bramble, "Ada Done"), joined(bramble, "Ben Asked")
    ada.answers(sha, RIGHT, at=utc_now() - timedelta(days=2))
    ask_for(bramble, ben.member, "falls", in_days=5)
    bramble.add("Cy New")
    due = (utc_now() + timedelta(days=20)).date()
    priya.get(ASK)
    page = priya.post(ASK, who="everybody", module=["falls"], due=due.isoformat())
    assert "3 people: 1 new, 1 already asked, 1 has it" in page.text
    assert asked(bramble) == {"Ben Asked": {f"falls {(utc_now() + timedelta(days=5)).date()}"}}
    page = priya.post(ASK, who="everybody", module=["falls"], due=due.isoformat(), ask="yes")
    assert page.heading == "Asked"
    assert asked(bramble)["Cy New"] == {f"falls {due}"}
    assert "Ada Done" not in asked(bramble)


def test_undo_takes_all_of_it_back_and_gives_changed_dates_back(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    ben = bramble.add("Ben Asked")
    bramble.add("Cy New")
    ask_for(bramble, ben, "falls", in_days=5)
    before = asked(bramble)
    priya.get(ASK)
    fields: dict[str, str | list[str]] = {"who": "everybody", "module": ["falls"], "due": "2099-01-01"}
    priya.post(ASK, **fields)
    priya.post(ASK, **fields, **{"change-dates": "yes", "ask": "yes"})
    assert asked(bramble) == {"Ben Asked": {"falls 2099-01-01"}, "Cy New": {"falls 2099-01-01"}}
    priya.post("/staff/people/ask/undo")
    assert asked(bramble) == before
    trail = priya.get("/staff/audit").text
    assert "Priya Nair stopped asking Cy New for Falls" in trail


def test_a_team_a_role_and_people_ticked_can_be_asked(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    north, both = bramble.add("Ada North"), bramble.add("Ben Both", Role.LEARNER, Role.ASSESSOR)
    bramble.add("Cy Neither")
    team = providers.add_team(db.session(), bramble.provider.id, "North", now=utc_now())
    providers.set_teams(db.session(), bramble.provider.id, north.person_id, [team.uuid], now=utc_now())
    db.session.commit()
    priya.get(ASK)
    assert "1 person: 1 new" in priya.post(ASK, who=f"team-{team.uuid}", module=["falls"], due="").text
    assert "Ben Both" in priya.post(ASK, who="role-assessor", module=["falls"], due="").text
    page = priya.post(
        ASK, who="ticked", people=[str(both.person_uuid), str(north.person_uuid)], module=["falls"], due=""
    )
    assert "2 people: 2 new" in page.text


def test_what_is_missing_is_said_and_nothing_typed_is_lost(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    ada = bramble.add("Ada North")
    priya.get(ASK)
    page = priya.post(ASK, who="ticked", due="2020-02-30")
    assert page.status == 400
    for words in ("Choose at least one person.", "Pick a module from the list.", "Type it as year, month, day"):
        assert words in page.text
    page = priya.post(ASK, who="ticked", people=[str(ada.person_uuid)], module=["falls"], due="2020-02-01")
    assert "This day has passed." in page.text
    assert page.all(".//option[@selected]")[0].get("value") == "falls"
    assert any(box.get("checked") is not None for box in page.all(".//input[@name='people']"))


def test_what_runs_out_and_what_was_left_is_suggested(bramble: Place, priya: Browser) -> None:
    shas = publish_modules("Falls", "Choking")
    ada = joined(bramble, "Ada Left")
    stamp = (utc_now() - timedelta(days=15)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    ada.phone.send(db.session(), ada.phone.read_lesson(shas["choking"], at=stamp), now=utc_now() - timedelta(days=15))
    page = priya.get(ASK)
    assert "Choking: 1 person began it and left it for two weeks." in page.text
    [link] = [each for each in page.all(".//a") if (each.text or "") == "Nudge them"]
    address = link.get("href", "")
    assert str(ada.member.person_uuid) not in address
    bramble.add("Ben Fine")
    page = priya.get(address)
    ticked = [box.get("value") for box in page.all(".//input[@name='people']") if box.get("checked") is not None]
    assert ticked == [str(ada.member.person_uuid)]


def test_a_suggestion_for_two_hundred_has_a_short_address() -> None:
    """gunicorn takes 4,094 bytes of one; a person's name in it would be 44."""
    people = {
        n: MemberView(
            membership_id=n, person_id=n, person_uuid=UUID(int=n), name=f"Carer {n}", provider_id=1,
            roles=frozenset({Role.LEARNER}), started=utc_now(), ended=None, archived_at=None, has_pin=True,
        )
        for n in range(200)
    }  # fmt: skip
    app = Flask(__name__)
    app.add_url_rule("/ask", "manager.ask_many")
    app.add_url_rule("/nudge", "messages.nudge")
    with app.test_request_context():
        for reason in Reason:
            found = Suggestion(reason=reason, module="falls", people=tuple(people), day=None)
            line = SuggestionLine.of(found, titles={}, people=people)
            assert "200 people" in line.words
            assert len(line.href) < 200
            with app.test_request_context(line.href):
                before = Choice(members=tuple(people.values()), groups=(), group="", ticked=frozenset())
                assert len(suggested(before, [found]).chosen) == 200


def test_asking_fifty_takes_as_many_looks_as_asking_five(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")

    def looked() -> int:
        priya.get(ASK)
        with statements(db.engine) as sent:
            assert priya.post(ASK, who="everybody", module=["falls"], due="").status == 200
        return len(sent)

    for number in range(5):
        bramble.add(f"Carer {number}")
    few = looked()
    for number in range(5, 50):
        bramble.add(f"Carer {number}")
    assert looked() == few <= 30
