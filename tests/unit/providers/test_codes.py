"""Invite codes survive handwriting and the telephone."""

import pytest

from app.providers import CODE_ALPHABET, clean_code, new_code, written_code
from app.providers.codes import code_hmac


def test_a_code_has_none_of_the_letters_people_mistake() -> None:
    assert set(CODE_ALPHABET).isdisjoint("01OILU")
    assert all(len(code) == 8 and set(code) <= set(CODE_ALPHABET) for code in (new_code() for _ in range(200)))


@pytest.mark.parametrize(
    "typed", ["7KQM2XWP", "7kqm2xwp", " 7KQM 2XWP ", "7kqm-2xwp", "7 K Q M–2 X W P", "7KQM\u00a02XWP\n"]
)
def test_however_it_is_typed_it_is_the_same_code(typed: str) -> None:
    assert clean_code(typed) == "7KQM2XWP"


@pytest.mark.parametrize("typed", ["", "7KQM2XW", "7KQM2XWPP", "0KQM2XWP", "OKQM2XWP", "7KQM2XW!", "\x00" * 8])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert clean_code(typed) is None


def test_what_is_shown_can_be_typed() -> None:
    code = new_code()

    assert clean_code(written_code(code)) == code


def test_what_is_stored_depends_on_the_servers_secret() -> None:
    assert code_hmac("7KQM2XWP", b"one") != code_hmac("7KQM2XWP", b"two")
    assert "7KQM2XWP" not in code_hmac("7KQM2XWP", b"one")
