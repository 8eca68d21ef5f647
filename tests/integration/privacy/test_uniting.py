"""Two records of one person become one: everything follows, nothing is seen that was not, and each place goes alone."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Uuid, insert, select, update
from sqlalchemy.orm import Session

from app import assessment, audit, identity, learning, privacy, providers, sync
from app.identity import Person, PersonView
from app.kernel import Base, new_uuid7
from app.privacy.uniting import move
from app.providers import InviteView, MemberView, ProviderView, Role
from tests.support.practice import appoint, confirms, publish_framework, saw
from tests.support.rows import fill_empty_tables
from tests.support.schema import all_models
from tests.support.tables import worked_out
from tests.support.whole_person import WORDS, whole_person
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider

KEY = b"a key for tests, and for nothing else at all"
# Columns that may hold a person's uuid without a key to persons, and what follows an earlier one.
BY_UUID = {
    "observations.learner": "assessment.follow, and projection.py for what comes later",
    "audit_entries.actor_person": "never changed; whoever asks asks by every uuid (identity.uuids_of)",
    "audit_entries.subject": "the same",
    "supervision_ticks.subject": "what was ticked off: a line of a list, or something agreed",
    "records.handed_in_by": "a manager who signed in; such a record is not fresh",
}
# Uuids of other things: of what the row is, of a row or a record it belongs to, or of a file in a bucket.
OTHERS = {"uuid", "record", "observation", "confirmation", "provider", "audience", "first_uuid", "claim", "goal"} | {
    "message", "delegation", "training", "outside", "draft", "endorser", "object_uuid",
}  # fmt: skip


def keys_to_persons() -> list[tuple[str, str]]:
    """Every column of every table that points to a person, by its table."""
    all_models()
    return [
        (table.name, key.parent.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "persons"
    ]


def person_of(session: Session, member: MemberView) -> PersonView:
    found = identity.find_person(session, member.person_id)
    assert found is not None
    return found


def unite(session: Session, place: ProviderView, fresh: MemberView, person: MemberView) -> MemberView:
    """Unite as the phone's request does; committed. Returns her place there."""
    code = providers.issue_invite(session, place.id, fresh.person_id, secret=KEY, now=NOW)
    found = providers.accept_invite(session, code, secret=KEY, now=NOW)
    assert isinstance(found, InviteView)
    privacy.unite(session, found, person_of(session, person), now=NOW)
    session.commit()
    there = providers.find_member(session, place.id, person.person_id)
    assert there is not None
    return there


def test_every_key_to_a_person_in_every_table_is_moved(session: Session, database: Engine) -> None:
    """A table made tomorrow is in it by itself; one whose rows cannot be moved fails here."""
    fresh, person = (add_person(session, add_provider(session, name)).person_id for name in ("A", "B"))
    session.commit()
    fill_empty_tables(database)
    for table, column in keys_to_persons():
        rows = Base.metadata.tables[table]
        if table == "persons":
            earlier = {"uuid": new_uuid7(), "name": "", "added_at": NOW, "same_as": fresh, "sign_in_generation": 1}
            session.execute(insert(rows).values(password_is_temporary=False, **earlier))
        else:
            first = session.execute(select(*rows.primary_key.columns).limit(1)).one()
            this = [each == value for each, value in zip(rows.primary_key.columns, first, strict=True)]
            session.execute(update(rows).where(*this).values({column: fresh}))
    before = {each: (count(session, *each, fresh), count(session, *each, person)) for each in keys_to_persons()}
    assert [each for each, found in before.items() if not found[0]] == [], "a key without a row proves nothing"

    move(session, fresh, person)

    after = {each: (count(session, *each, fresh), count(session, *each, person)) for each in keys_to_persons()}
    assert after == {each: (0, sum(found)) for each, found in before.items()}


def count(session: Session, table: str, column: str, person: int) -> int:
    rows = Base.metadata.tables[table]
    return len(session.execute(select(rows.c[column]).where(rows.c[column] == person)).all())


def test_every_table_is_known_where_records_are_united() -> None:
    """`move` walks the tables that are imported: what pages are made of must not miss one. Commands import them all."""
    code = "import app.web.screens; from app.kernel import Base; print(*sorted(Base.metadata.tables))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {table for table, _ in keys_to_persons()} <= set(found.stdout.split())


def test_every_column_that_may_hold_a_persons_uuid_is_thought_of() -> None:
    all_models()
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Uuid) and not column.foreign_keys and column.name not in OTHERS
    }
    assert found == BY_UUID.keys()


def test_a_record_becomes_anothers_with_all_that_was_noted_of_it(session: Session) -> None:
    """Maya added her, put her in a team and asked for a module before the code was typed."""
    bramble, thistle = add_provider(session), add_provider(session, "Thistle Care")
    ngozi, fresh = add_person(session, bramble, "Ngozi Obi"), add_person(session, thistle, "Ngozi Obi-Ade")
    team = providers.add_team(session, thistle.id, "North", now=NOW)
    providers.set_teams(session, thistle.id, fresh.person_id, [team.uuid], now=NOW)
    providers.set_details(session, thistle.id, fresh.person_id, reference="T-1", email="")
    learning.assign(session, thistle.id, fresh.person_id, "falls", due=None, now=NOW)
    audit.note(session, "person.added", actor=audit.OPERATOR, now=NOW, provider=thistle.uuid, subject=fresh.person_uuid)

    there = unite(session, thistle, fresh, ngozi)

    assert (there.name, there.reference, there.started) == ("Ngozi Obi-Ade", "T-1", fresh.started)
    assert [each.name for each in providers.teams_of(session, thistle.id)[ngozi.person_id]] == ["North"]
    assert [each.module for each in learning.assignments_of(session, thistle.id, [ngozi.person_id])] == ["falls"]
    assert learning.assignments_of(session, bramble.id, [ngozi.person_id]) == ()
    assert providers.find_member(session, bramble.id, ngozi.person_id) == ngozi
    uuids = identity.uuids_of(session, ngozi.person_uuid)
    assert uuids == {ngozi.person_uuid, fresh.person_uuid} == identity.uuids_of(session, fresh.person_uuid)
    assert [each.action for each in audit.entries_about(session, uuids)] == ["person.added"]
    assert privacy.was_erased(session, fresh.person_uuid) is False


def test_an_assessors_phone_may_go_on_naming_the_earlier_uuid(session: Session) -> None:
    publish_framework(session)
    bramble, thistle = add_provider(session), add_provider(session, "Thistle Care")
    ngozi, fresh = add_person(session, bramble), add_person(session, thistle)
    dawn = add_person(session, thistle, "Dawn", (Role.ASSESSOR,))
    appoint(session, thistle, dawn)
    watching = add_phone(session, dawn)
    before = saw(watching, fresh.person_uuid, {"1.1c": "yes"}, short="ABCD2345")
    watching.send(session, before)

    there = unite(session, thistle, fresh, ngozi)

    after = saw(watching, fresh.person_uuid, {"1.2a": "yes"}, short="ABCD2346")
    watching.send(session, after)
    hers = add_phone(session, there)
    hers.send(session, confirms(hers, before["id"]), confirms(hers, after["id"]))
    seen = assessment.observations_of(session, thistle.id, [ngozi.person_id])
    assert {str(each.record) for each in seen} == {before["id"], after["id"]}
    assert {each.state for each in seen} == {assessment.State.COUNTS}
    assert {each.learner for each in seen} == {ngozi.person_uuid}
    assert assessment.observations_of(session, bramble.id, None) == ()
    tables = worked_out(session)
    sync.rebuild(session)
    session.commit()
    assert worked_out(session) == tables


def test_a_third_place_leaves_every_earlier_uuid_one_step_away(session: Session) -> None:
    bramble, thistle = add_provider(session), add_provider(session, "Thistle Care")
    willow = add_provider(session, "Willow Care")
    ngozi = add_person(session, bramble)
    fresh = [add_person(session, place) for place in (thistle, willow)]
    for place, each in zip((thistle, willow), fresh, strict=True):
        unite(session, place, each, ngozi)

    rows = session.execute(select(Person.id, Person.same_as, Person.name).where(Person.same_as.is_not(None))).all()
    assert [(row.same_as, row.name) for row in rows] == [(ngozi.person_id, "")] * 2
    for each in fresh:
        found = identity.find_person(session, each.person_uuid)
        assert found is not None
        assert found.id == ngozi.person_id


def opened(session: Session, person_id: int, places: list[int] | None) -> dict[str, str]:
    out = io.BytesIO()
    privacy.export(session, person_id, places, out, now=NOW)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def united(session: Session) -> tuple[ProviderView, ProviderView, MemberView, MemberView, Phone]:
    """Ngozi Canary with something in every table at Bramble, and a place, a phone and a record at Thistle."""
    bramble, thistle = add_provider(session), add_provider(session, "Thistle Care")
    ngozi, _ = whole_person(session, bramble)
    fresh = add_person(session, thistle, "Ngozi Thistledown")
    audit.note(session, "code.made", actor=audit.OPERATOR, now=NOW, provider=thistle.uuid, subject=fresh.person_uuid)
    there = unite(session, thistle, fresh, ngozi)
    phone = add_phone(session, there)
    phone.send(session, phone.record("held.canary", app="only-at-thistle"))
    return bramble, thistle, ngozi, fresh, phone


def test_a_providers_copy_has_nothing_of_the_other_and_her_own_has_both(session: Session) -> None:
    bramble, thistle, ngozi, fresh, phone = united(session)

    here, there = (opened(session, ngozi.person_id, [place.id]) for place in (bramble, thistle))

    told = "".join(here.values())
    for word in ("Thistle", "only-at-thistle", str(phone.dev), str(fresh.person_uuid)):
        assert word not in told, word
    told = "".join(there.values())
    for word in ("Bramble", "Canary", "canary", WORDS):
        assert word not in told.replace("held.canary", ""), word
    assert "only-at-thistle" in there["records.json"]
    (person,) = json.loads(there["person.json"])
    assert person["name"] == "Ngozi Thistledown"
    assert not {"added_at", "sign_in_name", "has_password_hash"} & person.keys()
    assert [json.loads(there[f"{each}.json"]) for each in ("passkeys", "authenticator-app", "recovery-codes")] == [
        []
    ] * 3
    assert "code.made" in there["audit.json"]
    for places in (None, [bramble.id, thistle.id]):
        whole = opened(session, ngozi.person_id, places)
        assert "only-at-thistle" in whole["records.json"]
        assert "record-canary" in whole["records.json"]
        assert {row["provider"] for row in json.loads(whole["places.json"])} == {"Bramble Home Care", "Thistle Care"}
        assert "code.made" in whole["audit.json"]
    assert str(fresh.person_uuid) in opened(session, ngozi.person_id, None)["person.json"]


def test_one_provider_erases_its_own_and_leaves_the_others(session: Session) -> None:
    bramble, thistle, ngozi, _fresh, _phone = united(session)
    before = opened(session, ngozi.person_id, [bramble.id])
    there = providers.find_member(session, thistle.id, ngozi.person_id)
    assert there is not None

    gone = privacy.erase(session, thistle, there, actor=audit.OPERATOR, now=NOW + timedelta(days=1))
    session.commit()

    assert gone.wholly is False
    assert opened(session, ngozi.person_id, [bramble.id]) == before
    assert "only-at-thistle" not in "".join(opened(session, ngozi.person_id, None).values())
    assert providers.find_member(session, thistle.id, ngozi.person_id) is None


def test_erased_by_both_nothing_is_left_and_what_was_held_of_the_earlier_uuid_goes_too(session: Session) -> None:
    bramble, thistle, ngozi, fresh, _phone = united(session)
    dawn = add_phone(session, add_person(session, thistle, "Dawn", (Role.ASSESSOR,)))
    held = saw(dawn, fresh.person_uuid, {"1.1c": "yes"}, sent={"v": 2})
    dawn.send(session, held)
    for place in (thistle, bramble):
        member = providers.find_member(session, place.id, ngozi.person_id)
        assert member is not None
        gone = privacy.erase(session, place, member, actor=audit.OPERATOR, now=NOW + timedelta(days=1))
        session.commit()

    assert gone.wholly
    left: dict[str, Any] = {
        table.name: [tuple(map(str, row)) for row in session.execute(select(table))]
        for table in Base.metadata.sorted_tables
        if not table.name.startswith("audit_")
    }
    for word in (str(fresh.person_uuid), str(ngozi.person_uuid), "Ngozi", "only-at-thistle"):
        assert word not in str(left), word
    assert audit.verify(session).broken is None


def test_a_record_whose_person_has_a_place_here_is_left_as_it_is(session: Session) -> None:
    bramble, thistle = add_provider(session), add_provider(session, "Thistle Care")
    ngozi, fresh = add_person(session, bramble), add_person(session, thistle)
    providers.add_membership(session, thistle.id, ngozi.person_id, [Role.LEARNER], now=NOW)
    session.commit()

    with pytest.raises(privacy.NotUnited, match="second record of you") as refused:
        unite(session, thistle, fresh, ngozi)

    assert refused.value.code == "here-already"
    session.rollback()
    assert identity.find_person(session, fresh.person_uuid) == person_of(session, fresh)
