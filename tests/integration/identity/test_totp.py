"""Codes from an authenticator app: taken once, around now, for one person, and stored so that a copy is no use."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import identity
from app.identity import PersonView, TotpSecret
from tests.support.world import NOW

SECRET = b"a key for tests, and for nothing else at all"
STEP = timedelta(seconds=30)


@pytest.fixture
def priya(session: Session) -> PersonView:
    return identity.add_person(session, "Priya Nair", now=NOW, sign_in_name="priya")


@pytest.fixture
def app_of_hers(session: Session, priya: PersonView) -> pyotp.TOTP:
    """Her authenticator app, set up five minutes before NOW."""
    base32 = identity.offered_totp(identity.new_totp(priya.uuid, secret=SECRET), priya.uuid, secret=SECRET)
    assert base32 is not None
    app = pyotp.TOTP(base32)
    then = NOW - timedelta(minutes=5)
    assert identity.keep_totp(session, priya.id, base32, app.at(then), secret=SECRET, now=then)
    return app


def check(session: Session, who: PersonView, code: str, **more: Any) -> bool:
    return identity.check_totp(session, who.id, code, **{"secret": SECRET, "now": NOW, **more})


def test_a_code_is_taken_once(session: Session, priya: PersonView, app_of_hers: pyotp.TOTP) -> None:
    code = app_of_hers.at(NOW)
    assert check(session, priya, f"{code[:3]} {code[3:]}")
    assert not check(session, priya, code)
    assert not check(session, priya, app_of_hers.at(NOW - STEP)), "an older one is not good after a newer one"
    assert check(session, priya, app_of_hers.at(NOW + STEP), now=NOW + STEP)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(
    session: Session, priya: PersonView, app_of_hers: pyotp.TOTP, steps: int, good: bool
) -> None:
    assert check(session, priya, app_of_hers.at(NOW + steps * STEP)) is good


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "²²²²²²"])
def test_what_is_no_code_is_refused(session: Session, priya: PersonView, app_of_hers: pyotp.TOTP, code: str) -> None:
    assert not check(session, priya, code)


def test_nothing_counts_before_a_code_confirms_it(session: Session, priya: PersonView) -> None:
    base32 = pyotp.random_base32()
    wrong = pyotp.TOTP(base32).at(NOW + timedelta(hours=1))
    assert not identity.keep_totp(session, priya.id, base32, wrong, secret=SECRET, now=NOW)
    assert not identity.has_second_step(session, priya.id)


def test_the_code_that_confirmed_the_app_does_not_sign_in(session: Session, priya: PersonView) -> None:
    base32 = pyotp.random_base32()
    code = pyotp.TOTP(base32).at(NOW)
    assert identity.keep_totp(session, priya.id, base32, code, secret=SECRET, now=NOW)
    assert not check(session, priya, code)


def test_another_app_takes_the_place_of_the_first(session: Session, priya: PersonView, app_of_hers: pyotp.TOTP) -> None:
    base32 = pyotp.random_base32()
    assert identity.keep_totp(session, priya.id, base32, pyotp.TOTP(base32).at(NOW), secret=SECRET, now=NOW)
    later = NOW + 2 * STEP
    assert not check(session, priya, app_of_hers.at(later), now=later)
    assert check(session, priya, pyotp.TOTP(base32).at(later), now=later)


def test_a_copy_of_the_database_makes_no_codes(session: Session, priya: PersonView, app_of_hers: pyotp.TOTP) -> None:
    sealed = session.scalars(select(TotpSecret.sealed)).one()
    assert app_of_hers.secret not in sealed
    assert not check(session, priya, app_of_hers.at(NOW), secret=b"another key than the one it was sealed with")


def test_a_secret_moved_to_another_person_is_no_good(
    session: Session, priya: PersonView, app_of_hers: pyotp.TOTP
) -> None:
    tom = identity.add_person(session, "Tom Price", now=NOW)
    session.scalars(select(TotpSecret)).one().person_id = tom.id
    session.flush()
    assert not check(session, tom, app_of_hers.at(NOW))
    offered = identity.new_totp(priya.uuid, secret=SECRET)
    assert identity.offered_totp(offered, tom.uuid, secret=SECRET) is None
    assert identity.offered_totp("not sealed at all", tom.uuid, secret=SECRET) is None


def test_somebody_archived_has_no_good_code(session: Session, priya: PersonView, app_of_hers: pyotp.TOTP) -> None:
    identity.archive_person(session, priya.id, now=NOW)
    assert not check(session, priya, app_of_hers.at(NOW))


def test_the_address_in_the_picture_says_whose_and_where(priya: PersonView) -> None:
    address = identity.totp_address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", account="priya", issuer="Between Visits")
    assert (
        address
        == "otpauth://totp/Between%20Visits:priya?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Between%20Visits"
    )
