"""Which PINs and passwords are good enough."""

import pytest

from app.identity import PasswordTooShort, PasswordTooSimple, PinTooSimple
from app.identity.rules import check_password_is_good, check_pin_is_good


@pytest.mark.parametrize(
    "pin",
    [
        "000000", "111111", "123456", "654321", "234567", "890123", "987654", "123123", "121212", "909090",
        "123321", "112233", "445566", "", "12345", "1234567", "12345a", "12 456", "-12345", "１２３４５６", "²²²²²²",
    ],
)  # fmt: skip
def test_a_pin_a_stranger_would_try_is_refused_with_words(pin: str) -> None:
    with pytest.raises(PinTooSimple) as refused:
        check_pin_is_good(pin)

    assert str(refused.value).endswith(".")
    assert refused.value.field == "pin"


@pytest.mark.parametrize("pin", ["402918", "135792", "100200", "777123", "198407"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    check_pin_is_good(pin)


@pytest.mark.parametrize("password", ["", "short", "123456789", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooShort):
        check_password_is_good(password)


def test_three_words_make_a_password() -> None:
    check_password_is_good("kettle robin stair")


@pytest.mark.parametrize(
    "password",
    ["password12", "1234567890", "qwertyuiop", "iloveyou123", "liverpool1", "aaaaaaaaaaaa", "p@ssw0rd123"],
)
def test_a_password_everybody_tries_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooSimple) as refused:
        check_password_is_good(password)

    assert refused.value.field == "password"


@pytest.mark.parametrize("password", ["priyashah1", "PriyaShah2026", "Bramble Care", "bramblecare1", "priyapriya"])
def test_ones_own_names_make_no_password(password: str) -> None:
    with pytest.raises(PasswordTooSimple):
        check_password_is_good(password, ("Priya Shah", "priya.shah@bramble.example", "Bramble Care"))
