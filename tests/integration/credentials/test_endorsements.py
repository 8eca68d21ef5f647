"""What an assessor or manager signs beside a credential: who, what they saw in fixed words, how long it holds."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import audit, credentials, privacy
from app.credentials import CredentialEndorsement, Kind, Verdict
from app.providers import Role
from tests.support.credentials import SITE, Issuing
from tests.support.practice import appoint, confirms, saw
from tests.support.statements import statements
from tests.support.world import NOW, add_person, add_phone


@pytest.fixture
def bramble(session: Session) -> Issuing:
    return Issuing(session)


def beside(bramble: Issuing, kind: Kind) -> list[credentials.Endorsed]:
    uuid = bramble.live()[kind].uuid
    return list(credentials.endorsed(bramble.session, [uuid]).get(uuid, ()))


def test_who_saw_practice_endorses_it_and_who_signed_the_standard_off_endorses_that(bramble: Issuing) -> None:
    bramble.passes()
    bramble.is_seen()
    bramble.signs()
    bramble.line()
    (dawn,), (priya,) = beside(bramble, Kind.PRACTICE), beside(bramble, Kind.STANDARD)
    assert (dawn.name, dawn.role) == ("Dawn Marsh", "Assessor, named by Bramble Home Care")
    assert dawn.words == ("I state that I saw this of Standard 13, Standard 13: 13.2a, watched at work, 2026-06-14.")
    assert (priya.name, priya.role) == ("Priya Nair", "Manager, named by Bramble Home Care")
    assert priya.words == ("I state that I signed off Standard 13, Standard 13, knowledge and practice, on 2026-06-15.")
    assert beside(bramble, Kind.KNOWLEDGE) == []


def test_it_names_the_credential_and_nothing_of_the_learner_or_of_what_was_written_down(bramble: Issuing) -> None:
    bramble.is_seen()
    bramble.line()
    (found,) = beside(bramble, Kind.PRACTICE)
    document = json.loads(found.document)
    assert document["credentialSubject"]["id"] == bramble.document(Kind.PRACTICE)["id"]
    assert document["issuer"]["parentOrg"]["id"] == bramble.document(Kind.PRACTICE)["issuer"]["id"]
    for word in ("Ngozi", "Saw 13.2a", str(bramble.ngozi.person_uuid), str(bramble.dawn.person_uuid)):
        assert word not in found.document


def test_two_who_saw_a_part_each_endorse_their_own(bramble: Issuing) -> None:
    session = bramble.session
    sam = add_person(session, bramble.provider, "Sam Reed", (Role.ASSESSOR, Role.LEARNER))
    appoint(session, bramble.provider, sam)
    phone, ngozi = add_phone(session, sam), bramble.phone(bramble.ngozi)
    bramble.is_seen("1.1c", standard=1)
    made = saw(phone, bramble.ngozi.person_uuid, {"1.2a": "yes"}, method="discussion")
    phone.send(session, made)
    ngozi.send(session, confirms(ngozi, made["id"]))
    bramble.line()
    found = beside(bramble, Kind.PRACTICE)
    assert sorted(each.name for each in found) == ["Dawn Marsh", "Sam Reed"]
    assert len({json.loads(each.document)["issuer"]["id"] for each in found}) == 2
    assert [each.words for each in found if each.name == "Sam Reed"] == [
        "I state that I saw this of Standard 1, Standard 1: 1.2a, talked through, 2026-06-14."
    ]


def test_it_is_added_once_and_also_beside_what_was_issued_before_there_were_any(bramble: Issuing) -> None:
    bramble.is_seen()
    bramble.line()
    (before,) = beside(bramble, Kind.PRACTICE)
    bramble.line()
    assert beside(bramble, Kind.PRACTICE) == [before]
    bramble.session.execute(delete(CredentialEndorsement))
    assert bramble.line() == ()
    (after,) = beside(bramble, Kind.PRACTICE)
    assert (after.name, after.words) == (before.name, before.words)


def test_it_is_withdrawn_with_its_credential(bramble: Issuing) -> None:
    observation = bramble.is_seen()
    bramble.line()
    (found,) = beside(bramble, Kind.PRACTICE)
    checked = bramble.check(found.document)
    assert (checked.verdict, checked.person) == (Verdict.VALID, "")
    assert checked.evidence == (f"Dawn Marsh, Assessor, named by Bramble Home Care: {found.words}",)
    bramble.takes_back(observation)
    bramble.line()
    assert bramble.verdict(found.document) is Verdict.WITHDRAWN


def test_an_altered_one_and_one_below_another_provider_is_told(bramble: Issuing) -> None:
    bramble.is_seen()
    bramble.line()
    document = json.loads(beside(bramble, Kind.PRACTICE)[0].document)
    altered = {**document, "credentialSubject": {**document["credentialSubject"], "endorsementComment": "All."}}
    assert bramble.verdict(json.dumps(altered)) is Verdict.ALTERED
    thistle = Issuing(bramble.session, "Thistle Care")
    did = document["issuer"]["id"].replace(str(bramble.provider.uuid), str(thistle.provider.uuid))
    for stranger in (did, f"{did[:-1]}", did.replace("assessors", "managers"), f"{did}:assessors:{UUID(int=1)}"):
        other = {**document, "issuer": {**document["issuer"], "id": stranger}}
        assert bramble.verdict(json.dumps(other)) is Verdict.UNKNOWN_ISSUER


def test_an_erased_assessor_stays_in_what_was_signed_and_nowhere_else(bramble: Issuing) -> None:
    bramble.is_seen()
    bramble.line()
    (before,) = beside(bramble, Kind.PRACTICE)
    session, dawn = bramble.session, bramble.dawn
    privacy.erase(session, bramble.provider, dawn, actor=audit.OPERATOR, now=NOW)
    session.commit()
    assert session.scalars(select(CredentialEndorsement.by)).all() == [None]
    bramble.line()
    assert beside(bramble, Kind.PRACTICE) == [before]
    assert bramble.verdict(before.document) is Verdict.VALID


def test_an_erased_learner_takes_what_stands_beside_their_credentials_along(bramble: Issuing) -> None:
    bramble.is_seen()
    bramble.line()
    privacy.erase(bramble.session, bramble.provider, bramble.ngozi, actor=audit.OPERATOR, now=NOW)
    bramble.session.commit()
    assert bramble.session.scalars(select(CredentialEndorsement.id)).all() == []


def test_rotated_keys_leave_it_valid(bramble: Issuing) -> None:
    bramble.is_seen()
    bramble.line()
    (found,) = beside(bramble, Kind.PRACTICE)
    credentials.rotate(bramble.session, bramble.provider.id, SITE, now=NOW)
    assert bramble.verdict(found.document) is Verdict.VALID


def test_reading_them_takes_one_statement_however_many_there_are(bramble: Issuing) -> None:
    bramble.passes()
    bramble.is_seen()
    bramble.signs()
    bramble.line()
    uuids = [view.uuid for view in bramble.live().values()]
    with statements(bramble.session.get_bind()) as made:  # type: ignore[arg-type]
        found = credentials.endorsed(bramble.session, uuids)
    assert (len(found), len(made)) == (2, 1)
