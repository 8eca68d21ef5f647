"""What is met is issued once; what is true no more is revoked, with the reason."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import assessment, credentials
from app.credentials import Credential, CredentialError, CredentialStatus, Kind, Verdict
from tests.support.credentials import ORIGIN, Issuing
from tests.support.statements import statements
from tests.support.world import NOW


@pytest.fixture
def bramble(session: Session) -> Issuing:
    return Issuing(session)


def test_the_two_halves_of_a_standard_and_its_sign_off_are_three(bramble: Issuing) -> None:
    bramble.passes()
    bramble.line()
    assert set(bramble.live()) == {Kind.KNOWLEDGE}
    bramble.is_seen()
    bramble.line()
    assert set(bramble.live()) == {Kind.KNOWLEDGE, Kind.PRACTICE}
    bramble.signs()
    bramble.line()
    assert set(bramble.live()) == {Kind.KNOWLEDGE, Kind.PRACTICE, Kind.STANDARD}
    achievements = {bramble.document(kind)["credentialSubject"]["achievement"]["id"] for kind in bramble.live()}
    assert len(achievements) == 3


def test_bringing_into_line_again_changes_nothing(bramble: Issuing) -> None:
    bramble.passes()
    bramble.is_seen()
    assert [len(change.issued) for change in bramble.line()] == [2]
    before = bramble.all()
    assert bramble.line() == ()
    bramble.rebuild()
    assert bramble.line(NOW + timedelta(days=3)) == ()
    assert bramble.all() == before


def test_it_lives_as_long_as_the_pass_does(bramble: Issuing, session: Session) -> None:
    from app.learning import Completed

    record = bramble.passes()
    bramble.line()
    session.delete(session.scalars(select(Completed).where(Completed.record == record)).one())
    session.commit()
    (change,) = bramble.line(NOW + timedelta(days=1))
    assert (len(change.issued), len(change.revoked)) == (0, 1)
    (view,) = bramble.all()
    assert view.revoked_reason == "A pass that it rests on was taken back."


def test_practice_that_counts_no_more_revokes_the_credential_and_another_is_issued_when_it_is_seen_anew(
    bramble: Issuing,
) -> None:
    seen = bramble.is_seen()
    bramble.line()
    first = bramble.signed(Kind.PRACTICE)
    bramble.takes_back(seen)
    bramble.line()
    assert bramble.live() == {}
    assert bramble.verdict(first.jwt) is Verdict.WITHDRAWN
    bramble.is_seen()
    bramble.line()
    second = bramble.signed(Kind.PRACTICE)
    assert second.view.uuid != first.view.uuid
    assert bramble.verdict(second.document) is Verdict.VALID


def test_a_withdrawn_sign_off_revokes_the_standard_and_neither_half(bramble: Issuing, session: Session) -> None:
    bramble.passes()
    bramble.is_seen()
    bramble.signs()
    bramble.line()
    assessment.withdraw_sign_off(
        session,
        bramble.provider.id,
        bramble.ngozi.person_id,
        13,
        reason="Too early",
        now=NOW,
        by=bramble.priya.person_id,
    )
    bramble.line()
    assert set(bramble.live()) == {Kind.KNOWLEDGE, Kind.PRACTICE}


def test_the_whole_certificate_says_what_it_is_and_claims_no_more(bramble: Issuing) -> None:
    bramble.signs_certificate()
    bramble.line()
    achievement = bramble.document(Kind.CERTIFICATE)["credentialSubject"]["achievement"]
    assert "no accredited qualification" in achievement["description"]
    assert len(achievement["alignment"]) == 3
    assert "validUntil" not in bramble.document(Kind.CERTIFICATE)


def test_an_elective_says_when_it_lapses_and_is_issued_again_when_it_is_taken_again(bramble: Issuing) -> None:
    bramble.passes_elective(valid_for_months=12)
    bramble.line()
    first = bramble.signed(Kind.ELECTIVE)
    assert bramble.document(Kind.ELECTIVE)["validUntil"] == "2027-06-15T22:59:59Z"
    later = NOW + timedelta(days=500)
    assert bramble.verdict(first.jwt, later) is Verdict.OUT_OF_DATE
    assert bramble.line(later) == ()
    sha = credentials_sha(bramble)
    made = bramble.phone(bramble.ngozi).answered(sha, {"first-thing": ["b"]}, at="2027-06-01T10:00:00.000Z")
    bramble.phone(bramble.ngozi).send(bramble.session, made, now=NOW + timedelta(days=355))
    bramble.line(NOW + timedelta(days=355))
    assert len([view for view in bramble.all() if view.revoked_at is None]) == 2


def credentials_sha(bramble: Issuing) -> str:
    from app.learning import Completed

    return bramble.session.scalars(select(Completed.sha)).first() or ""


def test_a_care_certificate_credential_does_not_lapse(bramble: Issuing) -> None:
    bramble.passes(valid_for_months=12)
    bramble.line()
    assert "validUntil" not in bramble.document(Kind.KNOWLEDGE)
    assert bramble.verdict(bramble.signed(Kind.KNOWLEDGE).jwt, NOW + timedelta(days=4000)) is Verdict.VALID


def test_what_is_revoked_by_hand_is_not_issued_again_on_the_same_grounds_unless_that_is_wanted(
    bramble: Issuing, session: Session
) -> None:
    bramble.passes()
    bramble.line()
    uuid = bramble.live()[Kind.KNOWLEDGE].uuid
    args = session, bramble.provider.id, uuid
    with pytest.raises(CredentialError, match="why"):
        credentials.revoke(*args, "  ", by=None, now=NOW)
    assert credentials.revoke(*args, "Her name was wrong", by=bramble.priya.person_id, now=NOW)
    assert not credentials.revoke(*args, "Once more", by=None, now=NOW)
    assert bramble.line() == ()
    bramble.passes("safe-again")
    bramble.line()
    again = bramble.live()[Kind.KNOWLEDGE].uuid
    credentials.revoke(session, bramble.provider.id, again, "Her name was wrong", by=None, now=NOW, anew=True)
    (change,) = bramble.line()
    assert len(change.issued) == 1


def test_another_providers_credential_cannot_be_revoked(bramble: Issuing, session: Session) -> None:
    thistle = Issuing(session, "Thistle Care")
    bramble.passes()
    bramble.line()
    uuid = bramble.live()[Kind.KNOWLEDGE].uuid
    with pytest.raises(CredentialError, match="no such"):
        credentials.revoke(session, thistle.provider.id, uuid, "Mine now", by=None, now=NOW)


def test_how_many_may_be_issued_at_once_can_be_limited_and_the_rest_follow(bramble: Issuing) -> None:
    bramble.passes()
    bramble.passes_elective()
    bramble.is_seen()
    assert [len(change.issued) for change in bramble.line(most=2)] == [2]
    assert [len(change.issued) for change in bramble.line(most=2)] == [1]
    assert bramble.line(most=2) == ()


def test_looking_takes_the_same_statements_for_one_person_as_for_many(bramble: Issuing, session: Session) -> None:
    from tests.support.world import add_person

    bramble.passes()
    bramble.line()
    with statements(session.get_bind().engine) as one:
        bramble.line()
    for number in range(5):
        add_person(session, bramble.provider, f"Person {number}")
    session.commit()
    with statements(session.get_bind().engine) as many:
        bramble.line()
    assert len(one) == len(many)


def test_places_are_random_and_outlive_the_person(bramble: Issuing, session: Session) -> None:
    bramble.passes()
    bramble.is_seen()
    bramble.line()
    signed = bramble.signed(Kind.PRACTICE)
    credentials.erase(session, bramble.ngozi.person_id, bramble.provider.id)
    session.commit()
    assert session.scalars(select(func.count()).select_from(Credential)).one() == 0
    assert session.scalars(select(func.count()).select_from(CredentialStatus)).one() == 2
    # Her own copy stays valid.
    assert bramble.verdict(signed.jwt) is Verdict.VALID


def test_a_credential_holds_her_name_and_evidence_and_nothing_an_assessor_wrote(bramble: Issuing) -> None:
    bramble.is_seen()
    bramble.line()
    text = bramble.signed(Kind.PRACTICE).document
    document = json.loads(text)
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == "Ngozi Obi"
    assert document["credentialSubject"]["id"] == f"urn:uuid:{bramble.ngozi.person_uuid}"
    assert "Dawn Marsh" in document["evidence"][0]["narrative"]
    assert "Saw 13.2a" not in text
    assert document["id"].startswith(f"{ORIGIN}/credentials/")
    assert document["credentialStatus"]["statusListIndex"].isdecimal()
