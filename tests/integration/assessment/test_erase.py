"""Erasing a learner takes what assessors' records say of them; erasing an assessor leaves others their evidence."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import assessment, audit, privacy, providers, sync
from app.assessment import State
from app.kernel import Base
from app.providers import MemberView, ProviderView, Role
from app.sync import Digest, PhoneDigest, Record
from tests.support.practice import appoint, confirms, publish_framework, saw, withdraws
from tests.support.tables import worked_out
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider, words


def place(session: Session) -> tuple[ProviderView, dict[str, MemberView], dict[str, Phone]]:
    publish_framework(session)
    provider = add_provider(session)
    people = {
        "Dawn": add_person(session, provider, "Dawn Marsh", (Role.ASSESSOR, Role.LEARNER)),
        "Ngozi": add_person(session, provider, "Ngozi Obi"),
        "Tom": add_person(session, provider, "Tom Ash"),
    }
    appoint(session, provider, people["Dawn"])
    return provider, people, {name: add_phone(session, member) for name, member in people.items()}


def everywhere(session: Session) -> str:
    return str(
        {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if not table.name.startswith("audit_")
        }
    )


def test_a_learner_goes_out_of_the_assessors_records_too(session: Session) -> None:
    provider, people, phones = place(session)
    dawn = phones["Dawn"]
    ngozi = people["Ngozi"].person_uuid
    made = saw(dawn, ngozi, {"1.1c": "yes"}, decisions=[{"code": "1.1c", "decision": "yes", "saw": "secret-seen"}])
    records = [
        made,
        withdraws(dawn, made["id"], "secret-reason"),
        # Held, as its standard is none; and another content under a known id.
        saw(dawn, ngozi, {"1.1c": "yes"}, standard=700, next_step="secret-held"),
        saw(dawn, people["Tom"].person_uuid, {"1.1c": "yes"}),
    ]
    dawn.send(session, *records)
    dawn.send(session, {**made, "app": "secret-variant"})
    figures = session.execute(select(PhoneDigest.n, PhoneDigest.x).where(PhoneDigest.n > 0)).one()

    privacy.erase(session, provider, people["Ngozi"], actor=audit.OPERATOR, now=NOW)
    session.commit()

    left = everywhere(session)
    for gone in ("secret-seen", "secret-reason", "secret-held", "secret-variant", str(ngozi), repr(ngozi)):
        assert gone not in left, gone
    assert session.scalars(select(Record.erased_at).where(Record.body == "{}")).all() == [NOW] * 3
    views = assessment.observations_of(session, provider.id, None)
    assert [(view.learner_name, view.state) for view in views] == [("Tom Ash", State.WAITING)]
    # Dawn's phone has them still. Its figures agree, and what it sends again is known.
    held = Digest(n=figures.n, x=figures.x)
    assert dawn.send(session, held=held).have is None
    assert words(dawn.send(session, *records, held=held)) == ["duplicate"] * 4
    before = worked_out(session)
    sync.rebuild(session)
    assert worked_out(session) == before


def test_only_one_providers_records_are_touched_where_the_learner_has_another(session: Session) -> None:
    provider, people, phones = place(session)
    other = add_provider(session, "Thistle Care")
    judy = add_person(session, other, "Judy Bell", (Role.ASSESSOR,))
    appoint(session, other, judy)
    ngozi = people["Ngozi"]
    providers.add_membership(session, other.id, ngozi.person_id, [Role.LEARNER], now=NOW)
    there = add_phone(session, judy)
    there.send(session, saw(there, ngozi.person_uuid, {"1.1c": "yes"}))
    phones["Dawn"].send(session, saw(phones["Dawn"], ngozi.person_uuid, {"1.2a": "yes"}))

    privacy.erase(session, provider, ngozi, actor=audit.OPERATOR, now=NOW)
    session.commit()

    assert assessment.observations_of(session, provider.id, None) == ()
    assert [view.assessor_name for view in assessment.observations_of(session, other.id, None)] == ["Judy Bell"]


def test_what_an_erased_assessor_saw_stays_the_learners_evidence(session: Session) -> None:
    provider, people, phones = place(session)
    dawn, ngozi = phones["Dawn"], people["Ngozi"]
    counts = saw(dawn, ngozi.person_uuid, {"1.1c": "yes"}, short="AAAA2222")
    waits = saw(dawn, ngozi.person_uuid, {"1.2a": "yes"}, short="BBBB2222")
    mistaken = saw(dawn, ngozi.person_uuid, {"1.2a": "not-yet"}, short="CCCC2222")
    own = saw(dawn, people["Dawn"].person_uuid, {"1.1c": "yes"}, short="DDDD2222")
    early = saw(dawn, ngozi.person_uuid, {"1.1c": "yes"}, short="EEEE2222", seen_on="2025-12-31")
    dawn.send(session, counts, waits, mistaken, own, early, withdraws(dawn, mistaken["id"]))
    phones["Ngozi"].send(session, confirms(phones["Ngozi"], counts["id"]))

    privacy.erase(session, provider, people["Dawn"], actor=audit.OPERATOR, now=NOW)
    session.commit()
    sync.rebuild(session)
    session.commit()

    assert "Dawn" not in everywhere(session)
    assert str(people["Dawn"].person_uuid) not in everywhere(session)
    views = {view.short: view for view in assessment.observations_of(session, provider.id, None)}
    assert {short: view.state for short, view in views.items()} == {
        "AAAA2222": State.COUNTS,
        "BBBB2222": State.WAITING,
        "EEEE2222": State.OUT_OF_SCOPE,
    }
    assert views["AAAA2222"].assessor_name == "an assessor who was erased"
    shown = assessment.shown_of(session, provider.id, [ngozi.person_id])[ngozi.person_id]
    assert list(shown) == ["1.1c"]
    phones["Ngozi"].send(session, confirms(phones["Ngozi"], short="BBBB2222"))
    assert set(assessment.shown_of(session, provider.id, [ngozi.person_id])[ngozi.person_id]) == {"1.1c", "1.2a"}
    # And with the learner, it goes wholly.
    privacy.erase(session, provider, ngozi, actor=audit.OPERATOR, now=NOW)
    session.commit()
    assert assessment.observations_of(session, provider.id, None) == ()
    assert str(ngozi.person_uuid) not in everywhere(session)


def test_what_a_manager_decided_stays_decided_by_nobody(session: Session) -> None:
    provider, people, phones = place(session)
    priya = add_person(session, provider, "Priya Nair", (Role.MANAGER,))
    dawn, ngozi = phones["Dawn"], people["Ngozi"]
    made = saw(dawn, ngozi.person_uuid, {"1.1c": "yes"})
    dawn.send(session, made)
    assert assessment.take_back(
        session, provider.id, ngozi.person_id, assessment.observations_of(session, provider.id, None)[0].record,
        reason="Another person", now=NOW, by=priya.person_id,
    )  # fmt: skip
    session.commit()

    privacy.erase(session, provider, priya, actor=audit.OPERATOR, now=NOW)
    session.commit()

    (view,) = assessment.observations_of(session, provider.id, None)
    assert (view.state, view.withdrawn_reason, view.withdrawn_by) == (State.WITHDRAWN, "Another person", "")
