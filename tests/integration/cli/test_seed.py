"""A made-up provider looks lived in, and is never mixed with real people."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from flask import Flask

from app import assessment, compliance, learning, messages, providers, requirements, supervision, sync
from app.assessment import State
from app.cli.seeding import CARERS, DEVELOPMENT_PASSWORD
from app.compliance import Need
from app.config import Mode, Settings
from app.extensions import db
from app.kernel import utc_now
from app.requirements import OutsideState
from app.supervision import MeetingKind, Standing
from app.web.manager.library import library_of
from tests.support.learning_place import publish_modules
from tests.support.website import Browser, sign_in

TITLES = [f"Module {number}" for number in range(10)]


def seed(app: Flask) -> None:
    publish_modules(*TITLES)
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 0, result.output


def test_its_people_stand_at_different_points(app: Flask, browser: Browser) -> None:
    seed(app)
    [provider] = providers.list_providers(db.session())
    chains = library_of(provider.id).chains
    people = compliance.people_overview(db.session(), provider.id, chains=chains, now=utc_now(), with_ended=True)
    assert len(people) == len(CARERS) + 2
    assert {p.need for p in people} >= {Need.OVERDUE, Need.NOT_JOINED, Need.DUE_SOON, Need.NOTHING, Need.LEFT}
    ids = [p.member.person_id for p in people]
    assert sum(sync.count_held(db.session(), person_id) for person_id in ids) == 1
    attempts = learning.attempts_of(db.session(), provider.id, ids)
    assert {attempt.passed for attempt in attempts} == {True, False}
    assert any((attempt.received_at - attempt.at).days >= 10 for attempt in attempts)
    assert all(attempt.received_at <= utc_now() for attempt in attempts)
    assert sign_in(browser, "priya", DEVELOPMENT_PASSWORD).heading == "People"
    for person in people:
        assert browser.get(f"/staff/people/{person.member.person_uuid}").status == 200


def test_every_page_of_the_day_has_something_to_show(app: Flask, browser: Browser) -> None:
    seed(app)
    session = db.session()
    [provider] = providers.list_providers(session)
    members = {member.name: member for member in providers.list_members(session, provider.id)}
    ids = [member.person_id for member in members.values()]
    assert [team.name for team in providers.list_teams(session, provider.id)] == ["North round", "South round"]
    assert members["Ngozi Obi"].reference == "B101"
    assert len(requirements.profiles_of(session, provider.id)) >= 8
    states = Counter(each.state for each in assessment.observations_of(session, provider.id, ids))
    assert states == {State.COUNTS: 3, State.WAITING: 1, State.DISAGREED: 1}
    assert [each.name for each in assessment.appointments(session, provider.id)] == ["Tom Price"]
    certificates = Counter(each.state for each in requirements.outside(session, provider.id))
    assert certificates == {OutsideState.ACCEPTED: 1, OutsideState.OFFERED: 1, OutsideState.BOOKED: 1}
    assert [each.person_id for each in requirements.exceptions(session, provider.id)] == [
        members["Ioana Popescu"].person_id
    ]
    starts = {member.person_id: member.started.date() for member in members.values()}
    due = supervision.due_of(session, provider.id, starts, today=utc_now().date())
    kind = MeetingKind.SUPERVISION
    assert due[members["Ngozi Obi"].person_id][kind].standing is Standing.LATER
    assert due[members["Aisha Rahman"].person_id][kind].standing is Standing.SOON
    [goal] = supervision.plans_of(session, provider.id, ids)[members["Aisha Rahman"].person_id]
    assert (goal.text, len(goal.comments)) == ("Feel sure with the hoist", 1)
    kwame = members["Kwame Mensah"].person_id
    lines = supervision.inductions_of(session, provider, [kwame])[kwame]
    assert (sum(line.on is not None for line in lines), len(lines)) == (10, 20)
    ngozi = members["Ngozi Obi"].person_id
    assert len(messages.for_phone(session, provider.id, ngozi, now=utc_now())) == 1
    assert sign_in(browser, "priya", DEVELOPMENT_PASSWORD).heading == "People"
    for page in ("people", "matrix", "needed", "practice", "messages", "supervision", "evidence", "figures"):
        assert browser.get(f"/staff/{page}").status == 200, page


def test_it_refuses_where_anybody_is_already(app: Flask) -> None:
    seed(app)
    before = providers.list_providers(db.session())
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 1
    assert "Nothing was changed." in result.output
    assert providers.list_providers(db.session()) == before


def test_it_refuses_in_production(app: Flask) -> None:
    settings: Settings = app.extensions["bv.settings"]
    app.extensions["bv.settings"] = replace(settings, mode=Mode.PRODUCTION)
    result = app.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 1
    assert providers.list_providers(db.session()) == ()


def test_serve_info_says_who_can_sign_in_and_lets_somebody_join(app: Flask, browser: Browser) -> None:
    seed(app)
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["serve-info", "--json"])
    told = json.loads(result.output)
    assert {entry["sign_in"] for entry in told["staff"]} == {"priya", "tom"}
    assert all(entry["development_password"] for entry in told["staff"])
    assert told["assessor"]["name"] == "Tom Price"
    assert browser.get(told["assessor"]["link"].removeprefix("http://localhost")).heading == "Is that you?"
    assert browser.get(told["invite"]["link"].removeprefix("http://localhost")).heading == "Is that you?"
    lines = app.test_cli_runner().invoke(args=["serve-info"]).output
    assert DEVELOPMENT_PASSWORD in lines
    assert "█" in lines


def test_serve_info_in_production_tells_no_password_and_makes_no_code(app: Flask) -> None:
    seed(app)
    settings: Settings = app.extensions["bv.settings"]
    app.extensions["bv.settings"] = replace(settings, mode=Mode.PRODUCTION)
    db.session.rollback()
    output = app.test_cli_runner().invoke(args=["serve-info"]).output
    assert DEVELOPMENT_PASSWORD not in output
    assert "/join/" not in output
