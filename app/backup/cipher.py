"""Encryption of a stream in chunks: AES-256-GCM, each chunk bound to its place and the last one marked as last.

So chunks that are missing, swapped or cut off are noticed, and no file has to fit into memory. Each file has a key of
its own, worked out by scrypt from the operator's key and the file's salt; the nonce is the chunk's number.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.backup.errors import Damaged

CHUNK = 1024 * 1024
TAG = 16


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> int:
        """Take all of it."""


def new_salt() -> bytes:
    """Return 16 random bytes."""
    return secrets.token_bytes(16)


def keys(key: str, salt: bytes) -> tuple[bytes, bytes]:
    """Return the file's two keys of 32 bytes: for its content, and for its manifest's seal. Takes about 0.1 s."""
    both = hashlib.scrypt(key.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=64)
    return both[:32], both[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Encrypting(io.RawIOBase):
    """Writes what it is given, encrypted, to a sink. `finish` writes the last chunk; the sink stays open."""

    def __init__(self, sink: Sink, key: bytes) -> None:
        self._sink = sink
        self._aes = AESGCM(key)
        self._waiting = bytearray()
        self._number = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Take all of it."""
        self._waiting += data
        # One byte has to stay behind, as only the end tells which chunk is the last.
        while len(self._waiting) > CHUNK:
            self._out(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write what is left, marked as the last."""
        self._out(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _out(self, plain: bytes, *, last: bool) -> None:
        self._sink.write(self._aes.encrypt(_nonce(self._number, last=last), plain, None))
        self._number += 1


class Decrypting(io.RawIOBase):
    """Reads what Encrypting wrote. Raises Damaged when a byte, a chunk or the end is not as it was written."""

    def __init__(self, source: IO[bytes], key: bytes) -> None:
        self._source = source
        self._aes = AESGCM(key)
        self._number = 0
        self._next: bytes | None = source.read(CHUNK + TAG)
        self._ready = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        """Fill the buffer as far as one chunk goes; 0 is the end."""
        while not self._ready and self._next is not None:
            chunk = self._next
            following = self._source.read(CHUNK + TAG)
            self._next = following or None
            try:
                self._ready = self._aes.decrypt(_nonce(self._number, last=not following), chunk, None)
            except (InvalidTag, ValueError) as error:
                raise Damaged("Its content is not what was written. Use another backup.") from error
            self._number += 1
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size
