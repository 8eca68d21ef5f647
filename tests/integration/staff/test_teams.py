"""The teams page."""

from __future__ import annotations

import pytest

from app import providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import TeamView
from tests.support.statements import statements
from tests.support.website import Browser, Place, set_up


def add(priya: Browser, name: str) -> None:
    priya.get("/staff/people/teams")
    priya.post("/staff/people/teams", name=name)


def only_team(place: Place) -> TeamView:
    db.session.rollback()
    [team] = providers.list_teams(db.session(), place.provider.id)
    return team


def test_a_team_is_added_filled_renamed_put_away_and_brought_back(bramble: Place, priya: Browser) -> None:
    assert "There are no teams yet." in priya.get("/staff/people/teams").text
    add(priya, "North")
    team, ngozi = only_team(bramble), bramble.add("Ngozi Obi")
    providers.set_teams(db.session(), bramble.provider.id, ngozi.person_id, [team.uuid], now=utc_now())
    db.session.commit()
    page = priya.get("/staff/people/teams")
    assert "1 person in North Ngozi Obi" in page.text
    address = f"/staff/people/teams/{team.uuid}"
    page = priya.post(f"{address}/name", name="North and west")
    assert "North is called North and west now." in page.text
    page = priya.post(f"{address}/put-away")
    assert "A mistake? Bring it back below." in page.text
    assert "1 person in" not in page.text
    page = priya.post(f"{address}/bring-back")
    assert "1 person in North and west Ngozi Obi" in page.text


@pytest.mark.parametrize(("name", "words"), [(" ", "Type a name for the team."), ("north", "a team with this name")])
def test_a_name_that_cannot_be_is_said_beside_its_box(bramble: Place, priya: Browser, name: str, words: str) -> None:
    add(priya, "North")
    page = priya.post("/staff/people/teams", name=name)
    assert page.status == 400
    assert words in page.text
    add(priya, "South")
    south = next(team for team in providers.list_teams(db.session(), bramble.provider.id) if team.name == "South")
    page = priya.post(f"/staff/people/teams/{south.uuid}/name", name=name)
    assert page.status == 400
    assert page.all(f".//input[@id='name-{south.uuid}']")[0].get("value") == name


def test_a_name_taken_meanwhile_keeps_the_old_team_away(bramble: Place, priya: Browser) -> None:
    add(priya, "North")
    old = only_team(bramble)
    priya.get("/staff/people/teams")
    priya.post(f"/staff/people/teams/{old.uuid}/put-away")
    add(priya, "North")
    page = priya.post(f"/staff/people/teams/{old.uuid}/bring-back")
    assert page.status == 400
    assert "There is a team with this name." in page.text


def test_another_providers_team_is_not_there(bramble: Place, priya: Browser) -> None:
    other = set_up("Thistle Care", "Zoe Adair", "zoe")
    theirs = providers.add_team(db.session(), other.provider.id, "Secret round", now=utc_now())
    db.session.commit()
    page = priya.get("/staff/people/teams")
    assert "Secret" not in page.text
    for end in ("name", "put-away", "bring-back"):
        data = {**page.form("/staff/people/teams"), "name": "Mine"}
        assert priya.send("POST", f"/staff/people/teams/{theirs.uuid}/{end}", data=data).status_code == 404


def test_the_page_takes_as_many_statements_for_many_people_as_for_few(bramble: Place, priya: Browser) -> None:
    def fill(numbers: range) -> int:
        for number in numbers:
            team = providers.add_team(db.session(), bramble.provider.id, f"Team {number}", now=utc_now())
            member = bramble.add(f"Carer {number}")
            providers.set_teams(db.session(), bramble.provider.id, member.person_id, [team.uuid], now=utc_now())
        db.session.commit()
        with statements(db.engine) as sent:
            assert priya.get("/staff/people/teams").status == 200
        return len(sent)

    assert fill(range(3)) == fill(range(3, 25))
