"""Bits, letters and lists, against what the standards say of them."""

from __future__ import annotations

import base64
import gzip

import pytest

from app.credentials import StatusList, Unreadable
from app.credentials.securing import base58, from_base58
from app.credentials.status import PLACES, packed, unpacked
from tests.support.world import NOW


def test_base58_is_that_of_bitcoin_and_goes_back() -> None:
    # The examples of draft-msporny-base58, section 5.
    assert base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert base58(bytes.fromhex("0000287fb4cd")) == "11233QC4"
    for data in (b"", b"\0", b"\0\0\1", bytes(64)):
        assert from_base58(base58(data)) == data
    for wrong in ("0", "l", "1" * 101):
        with pytest.raises(ValueError):
            from_base58(wrong)


def test_place_nought_is_the_left_most_bit() -> None:
    bits = b"\x80" + bytes(PLACES // 8 - 2) + b"\x01"
    found = StatusList(url="", checked_at=NOW, bits=bits)
    assert [found.withdrawn(place) for place in (0, 1, PLACES - 2, PLACES - 1)] == [True, False, False, True]
    for outside in (-1, PLACES):
        with pytest.raises(IndexError):
            found.withdrawn(outside)


def test_a_list_goes_packed_and_comes_back_the_same() -> None:
    bits = bytes(range(256)) * (PLACES // 8 // 256)
    assert packed(bits).startswith("u")
    assert unpacked(packed(bits)) == bits
    assert packed(bits) == packed(bits)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "zabc",
        "u!!!",
        "u" + base64.urlsafe_b64encode(b"no gzip").decode(),
        "u" + base64.urlsafe_b64encode(gzip.compress(b"short")).decode(),
        # Three kilobytes that swell to three megabytes.
        "u" + base64.urlsafe_b64encode(gzip.compress(bytes(3_000_000))).decode(),
    ],
)
def test_a_list_that_is_none_too_short_or_swells_is_refused(text: object) -> None:
    with pytest.raises(Unreadable):
        unpacked(text)
