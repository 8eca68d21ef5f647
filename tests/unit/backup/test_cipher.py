"""What was encrypted comes back only whole, in order and with its own key."""

from __future__ import annotations

import io

import pytest

from app.backup.cipher import CHUNK, TAG, Decrypting, Encrypting, keys
from app.backup.errors import Damaged

KEY = bytes(range(32))
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5)


def encrypted(plain: bytes, key: bytes = KEY) -> bytes:
    sink = io.BytesIO()
    writer = Encrypting(sink, key)
    for first in range(0, len(plain), 300_000):
        writer.write(plain[first : first + 300_000])
    writer.finish()
    return sink.getvalue()


def decrypted(data: bytes, key: bytes = KEY) -> bytes:
    return io.BufferedReader(Decrypting(io.BytesIO(data), key)).read()


def plain_of(size: int) -> bytes:
    return (b"between visits " * (size // 15 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out(size: int) -> None:
    data = encrypted(plain_of(size))
    assert decrypted(data) == plain_of(size)
    assert b"between visits" not in data


@pytest.mark.parametrize("size", SIZES[1:])
def test_cut_short_anywhere_is_noticed(size: int) -> None:
    data = encrypted(plain_of(size))
    whole_chunks = range(CHUNK + TAG, len(data), CHUNK + TAG)
    for end in {0, 1, len(data) - 1, *whole_chunks}:
        with pytest.raises(Damaged):
            assert decrypted(data[:end]) == b"?"


def test_chunks_cannot_change_places() -> None:
    data = encrypted(plain_of(2 * CHUNK + 5))
    one, two = data[: CHUNK + TAG], data[CHUNK + TAG : 2 * (CHUNK + TAG)]
    with pytest.raises(Damaged):
        decrypted(two + one + data[2 * (CHUNK + TAG) :])


def test_one_bit_or_another_key_is_noticed() -> None:
    data = bytearray(encrypted(b"short"))
    with pytest.raises(Damaged):
        decrypted(bytes(data), bytes(32))
    data[2] ^= 1
    with pytest.raises(Damaged):
        decrypted(bytes(data))


def test_each_file_has_keys_of_its_own() -> None:
    first, second = keys("k" * 40, b"a" * 16), keys("k" * 40, b"b" * 16)
    assert len({*first, *second}) == 4
    assert keys("k" * 40, b"a" * 16) == first
