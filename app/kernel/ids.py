"""Identifiers that leave the server."""

from __future__ import annotations

import os
import time
from uuid import UUID


def new_uuid7() -> UUID:
    """Return a new UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits.

    Time-ordered, so that an index grows at its end instead of everywhere.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
