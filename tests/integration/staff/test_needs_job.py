"""The worker keeps assignments in line with what is needed, once a day, and says so in the trail."""

from __future__ import annotations

from datetime import timedelta

from app import audit, learning, requirements
from app.cli.needs import Needs
from app.extensions import db
from app.kernel import utc_now
from tests.integration.staff.test_needed import listed, profile
from tests.support.learning_place import publish_modules
from tests.support.website import Place


def test_two_workers_do_it_once_a_day(bramble: Place) -> None:
    publish_modules("Falls")
    ngozi = bramble.add("Ngozi Obi")
    job = profile(bramble, "Care worker", listed(bramble, modules=("falls",)))
    requirements.give(db.session(), bramble.provider.id, job.uuid, [ngozi.person_id], now=utc_now())
    db.session.commit()
    now = utc_now()

    one, other = Needs(), Needs()
    assert one(now) == "Assignments as people's jobs need them: 1 added, 0 ended."
    assert other(now) is None
    assert one(now + timedelta(minutes=1)) is None

    [asked] = learning.assignments_of(db.session(), bramble.provider.id, [ngozi.person_id])
    assert asked.module == "falls"
    noted = [each for each in audit.entries(db.session(), limit=5) if each.action == "needs.carried-out"]
    assert [each.details["added"] for each in noted] == [1]
