"""Recovery codes: ten, each good once, useless to whoever reads the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import identity
from app.identity import PersonView, RecoveryCode
from tests.support.world import NOW

SECRET = b"a key for tests, and for nothing else at all"


@pytest.fixture
def priya(session: Session) -> PersonView:
    return identity.add_person(session, "Priya Nair", now=NOW)


def make(session: Session, who: PersonView) -> tuple[str, ...]:
    return identity.make_recovery_codes(session, who.id, secret=SECRET, now=NOW)


def use(session: Session, who: PersonView, code: str, *, secret: bytes = SECRET) -> bool:
    return identity.use_recovery_code(session, who.id, code, secret=secret, now=NOW + timedelta(days=1))


def test_each_of_ten_is_good_once(session: Session, priya: PersonView) -> None:
    codes = make(session, priya)
    assert len(set(codes)) == 10
    for used, code in enumerate(codes, 1):
        assert use(session, priya, code)
        assert not use(session, priya, code)
        assert identity.recovery_codes_left(session, priya.id) == 10 - used


def test_it_may_be_typed_as_people_type(session: Session, priya: PersonView) -> None:
    code = make(session, priya)[0]
    assert use(session, priya, f"  {code.replace('-', ' ').lower()}\n")


def test_new_ones_end_the_old(session: Session, priya: PersonView) -> None:
    old, new = make(session, priya), make(session, priya)
    assert not any(use(session, priya, code) for code in old)
    assert use(session, priya, new[0])


def test_no_code_is_stored_only_what_the_servers_key_makes_of_it(session: Session, priya: PersonView) -> None:
    codes = make(session, priya)
    stored = " ".join(session.scalars(select(RecoveryCode.hash)))
    assert not [code for code in codes if code.replace("-", "") in stored.upper()]
    assert not use(session, priya, codes[0], secret=b"another key than the one they were made with")


def test_another_persons_code_is_no_good(session: Session, priya: PersonView) -> None:
    tom = identity.add_person(session, "Tom Price", now=NOW)
    assert not use(session, tom, make(session, priya)[0])


@pytest.mark.parametrize("typed", ["", "ABCDE", "ABCDE-FGHJK-MNPQR", "00000-00000", "<script>"])
def test_what_is_no_code_is_refused(session: Session, priya: PersonView, typed: str) -> None:
    make(session, priya)
    assert not use(session, priya, typed)


def test_somebody_archived_has_no_good_code(session: Session, priya: PersonView) -> None:
    codes = make(session, priya)
    identity.archive_person(session, priya.id, now=NOW)
    assert not use(session, priya, codes[0])
