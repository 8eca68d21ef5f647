"""What a stored record means, or why it cannot be judged yet. Pure, so that rebuilding gives what arriving gave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.learning import Act, StudiedEdition, storable
from app.sync.kinds import part_of
from app.sync.types import Code

NEWEST_SCHEMA = 1


def judge(
    *,
    uuid: UUID,
    person_id: int,
    provider_id: int | None,
    received_at: datetime,
    at: datetime | None,
    v: int | None,
    kind: str | None,
    sha: str | None,
    body: Mapping[str, Any],
    editions: Mapping[str, StudiedEdition],
    thinned: bool = False,
    plain: bool = False,
) -> Act | Code:
    """Return what the learner did, or the reason why a person has to look at it. `body` is the parsed record.

    `thinned`: the server took the answers out and put the result in. Only its own word counts, never the record's.
    `plain`: it is known that the body holds no character a database cannot.
    """
    if v is not None and v > NEWEST_SCHEMA:
        return Code.NEWER_SCHEMA
    part = part_of(kind)
    if kind is None or part is None:
        return Code.UNKNOWN_KIND
    data = body.get("data")
    if v is None or not isinstance(data, dict):
        return Code.WRONG_DATA
    if at is None:
        return Code.BAD_TIME
    edition = editions.get(sha) if sha is not None else None
    if part.ACT_KINDS[kind] and edition is None:
        return Code.UNKNOWN_EDITION
    understood = part.understand(kind, data if plain else storable(data), edition)
    if understood is None:
        return Code.WRONG_DATA
    return Act(
        record=uuid,
        person_id=person_id,
        provider_id=provider_id,
        kind=kind,
        at=at,
        received_at=received_at,
        sha=sha,
        data=understood,
        kept=data.get("result") if thinned else None,
    )
