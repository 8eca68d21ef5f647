"""A Comprehensive Learner Record 2.0 of several credentials, signed by one provider. Pure: keys and the moment come in.

1EdTech CLR 2.0, 6.1: a ClrCredential with whole signed credentials in its subject.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.credentials.canonical import CLR, CREDENTIALS, OPEN_BADGES
from app.credentials.passport.rules import ORDER
from app.credentials.securing import Signer, moment, with_proof
from app.credentials.types import Signed

# Other programs read JSON-LD of at most 256 kB; so many of our badges are about that.
CLR_BADGES = 80
CLR_BYTES = 250_000


def clr(
    signed: Iterable[Signed], *, signer: Signer, issuer: str, person: UUID, name: str, now: datetime
) -> dict[str, Any]:
    """Return a signed ClrCredential. `issuer` and `name` are the provider's name and the person's.

    Where there are more badges than others read in one file, sign-offs stand in it before the halves they rest on, and
    what is about no standard comes last; the presentation holds all. `partial` says that some were left out. There
    must be one badge at least.
    """
    chosen = sorted(signed, key=lambda each: (ORDER.index(each.view.kind), each.view.achievement))
    kept: list[dict[str, Any]] = []
    size = 0
    for each in chosen:
        size += len(each.document.encode())
        if kept and (len(kept) == CLR_BADGES or size > CLR_BYTES):
            break
        kept.append(json.loads(each.document))
    document = {
        "@context": [CREDENTIALS, OPEN_BADGES, CLR],
        "id": f"urn:uuid:{uuid4()}",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": f"Learning record of {name}",
        "partial": len(kept) < len(chosen),
        "issuer": {"id": signer.did, "type": ["Profile"], "name": issuer},
        "validFrom": moment(now),
        "credentialSubject": {
            "id": f"urn:uuid:{person}",
            "type": ["ClrSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}],
            "verifiableCredential": kept,
        },
    }
    return with_proof(document, signer, now=now)
