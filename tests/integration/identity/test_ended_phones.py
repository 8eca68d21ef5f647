"""A lost phone is ended whole: every token it was ever given, under whichever id."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import identity
from app.identity import Bearer, Token, TokenKind, TokenRefused
from app.kernel import begin_write
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider, one_phone

LATER = NOW + timedelta(hours=1)


def good(session: Session, token: str, kind: TokenKind = TokenKind.APPEND) -> bool:
    try:
        identity.bearer(session, token, kind, now=LATER)
    except TokenRefused:
        return False
    return True


def bearer(session: Session, phone: Phone) -> Bearer:
    return identity.bearer(session, phone.append, TokenKind.APPEND, now=NOW)


def test_ending_a_phone_ends_its_tokens_and_only_its(session: Session) -> None:
    lost = one_phone(session)
    person = identity.find_person(session, lost.person_id)
    assert person is not None
    kept = identity.enrol_phone(session, person.id, provider_id=lost.provider_id, now=NOW)

    assert identity.end_phone(session, person.id, lost.dev, now=LATER)
    assert identity.end_phone(session, person.id, lost.dev, now=LATER), "safe to repeat"

    assert not good(session, lost.append)
    assert not good(session, lost.read, TokenKind.READ)
    assert good(session, kept.append)
    assert good(session, kept.read or "", TokenKind.READ)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_every_id_one_glass_has_had_ends_together(session: Session, which: int) -> None:
    phone = one_phone(session)
    second = identity.rotate_phone(session, bearer(session, phone), now=NOW)
    third = identity.rotate_phone(session, identity.bearer(session, second.append, TokenKind.APPEND, now=NOW), now=NOW)
    assert len({each.glass for each in identity.phones_of(session, phone.person_id)}) == 1

    identity.end_phone(session, phone.person_id, (phone.dev, second.dev, third.dev)[which], now=LATER)

    assert not any(good(session, token) for token in (phone.append, second.append, third.append))
    assert not good(session, phone.read, TokenKind.READ)


def test_no_rotation_outlives_the_ending(session: Session) -> None:
    phone = one_phone(session)
    before = bearer(session, phone)
    identity.end_phone(session, phone.person_id, phone.dev, now=LATER)
    with pytest.raises(TokenRefused):
        identity.rotate_phone(session, before, now=LATER)


def test_a_rotation_at_the_same_moment_leaves_no_good_token(database: Engine) -> None:
    with Session(database) as session:
        phone = one_phone(session)
        session.commit()

    def rotate() -> str | None:
        with Session(database) as session:
            begin_write(session)
            try:
                made = identity.rotate_phone(session, bearer(session, phone), now=NOW)
            except TokenRefused:
                return None
            session.commit()
            return made.append

    def end() -> None:
        with Session(database) as session:
            begin_write(session)
            identity.end_phone(session, phone.person_id, phone.dev, now=LATER)
            session.commit()

    work: list[Callable[[], str | None]] = [rotate, rotate, end, rotate, rotate]  # type: ignore[list-item]
    with ThreadPoolExecutor(len(work)) as pool:
        made = [each.result() for each in [pool.submit(one) for one in work]]
    with Session(database) as session:
        assert not any(good(session, token) for token in made if token)
        assert not good(session, phone.append)
        assert set(session.scalars(select(Token.revoked_at))) == {LATER}


def test_all_phones_of_a_person_end_and_nobody_elses(session: Session) -> None:
    provider = add_provider(session)
    ngozi, tom = add_person(session, provider), add_person(session, provider, "Tom Price")
    hers, second, his = add_phone(session, ngozi), add_phone(session, ngozi), add_phone(session, tom)

    assert identity.end_phones(session, ngozi.person_id, now=LATER) == 2
    assert identity.end_phones(session, ngozi.person_id, now=LATER) == 0
    assert not identity.end_phone(session, ngozi.person_id, his.dev, now=LATER), "it is not hers"

    assert [good(session, phone.append) for phone in (hers, second, his)] == [False, False, True]


def test_a_phone_that_is_found_sends_again_after_the_pin(session: Session) -> None:
    phone = one_phone(session)
    identity.end_phone(session, phone.person_id, phone.dev, now=LATER)

    again = identity.renew_tokens(session, phone.person_id, phone.dev, provider_id=phone.provider_id, now=LATER)

    assert good(session, again.append)
    assert not good(session, phone.append), "what a finder may have copied stays ended"
    (shown,) = identity.phones_of(session, phone.person_id)
    assert shown.revoked_at is None


def test_browsers_are_signed_out_with_the_phone(session: Session) -> None:
    """The sign-in by which it was set up is still open in its browser, and could set it up again."""
    phone = one_phone(session)
    before = identity.sign_in_generation(session, phone.person_id)
    identity.end_phone(session, phone.person_id, phone.dev, now=LATER)
    assert identity.sign_in_generation(session, phone.person_id) > before
