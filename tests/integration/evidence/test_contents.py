"""A pack says what the records say: who, what they learned, what was late, and what was done about it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from app import messages, requirements
from app.cli.evidence_job import sent_out
from app.compliance import evidence
from app.requirements import Asks, Basis, Elsewhere, Had, OutsideState
from tests.support.evidence_place import bramble, opened, rows, scope
from tests.support.world import NOW


def test_people_are_those_of_the_time_with_their_roles(session: Session) -> None:
    people = rows(opened(bramble(session).pack()), "people")

    assert [(each["person"], each["roles"]) for each in people] == [
        ("Marta Kowalska", "carer, assessor"),
        ("Ngozi Obi", "carer"),
        ("Priya Nair", "manager"),
    ]


def test_gaps_are_told_with_what_was_done_about_them(session: Session) -> None:
    gaps = rows(opened(bramble(session).pack()), "gaps")

    assert [(each["person"], each["what"], each["state"], each["late"], each["asked_by"]) for each in gaps] == [
        ("Marta Kowalska", "Falls", "Put right", 8, "Priya Nair"),
        ("Ngozi Obi", "Choking", "Overdue", 21, "Priya Nair"),
    ]


def test_a_certificate_that_ran_out_is_a_gap_though_the_module_is_in_date(session: Session) -> None:
    made = bramble(session)
    here, then, marta = made.provider.id, NOW - timedelta(days=60), made.marta.person_id
    asks = Asks(
        title="Moving people",
        basis=Basis.MANDATORY,
        driver="",
        source="",
        modules=("falls",),
        practice=(),
        elsewhere=Elsewhere.NEEDED,
        refresh_months=12,
        window_days=30,
        grace_days=0,
        first_due_days=10,
    )
    needed = requirements.add_training(session, here, asks, now=then)
    job = requirements.add_profile(session, here, "Care worker", None, (needed,), now=then)
    requirements.give(session, here, job, [marta, made.ngozi.person_id], now=then)
    had = Had(
        training=needed,
        title="Moving people",
        taught_by="Thistle",
        taken_on=date(2025, 6, 1),
        valid_until=date(2026, 5, 30),
    )
    paper = requirements.note_outside(session, here, marta, had, now=then)
    requirements.decide_outside(session, here, marta, paper, OutsideState.ACCEPTED, "I have seen it", now=then)
    session.commit()

    gaps = rows(opened(made.pack()), "gaps")

    assert ("Marta Kowalska", "Moving people", "Overdue") in [(e["person"], e["what"], e["state"]) for e in gaps]


def test_every_attempt_of_the_time_is_there_and_no_other(session: Session) -> None:
    made = bramble(session)

    all_of_it = rows(opened(made.pack()), "attempts")
    only_may = rows(opened(made.pack(scope(since=date(2026, 5, 1)))), "attempts")

    assert [(each["person"], each["result"]) for each in all_of_it] == [
        ("Ngozi Obi", "not yet"),
        ("Ngozi Obi", "passed"),
        ("Marta Kowalska", "passed"),
    ]
    assert [each["person"] for each in only_may] == ["Marta Kowalska"]


def test_what_was_taught_is_there_word_for_word(session: Session) -> None:
    made = bramble(session)
    files = opened(made.pack())

    [edition] = rows(files, "editions")

    assert (edition["module"], edition["checked_by"], edition["people"]) == ("Falls", "Nobody yet", 2)
    assert edition["sources"] == "HSE, INDG 401"
    # The edition's own bytes have the hash by which phones know it.
    assert hashlib.sha256(files["editions/falls-1.json"]).hexdigest() == edition["sha"] == made.shas["falls"]
    assert b"What first?" in files["editions/falls-1.html"]


def test_chosen_people_and_parts_are_all_that_is_in_it(session: Session) -> None:
    made = bramble(session)

    files = opened(made.pack(scope(people=(made.ngozi.person_uuid,), parts=("people", "modules"))))

    names = {name for name in files if name.startswith(("tables/", "editions/"))}
    assert names == {f"tables/{key}.{form}" for key in ("people", "modules", "attempts") for form in ("csv", "json")}
    text = b"".join(body for name, body in files.items() if not name.endswith((".pdf", ".xlsx"))).decode()
    assert "Ngozi Obi" in text
    assert "Marta" not in text


def test_the_trail_of_the_time_is_in_it(session: Session) -> None:
    trail = rows(opened(bramble(session).pack()), "trail")

    assert [(each["action"], each["who"], each["whom"]) for each in trail] == [
        ("assignment.made", "Priya Nair", "Ngozi Obi"),
        ("assignment.made", "Priya Nair", "Ngozi Obi"),
        ("assignment.made", "Priya Nair", "Marta Kowalska"),
    ]


def test_what_people_were_sent_is_told_without_its_words(session: Session) -> None:
    made = bramble(session)
    at = datetime(2026, 5, 21, 9, tzinfo=UTC)
    messages.send(
        session,
        made.provider.id,
        made.ngozi.person_id,
        text="Do Choking",
        kind=messages.Kind.MESSAGE,
        by=made.priya.person_id,
        now=at,
    )
    later = datetime(2026, 6, 12, 9, tzinfo=UTC)
    messages.send(
        session,
        made.provider.id,
        made.ngozi.person_id,
        text="And now?",
        kind=messages.Kind.MESSAGE,
        by=made.priya.person_id,
        now=later,
    )
    session.commit()

    contents = evidence.contents_of(session, made.provider.id, scope(), now=NOW, sent=sent_out)

    [part] = [each for each in contents.parts if each.key == "messages"]
    assert [row[:6] for row in part.tables[0].rows] == [("Ngozi Obi", "", "Message", at, "Priya Nair", "app")]
