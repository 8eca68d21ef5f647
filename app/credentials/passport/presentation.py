"""Several credentials as one file: a VerifiablePresentation of W3C Verifiable Credentials 2.0. Pure.

Nobody signs it: each credential in it is signed by itself (VCDM 2.0, 4.13).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.credentials.canonical import CREDENTIALS
from app.credentials.types import Signed


def presentation(signed: Iterable[Signed]) -> dict[str, Any]:
    """Return the presentation, each credential in it enveloped as VC-JWT (VCDM 2.0, 4.12)."""
    return {
        "@context": [CREDENTIALS],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [
            {
                "@context": CREDENTIALS,
                "id": f"data:application/vc+jwt,{each.jwt}",
                "type": "EnvelopedVerifiableCredential",
            }
            for each in signed
        ],
    }
