"""PINs, passwords, tries, and what archiving ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import identity
from app.identity import Person, Throttled, Token
from tests.support.world import NOW, one_phone


@pytest.mark.usefixtures("real_hashes")
def test_a_pin_is_checked_against_its_hash_alone(session: Session) -> None:
    person = identity.add_person(session, "Ngozi Obi", now=NOW)
    identity.set_pin(session, person.id, "402918")

    assert identity.check_pin(session, person.id, "402918")
    assert not identity.check_pin(session, person.id, "402919")
    assert not identity.check_pin(session, None, "402918")
    stored = session.scalars(select(Person.pin_hash)).one()
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_new_password_ends_every_earlier_sign_in(session: Session) -> None:
    person = identity.add_person(session, "Priya Nair", now=NOW, sign_in_name="Priya@Example.org")
    before = identity.sign_in_generation(session, person.id)
    identity.set_password(session, person.id, "kettle robin stair")

    assert identity.sign_in_generation(session, person.id) > before
    assert identity.check_password(session, person.id, "kettle robin stair")
    found = identity.find_person_by_sign_in_name(session, " priya@example.ORG ")
    assert found is not None
    assert found.id == person.id


def test_two_people_cannot_sign_in_with_one_name(session: Session) -> None:
    identity.add_person(session, "Priya", now=NOW, sign_in_name="priya")
    with pytest.raises(identity.NameTaken):
        identity.add_person(session, "Priya Two", now=NOW, sign_in_name="PRIYA")


def test_tries_are_counted_and_forgotten_after_a_while(session: Session) -> None:
    left = [identity.take_try(session, "pin:1", now=NOW) for _ in range(5)]
    with pytest.raises(Throttled) as throttled:
        identity.take_try(session, "pin:1", now=NOW + timedelta(minutes=5))

    assert left == [4, 3, 2, 1, 0]
    assert throttled.value.retry_after == 600
    assert identity.take_try(session, "pin:2", now=NOW) == 4
    assert identity.take_try(session, "pin:1", now=NOW + timedelta(minutes=16)) == 4


def test_an_archived_person_is_out_but_their_phone_can_still_send(session: Session) -> None:
    phone = one_phone(session)
    identity.set_pin(session, phone.person_id, "402918")
    identity.archive_person(session, phone.person_id, now=NOW)

    assert not identity.check_pin(session, phone.person_id, "402918")
    assert identity.bearer(session, phone.append, identity.TokenKind.APPEND, now=NOW).archived
    with pytest.raises(identity.TokenRefused):
        identity.bearer(session, phone.read, identity.TokenKind.READ, now=NOW)


def test_no_token_is_stored_only_its_hash(session: Session) -> None:
    phone = one_phone(session)
    stored = set(session.scalars(select(Token.hash)))

    assert stored.isdisjoint({phone.append, phone.read})
    assert all(len(each) == 64 for each in stored)


@pytest.mark.parametrize("name", ["", "  ", "\x00\x01", "x" * 121])
def test_a_person_needs_a_name_that_can_be_shown(session: Session, name: str) -> None:
    with pytest.raises(identity.IdentityError):
        identity.add_person(session, name, now=NOW)
