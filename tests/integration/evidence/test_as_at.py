"""As at an earlier day a pack says what was true then, whatever was done since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app import audit, learning, providers, requirements, sync
from app.compliance.evidence import Contents
from app.content.models import Edition
from app.providers import Role
from app.requirements import Asks, Basis, Elsewhere
from tests.support.editions import edition
from tests.support.evidence_place import WRONG, Bramble, answer, bramble, scope
from tests.support.publishing import publish
from tests.support.world import NOW, add_phone

LATER = NOW + timedelta(days=60)
BEFORE = NOW - timedelta(days=60)


def needs(made: Bramble) -> None:
    """A list, a profile, an exception and a certificate, all before the day of the pack."""
    session, here, by = made.session, made.provider.id, made.priya.person_id
    asks = Asks(
        title="Fire safety",
        basis=Basis.MANDATORY,
        driver="Fire Order 2005",
        source="Our own policy",
        modules=("choking",),
        practice=(),
        elsewhere=Elsewhere.INSTEAD,
        refresh_months=12,
        window_days=30,
        grace_days=0,
        first_due_days=10,
    )
    fire = requirements.add_training(session, here, asks, now=BEFORE, by=by)
    first_aid = requirements.add_training(
        session, here, replace(asks, title="First aid", modules=()), now=BEFORE, by=by
    )
    job = requirements.add_profile(session, here, "Care worker", None, (fire, first_aid), now=BEFORE, by=by)
    for member in (made.ngozi, made.marta):
        requirements.give(session, here, job, [member.person_id], now=BEFORE, by=by)
    session.commit()


def told(contents: Contents) -> dict[str, object]:
    """All of it, by part and table."""
    return {f"{part.key}/{each.key}": (each.columns, each.rows) for part in contents.parts for each in part.tables} | {
        "staff": contents.staff,
        "files": [(each.name, each.body) for part in contents.parts for each in part.editions],
    }


def change_everything(made: Bramble) -> None:
    """What a provider may do in two months."""
    session, here = made.session, made.provider.id
    learning.assign(session, here, made.ngozi.person_id, "choking", due=date(2026, 9, 1), now=LATER)
    learning.end_assignment(session, here, made.marta.person_id, "falls", now=LATER)
    learning.assign(session, here, made.priya.person_id, "falls", due=None, now=LATER)
    providers.change_roles(session, here, made.ngozi.person_id, (Role.LEARNER, Role.TRAINER))
    audit.note(
        session,
        "person.roles-changed",
        actor=audit.OPERATOR,
        now=LATER,
        provider=made.provider.uuid,
        subject=made.ngozi.person_uuid,
        details={"roles": "learner,trainer"},
    )
    new = providers.add_person(session, here, "New Starter", (Role.LEARNER,), now=LATER)
    providers.end_membership(session, here, made.marta.person_id, now=LATER)
    session.commit()
    answer(made, made.phone, "choking", WRONG, "2026-08-01T10:00:00.000Z")
    publish(session, edition("falls", 2, change="major", title="Falls and trips"), at=LATER)
    row = session.get(Edition, made.shas["falls"])
    assert row is not None
    row.withdrawn_at, row.withdrawn_reason = LATER, "Out of date"
    # Ngozi's first go was right all along.
    sync.correct(session, "falls", 1, "first-thing", ["a"], reason="The key was wrong", now=LATER)
    session.commit()
    add_phone(session, new, now=LATER)


def test_a_pack_as_at_an_earlier_day_has_the_same_contents_whatever_came_after(session: Session) -> None:
    made = bramble(session)
    needs(made)
    before = told(made.contents())

    change_everything(made)
    for training in requirements.trainings(session, made.provider.id):
        requirements.make_exception(
            session,
            made.provider.id,
            made.ngozi.person_id,
            training.uuid,
            "Not in her first year",
            until=None,
            now=LATER,
            by=made.priya.person_id,
        )
    session.commit()
    after = told(made.contents(now=LATER + timedelta(days=1)))

    assert before.keys() == after.keys()
    for key, value in before.items():
        assert after[key] == value, key
    assert before["matrix/matrix-lines"][1]  # type: ignore[index]


def test_as_at_the_later_day_the_changes_are_there(session: Session) -> None:
    """Were it blind to what was changed, the test above could not fail."""
    made = bramble(session)
    day = LATER.date() + timedelta(days=1)
    before = told(made.contents())
    change_everything(made)

    after = told(made.contents(scope(until=day, as_at=day), now=LATER + timedelta(days=2)))

    for key in ("people/people", "modules/modules", "modules/attempts", "gaps/gaps", "gaps/asked", "editions/editions"):
        assert after[key] != before[key], key
    people = after["people/people"][1]  # type: ignore[index]
    assert [row[0] for row in people] == ["Marta Kowalska", "New Starter", "Ngozi Obi", "Priya Nair"]
    results = {(row[0], row[7]) for row in after["modules/attempts"][1] if row[4].month == 4}  # type: ignore[index]
    assert results == {("Ngozi Obi", "passed")}


def test_roles_nobody_noted_before_a_change_are_said_to_be_unknown(session: Session) -> None:
    made = bramble(session)
    member = providers.add_person(session, made.provider.id, "Quiet One", (Role.LEARNER,), now=BEFORE)
    audit.note(
        session,
        "person.roles-changed",
        actor=audit.OPERATOR,
        now=LATER,
        provider=made.provider.uuid,
        subject=member.person_uuid,
        details={"roles": "manager"},
    )
    session.commit()

    [quiet] = [each for each in made.contents(now=LATER).staff if each.name == "Quiet One"]

    assert quiet.roles is None
