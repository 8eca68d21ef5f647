"""A short proof of what is held for a phone: equal figures, equal sets (but for one chance in 2^64). Pure.

The phone's half is service_worker/core/digest.ts; both run tests/contract/digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.sync.types import Digest

NOTHING = Digest(n=0, x="0" * 16)


def with_ids(digest: Digest, ids: Iterable[str]) -> Digest:
    """Return the digest of a set to which these ids, none of them in it before, have been added."""
    n, x = digest.n, int(digest.x, 16)
    for text in ids:
        n += 1
        x ^= int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()[:8], "big")
    return Digest(n=n, x=f"{x:016x}")
