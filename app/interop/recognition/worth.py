"""What a statement that is kept is worth today, by what is known of its issuer. Pure: its signature held once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.credentials import KnownIssuer
from app.credentials.checking import LIST_LASTS
from app.kernel import day_of
from app.recognised import Decision, RecognitionView


class Standing(StrEnum):
    """Where a statement stands. The last two end its counting here."""

    VALID = "valid"
    UNCHECKED = "unchecked"
    OUT_OF_DATE = "out-of-date"
    WITHDRAWN = "withdrawn"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Where a statement stands, in words of a list, and why."""

    standing: Standing
    words: str
    why: str = ""


NOBODY_TRUSTS = "Nobody here trusts who signed it any more."
TAKEN_BACK = "Who signed it took it back."
KEY_GONE = "Who signed it dropped the key it was signed with."


def worth(view: RecognitionView, issuer: KnownIssuer | None, now: datetime) -> Worth:
    """Say what a statement is worth. `issuer`: None where nobody here trusts it; its lists as they were last got."""
    if view.state is Decision.WITHDRAWN:
        return Worth(standing=Standing.WITHDRAWN, words="Withdrawn", why=view.reason)
    return still_worth(view, issuer, now)


def still_worth(view: RecognitionView, issuer: KnownIssuer | None, now: datetime) -> Worth:
    """Say what a statement is worth by what its issuer says now, whatever was found before."""
    if issuer is None:
        return Worth(standing=Standing.UNTRUSTED, words="Not trusted any more", why=NOBODY_TRUSTS)
    if view.key not in issuer.document.get("assertionMethod", ()):
        return Worth(standing=Standing.WITHDRAWN, words="Withdrawn", why=KEY_GONE)
    oldest: datetime | None = None
    missing = False
    for url, number in view.places:
        found = issuer.lists.get(url)
        try:
            if found is not None and found.withdrawn(number):
                return Worth(standing=Standing.WITHDRAWN, words="Withdrawn", why=TAKEN_BACK)
        except IndexError:
            found = None
        if found is None:
            missing = True
        else:
            oldest = min(found.checked_at, oldest or found.checked_at)
    if view.expires is not None and view.expires < now:
        return Worth(standing=Standing.OUT_OF_DATE, words="Out of date")
    if missing:
        return Worth(standing=Standing.UNCHECKED, words="Valid, withdrawal never checked")
    if oldest is not None and now - oldest > LIST_LASTS:
        day = day_of(oldest)
        words = f"Valid, withdrawal not checked since {day.day} {day:%B %Y}"
        return Worth(standing=Standing.UNCHECKED, words=words)
    return Worth(standing=Standing.VALID, words="Valid")
