"""A short proof of what is held for a phone: equal figures, equal sets (but for one chance in 2^64). Pure.

The phone's half is service_worker/core/digest.ts; both run tests/contract/digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import reduce
from operator import xor
from struct import unpack

from app.sync.types import Digest

NOTHING = Digest(n=0, x="0" * 16)


def with_ids(digest: Digest, ids: Iterable[str]) -> Digest:
    """Return the digest of a set to which these ids, none of them in it before, have been added."""
    first = [hashlib.sha256(text.encode("ascii")).digest()[:8] for text in ids]
    x = reduce(xor, unpack(f">{len(first)}Q", b"".join(first)), int(digest.x, 16))
    return Digest(n=digest.n + len(first), x=f"{x:016x}")
