"""Removing what has been kept long enough."""

from __future__ import annotations

import calendar
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit, identity, messages, providers, sync
from app.compliance import evidence
from app.credentials import passport
from app.privacy.erasing import erase

# Long enough to ask what became of a code; a try at a PIN is counted for minutes only.
KEEP_INVITES = timedelta(days=30)
KEEP_FAILURES = timedelta(days=1)
KEEP_ENDED_TOKENS = timedelta(days=30)
# Who looked at a passport, and links that ended, in months.
KEEP_LOOKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long things are kept: a leaver's results in years, answers and words in months, the audit trail in months."""

    results_years: int
    answers_months: int
    audit_months: int
    evidence_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How much went, or would go. `audit` are entries of the trail."""

    people: int
    records: int
    answers: int
    reflections: int
    messages: int
    packs: int
    invites: int
    failures: int
    tokens: int
    looks: int
    audit: int

    @property
    def nothing(self) -> bool:
        """Whether nothing was old enough."""
        return not any(asdict(self).values())


def months_before(now: datetime, months: int) -> datetime:
    """Return the same moment so many months earlier; a day the month does not have becomes its last."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def sweep(session: Session, keeping: Keeping, *, actor: audit.Actor, now: datetime) -> Swept:
    """Remove all that is older than it is kept, and note that it was done. Safe to repeat; the edge commits."""
    # First, as it takes longest: from the first entry in the audit trail on, nobody else can add one.
    thinned = sync.thin(session, months_before(now, keeping.answers_months), now=now)
    people = records = 0
    for provider_id, person_id in providers.left_before(session, months_before(now, 12 * keeping.results_years)):
        provider = providers.find_provider(session, provider_id)
        member = providers.find_member(session, provider_id, person_id)
        if provider is not None and member is not None:
            people += 1
            records += erase(session, provider, member, actor=actor, now=now).records
    sent = messages.count_before(session, months_before(now, keeping.answers_months))
    messages.remove_before(session, months_before(now, keeping.answers_months))
    packs = evidence.remove_old(session, now - timedelta(days=keeping.evidence_days), now=now)
    invites = providers.count_old_invites(session, now - KEEP_INVITES)
    providers.remove_old_invites(session, now - KEEP_INVITES)
    failures, tokens = identity.count_old_traces(session, failures=now - KEEP_FAILURES, tokens=now - KEEP_ENDED_TOKENS)
    identity.remove_old_traces(session, failures=now - KEEP_FAILURES, tokens=now - KEEP_ENDED_TOKENS)
    looks = passport.remove_looks_before(session, months_before(now, KEEP_LOOKS))
    entries = audit.remove_before(session, months_before(now, keeping.audit_months), actor=actor, now=now)
    swept = Swept(
        people=people,
        records=records,
        answers=thinned.answers + thinned.variants,
        reflections=thinned.reflections,
        messages=sent,
        packs=packs,
        invites=invites,
        failures=failures,
        tokens=tokens,
        looks=looks,
        audit=entries,
    )
    details = {key: value for key, value in asdict(swept).items() if key != "audit"}
    audit.note(session, "data.retention", actor=actor, now=now, details=details)
    return swept


def preview(session: Session, keeping: Keeping, *, now: datetime) -> Swept:
    """Say what `sweep` would remove: it is done and undone again. The session's transaction ends."""
    swept = sweep(session, keeping, actor=audit.OPERATOR, now=now)
    session.rollback()
    return swept


def last_swept(session: Session) -> datetime | None:
    """Return when this was last done, or None."""
    found = audit.entries(session, action="data.retention", limit=1)
    return found[0].at if found else None
