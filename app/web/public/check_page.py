"""What a check found, in words for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.credentials import Checked, Endorsed, Verdict
from app.kernel import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """What a check found, as the page says it. `good`: it holds, as far as anybody can tell.

    `endorsed`: who stands behind it with which part, and what they state.
    """

    words: str
    reason: str
    good: bool
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    endorsed: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, checked: Checked, endorsed: tuple[Endorsed, ...] = ()) -> CheckPage:
        """Choose the words. A phone that checks by itself has the same (service_worker/check/screen.ts)."""
        facts = [
            ("For", checked.person),
            ("What", checked.name),
            ("Signed by", checked.issuer),
            ("On", _day(checked.issued_at)),
            ("Valid until", _day(checked.valid_until)),
            ("Lines", ", ".join(checked.codes)),
        ]
        holds = checked.verdict in (Verdict.VALID, Verdict.UNCHECKED)
        return cls(
            words=checked.words,
            reason=checked.reason,
            good=holds,
            facts=tuple((name, value) for name, value in facts if value),
            evidence=checked.evidence,
            endorsed=tuple((f"{each.name}. {each.role}", each.words) for each in endorsed if holds),
        )


def _day(at: datetime | None) -> str:
    return f"{day_of(at).day} {day_of(at):%B %Y}" if at else ""
