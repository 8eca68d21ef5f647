"""The questions behind the managers' pages, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app import catalogue, compliance, learning
from app.compliance import Need
from app.learning import EditionStep, Status
from app.sync import trail
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.world import NOW, add_person, add_phone, add_provider


def test_overview_report_and_trail_tell_the_same_story(session: Session) -> None:
    publish_core(session)
    sha = publish(session, edition("falls"))
    publish(session, edition("choking"))
    provider = add_provider(session)
    ngozi, idle = add_person(session, provider), add_person(session, provider, "Callum Reid")
    learning.assign(session, provider.id, ngozi.person_id, "choking", due=(NOW - timedelta(days=2)).date(), now=NOW)
    phone = add_phone(session, ngozi)
    done = phone.answered(sha, {"first-thing": ["b"]})
    phone.send(session, done, phone.record("unheard.of"), now=NOW)
    chains = {
        key: tuple(EditionStep(number=s.number, change=s.change, published=s.published) for s in steps)
        for key, steps in catalogue.listing(session, provider.id).chains().items()
    }
    people = compliance.people_overview(session, provider.id, chains=chains, now=NOW)
    assert [(p.member.name, p.need) for p in people] == [("Ngozi Obi", Need.OVERDUE), ("Callum Reid", Need.NOT_JOINED)]
    report = compliance.person_report(session, provider.id, ngozi.person_uuid, chains=chains, now=NOW)
    assert report is not None
    assert [(m.module, m.standing.status, m.assigned, m.attempts) for m in report.modules] == [
        ("choking", Status.OVERDUE, True, 0),
        ("falls", Status.IN_DATE, False, 1),
    ]
    everyone = [ngozi.person_id, idle.person_id]
    assert trail.last_arrivals(session, provider.id, everyone) == {ngozi.person_id: NOW}
    last = report.modules[1].last
    assert last is not None
    assert set(trail.arrivals_of(session, provider.id, ngozi.person_id, [last.record])) == {last.record}
    assert trail.arrivals_of(session, provider.id, idle.person_id, [last.record]) == {}
    assert [w.code for w in trail.waiting_of(session, provider.id, ngozi.person_id)] == ["unknown-kind"]
    assert trail.waiting_of(session, provider.id, idle.person_id) == ()
    assert trail.last_arrivals(session, provider.id + 1, everyone) == {}
