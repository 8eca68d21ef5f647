"""Passkeys: for this site only, each challenge once, the person's own finger, and a count that does not fall back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import identity
from app.identity import LastFactor, PasskeyRefused, PasskeySite, PersonView
from tests.support.passkey import Authenticator
from tests.support.world import NOW

SITE = PasskeySite(name="Between Visits", host="learn.example.org", origin="https://learn.example.org")


@pytest.fixture
def priya(session: Session) -> PersonView:
    person = identity.add_person(session, "Priya Nair", now=NOW, sign_in_name="priya")
    identity.set_password(session, person.id, "three quiet teapots")
    return person


def add(session: Session, who: PersonView, key: Authenticator, *, name: str = "My phone") -> identity.PasskeyView:
    challenge = identity.new_challenge()
    answer = key.create(identity.options_to_add(session, who.id, SITE, challenge))
    return identity.add_passkey(session, who.id, answer, site=SITE, challenge=challenge, name=name, now=NOW)


def use(session: Session, key: Authenticator, *, whose: PersonView | None = None) -> int:
    challenge = identity.new_challenge()
    person_id = whose.id if whose else None
    answer = key.get(identity.options_to_sign_in(session, person_id, SITE, challenge))
    return identity.check_passkey(
        session, answer, site=SITE, challenge=challenge, now=NOW, person_id=person_id
    ).person_id


@pytest.fixture
def key(session: Session, priya: PersonView) -> Authenticator:
    """Her phone, with a passkey that is known here."""
    made = Authenticator(origin=SITE.origin)
    add(session, priya, made)
    return made


def test_a_passkey_says_by_itself_who_it_is(session: Session, priya: PersonView, key: Authenticator) -> None:
    assert use(session, key) == priya.id
    assert use(session, key, whose=priya) == priya.id
    (shown,) = identity.second_steps(session, priya.id).passkeys
    assert (shown.name, shown.last_used_at) == ("My phone", NOW)


def test_it_is_asked_to_live_on_the_device_and_to_know_its_owner(session: Session, priya: PersonView) -> None:
    asked = json.loads(identity.options_to_add(session, priya.id, SITE, b"x" * 64))
    assert asked["rp"]["id"] == "learn.example.org"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert json.loads(identity.options_to_sign_in(session, None, SITE, b"x" * 64))["userVerification"] == "required"


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://learn.example.org.evil.example"},
        {"origin": "https://evil.learn.example.org"},
        {"origin": "http://learn.example.org"},
        {"verifies": False},
    ],
)
def test_another_site_or_nobodys_finger_is_refused(
    session: Session, priya: PersonView, key: Authenticator, change: dict[str, object]
) -> None:
    with pytest.raises(PasskeyRefused):
        use(session, replace(key, **change))
    with pytest.raises(PasskeyRefused):
        add(session, priya, replace(Authenticator(origin=SITE.origin), **change))


def test_a_passkey_of_another_host_is_refused(session: Session, key: Authenticator) -> None:
    challenge = identity.new_challenge()
    options = json.loads(identity.options_to_sign_in(session, None, SITE, challenge))
    answer = key.get(json.dumps({**options, "rpId": "evil.example"}))
    with pytest.raises(PasskeyRefused):
        identity.check_passkey(session, answer, site=SITE, challenge=challenge, now=NOW)


def test_a_key_of_an_algorithm_that_was_not_offered_is_refused(session: Session, priya: PersonView) -> None:
    # ES384, which the library could read.
    with pytest.raises(PasskeyRefused):
        add(session, priya, Authenticator(origin=SITE.origin, algorithm=-35))


def test_a_challenge_is_answered_once(session: Session, key: Authenticator) -> None:
    challenge = identity.new_challenge()
    options = identity.options_to_sign_in(session, None, SITE, challenge)
    identity.check_passkey(session, key.get(options), site=SITE, challenge=challenge, now=NOW)
    with pytest.raises(PasskeyRefused):
        identity.check_passkey(session, key.get(options), site=SITE, challenge=challenge, now=NOW)


def test_a_wrong_answer_uses_the_challenge_up_too(session: Session, priya: PersonView, key: Authenticator) -> None:
    challenge = identity.new_challenge()
    options = identity.options_to_sign_in(session, None, SITE, challenge)
    stranger = Authenticator(origin=SITE.origin, handle=priya.uuid.bytes)
    for who in (stranger, key):
        with pytest.raises(PasskeyRefused):
            identity.check_passkey(session, who.get(options), site=SITE, challenge=challenge, now=NOW)


def test_an_answer_to_another_challenge_is_refused(session: Session, key: Authenticator) -> None:
    answer = key.get(identity.options_to_sign_in(session, None, SITE, identity.new_challenge()))
    with pytest.raises(PasskeyRefused):
        identity.check_passkey(session, answer, site=SITE, challenge=identity.new_challenge(), now=NOW)


def test_a_count_that_falls_back_is_a_copy(session: Session, key: Authenticator) -> None:
    use(session, key)
    copy = replace(key, count=key.count - 1)
    with pytest.raises(PasskeyRefused):
        use(session, copy)


def test_a_passkey_that_does_not_count_is_as_good(session: Session, priya: PersonView) -> None:
    synced = Authenticator(origin=SITE.origin, counts=False)
    add(session, priya, synced)
    assert [use(session, synced) for _ in range(3)] == [priya.id] * 3


def test_somebody_elses_passkey_is_no_second_step(session: Session, key: Authenticator) -> None:
    tom = identity.add_person(session, "Tom Price", now=NOW)
    with pytest.raises(PasskeyRefused):
        use(session, key, whose=tom)
    with pytest.raises(PasskeyRefused):
        use(session, replace(key, handle=tom.uuid.bytes))


def test_a_passkey_cannot_be_added_twice_or_taken_over(session: Session, key: Authenticator) -> None:
    tom = identity.add_person(session, "Tom Price", now=NOW)
    with pytest.raises(PasskeyRefused, match="here already"):
        add(session, tom, replace(key))


@pytest.mark.parametrize(
    "answer",
    ["", "{", "[]", "null", "{}", '{"rawId": 1, "response": null}', '{"rawId": "AA", "response": {}}', "x" * 30_000],
)
def test_nonsense_is_refused_and_nothing_else(session: Session, priya: PersonView, answer: str) -> None:
    with pytest.raises(PasskeyRefused):
        identity.check_passkey(session, answer, site=SITE, challenge=identity.new_challenge(), now=NOW)
    with pytest.raises(PasskeyRefused):
        identity.add_passkey(
            session, priya.id, answer, site=SITE, challenge=identity.new_challenge(), name="x", now=NOW
        )


def test_a_name_is_cleaned_and_may_be_left_out(session: Session, priya: PersonView) -> None:
    assert add(session, priya, Authenticator(origin=SITE.origin), name="  \x00 My\tkey ").name == "Mykey"
    assert add(session, priya, Authenticator(origin=SITE.origin), name=" ").name == "Passkey"


def test_somebody_archived_is_out_with_their_passkey(session: Session, priya: PersonView, key: Authenticator) -> None:
    identity.archive_person(session, priya.id, now=NOW)
    with pytest.raises(PasskeyRefused):
        use(session, key)


def test_one_of_several_can_go_but_not_the_last_where_one_is_needed(
    session: Session, priya: PersonView, key: Authenticator
) -> None:
    spare = add(session, priya, Authenticator(origin=SITE.origin), name="Spare key")
    first = identity.second_steps(session, priya.id).passkeys[0]
    assert identity.remove_passkey(session, priya.id, spare.uuid, needs_one=True)
    with pytest.raises(LastFactor):
        identity.remove_passkey(session, priya.id, first.uuid, needs_one=True)


def test_with_the_last_one_the_recovery_codes_go(session: Session, priya: PersonView, key: Authenticator) -> None:
    identity.make_recovery_codes(session, priya.id, secret=b"x" * 32, now=NOW)
    only = identity.second_steps(session, priya.id).passkeys[0]
    tom = identity.add_person(session, "Tom Price", now=NOW)
    assert not identity.remove_passkey(session, tom.id, only.uuid, needs_one=False), "it is not his"
    assert identity.remove_passkey(session, priya.id, only.uuid, needs_one=False)
    steps = identity.second_steps(session, priya.id)
    assert (steps.any, steps.codes_left) == (False, 0)


def test_a_carers_passkey_says_nothing_by_itself_and_is_no_second_step(session: Session) -> None:
    """It was let in by a PIN, so it opens no staff page, whatever role its person is given later."""
    ngozi = identity.add_person(session, "Ngozi Obi", now=NOW)
    identity.set_pin(session, ngozi.id, "402918")
    phone = Authenticator(origin=SITE.origin)
    add(session, ngozi, phone)
    with pytest.raises(PasskeyRefused):
        use(session, phone)
    assert use(session, phone, whose=ngozi) == ngozi.id
    assert not identity.has_second_step(session, ngozi.id)


def test_a_first_password_ends_what_a_pin_let_in_and_no_later_one_does(session: Session) -> None:
    ngozi = identity.add_person(session, "Ngozi Obi", now=NOW)
    identity.set_pin(session, ngozi.id, "402918")
    phone = Authenticator(origin=SITE.origin)
    add(session, ngozi, phone)
    identity.set_password(session, ngozi.id, "three quiet teapots")
    with pytest.raises(PasskeyRefused):
        use(session, phone, whose=ngozi)
    laptop = Authenticator(origin=SITE.origin)
    add(session, ngozi, laptop)
    identity.set_password(session, ngozi.id, "four quiet teapots")
    identity.set_pin(session, ngozi.id, "739105")
    identity.end_phones(session, ngozi.id, now=NOW)
    assert use(session, laptop) == ngozi.id, "one of the staff pages is looked after there"


def test_old_challenges_are_forgotten(session: Session, key: Authenticator) -> None:
    use(session, key)
    challenge = identity.new_challenge()
    answer = key.get(identity.options_to_sign_in(session, None, SITE, challenge))
    later = NOW + timedelta(hours=1)
    identity.check_passkey(session, answer, site=SITE, challenge=challenge, now=later)
    assert session.scalars(select(func.count()).select_from(identity.SpentChallenge)).one() == 1
