"""From a checked credential to the statement that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from app.credentials import Checked
from app.credentials.checking import ENDORSEMENT
from app.credentials.reading import Presented
from app.kernel import day_of
from app.recognised import Statement

LONGEST_URL = 500


def statement_of(shown: Presented, body: str, checked: Checked, did: str) -> Statement | None:
    """Return a statement as it is kept, or None where it is an endorsement or has a part that nobody can keep."""
    credential = shown.credential
    if ENDORSEMENT in credential["type"]:
        return None
    key = shown.header.get("kid") if shown.header is not None else (shown.proof or {}).get("verificationMethod")
    if checked.issued_at is None or not isinstance(key, str):
        return None
    try:
        return Statement(
            issuer=did,
            issuer_name=checked.issuer,
            credential=checked.uuid,
            title=checked.name,
            named=checked.person,
            on=_awarded(credential.get("awardedDate"), day_of(checked.issued_at)),
            expires=None if checked.valid_until is None else checked.valid_until.astimezone(UTC),
            places=tuple(places_of(credential)),
            key=key,
            body=body,
        )
    except (ValueError, OverflowError):
        return None


def _awarded(value: object, issued: date) -> date:
    """Return the day something was awarded: never after it was signed, and that day where none can be read."""
    try:
        on = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        on = None
    return issued if on is None or on.tzinfo is None else min(day_of(on), issued)


def places_of(credential: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return where the withdrawal of a statement would show. Raises ValueError for a place no list can have."""
    status = credential.get("credentialStatus")
    found = []
    for each in [] if status is None else status if isinstance(status, list) else [status]:
        if each["statusPurpose"] in ("revocation", "suspension"):
            url, number = each["statusListCredential"], each["statusListIndex"]
            if not isinstance(number, str) or not (number.isascii() and number.isdecimal()) or len(number) > 9:
                raise ValueError(number)
            if len(url) > LONGEST_URL:
                raise ValueError(url)
            found.append((url, int(number)))
    return found
