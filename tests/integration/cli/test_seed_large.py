"""The large made-up provider has joiners and leavers, and is mixed with no other."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask

from app import assessment, learning, providers
from app.cli.seeding import large
from app.cli.seeding.careers import Pace, careers
from app.config import Mode, Settings, shipped
from app.extensions import db
from app.kernel import utc_now
from app.requirements import read_usual
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_careers_have_joiners_and_leavers_and_a_few_who_never_joined() -> None:
    found = careers(400, random.Random(1), NOW)
    assert len({career.name for career in found}) == len(found)
    assert sum(career.left is None for career in found) == 400
    assert sum(career.left is not None for career in found) == 120
    assert all(career.began <= career.asked_from < career.end(NOW) for career in found)
    paces = Counter(career.pace for career in found)
    assert paces[Pace.PROMPT] > paces[Pace.STEADY] > paces[Pace.LATE] > paces[Pace.NEVER_JOINED] > 0


def test_it_refuses_in_production_and_beside_others(app: Flask) -> None:
    runner = app.test_cli_runner()
    providers.add_provider(db.session(), "A real one", contact="Ann", now=utc_now())
    db.session.commit()
    seeded = runner.invoke(args=["seed", "--size", "large", "--carers", "12"])
    assert seeded.exit_code == 1
    assert "Nothing was changed." in seeded.output
    served = runner.invoke(args=["serve", "--made-up", "large"])
    assert served.exit_code == 1
    assert "A real one is here already." in served.output
    settings: Settings = app.extensions["bv.settings"]
    app.extensions["bv.settings"] = replace(settings, mode=Mode.PRODUCTION)
    served = runner.invoke(args=["serve", "--made-up", "large"])
    assert served.exit_code == 1
    assert "production" in served.output
    assert [provider.name for provider in providers.list_providers(db.session())] == ["A real one"]


def story(provider_id: int) -> list[list[object]]:
    """Who is there, what they answered, and what was seen of them, without the ids."""
    session = db.session()
    people = providers.list_members(session, provider_id, with_ended=True)
    names = {each.person_id: each.name for each in people}
    goes = learning.attempts_of(session, provider_id, list(names))
    seen = assessment.observations_of(session, provider_id, None)
    return [
        sorted((each.name, str(each.started), str(each.ended), sorted(each.roles), each.reference) for each in people),
        sorted((names[each.person_id], each.module, str(each.at), each.score) for each in goes),
        sorted((each.learner_name, each.standard, str(each.seen_on), str(each.at), each.state) for each in seen),
    ]


def test_the_same_moment_gives_the_same_provider(app: Flask) -> None:
    session = db.session()
    publish_core(session)
    usual = shipped("content") / "requirements"
    for key in sorted({module for line in read_usual(usual).trainings for module in line.asks.modules})[:4]:
        publish(session, edition(key, title=key))
    session.commit()
    made = []
    for _ in range(2):
        made_up = large.fill(session, pin="271828", now=NOW, usual=usual, carers=large.FEWEST, tell=lambda _: None)
        made.append(story(made_up.id))
        session.rollback()
    assert made[0] == made[1]
    assert all(made[0])
