"""Erasing a person from the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import (
    assessment,
    audit,
    authoring,
    catalogue,
    credentials,
    identity,
    learning,
    messages,
    providers,
    recognised,
    requirements,
    supervision,
    sync,
)
from app.compliance import evidence
from app.kernel import Base
from app.providers import MemberView, ProviderView

# What packages above this one keep of people for other systems: rows with a person and a provider, of no use without.
FOR_OTHERS = ("feed_standings", "webhook_events", "xapi_forwarded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What went. `wholly`: the server knows nothing of them any more; else another provider still has them."""

    records: int
    wholly: bool


def erase(session: Session, provider: ProviderView, member: MemberView, *, actor: audit.Actor, now: datetime) -> Erased:
    """Remove the server's record of a person at one provider; wholly when no other provider has or had them.

    Nothing of others changes: what this person asked others to do stays asked, by nobody, and what they wrote at the
    provider's desk stays, written by nobody. What they saw of others' practice stays as those others' evidence; what
    was seen of theirs goes, out of the assessors' records too. The audit trail stays whole and says that somebody was
    erased. What is on the person's own phone stays theirs. Flushes; the edge commits.
    """
    person_id = member.person_id
    wholly = not providers.has_other_places(session, provider.id, person_id)
    where = None if wholly else provider.id
    records = sync.erase(session, person_id, where, now=now)
    sync.erase_about(session, member.person_uuid, where, now=now)
    credentials.erase(session, person_id, where)
    assessment.erase(session, person_id, where)
    learning.erase(session, person_id, where)
    messages.erase(session, person_id, where)
    requirements.erase(session, person_id, where)
    recognised.erase(session, person_id, where)
    supervision.erase(session, person_id, where)
    authoring.forget(session, person_id, where)
    evidence.forget(session, person_id, member.person_uuid, provider.id, wholly=wholly, now=now)
    _erase_for_others(session, person_id, where)
    providers.erase(session, person_id, where)
    if wholly:
        catalogue.forget_who_decided(session, person_id)
        identity.erase(session, person_id)
    else:
        identity.erase_phones_at(session, person_id, provider.id, now=now)
    session.flush()
    audit.note(
        session,
        "data.erased",
        actor=actor,
        now=now,
        provider=provider.uuid,
        subject=member.person_uuid,
        details={"records": records, "wholly": wholly},
    )
    return Erased(records=records, wholly=wholly)


def _erase_for_others(session: Session, person_id: int, provider_id: int | None) -> None:
    for name in FOR_OTHERS:
        table = Base.metadata.tables[name]
        here = [] if provider_id is None else [table.c.provider_id == provider_id]
        session.execute(delete(table).where(table.c.person_id == person_id, *here))


def was_erased(session: Session, person: UUID) -> bool:
    """Say whether somebody the server does not know was erased here, as far back as the audit trail goes."""
    return any(each.action == "data.erased" for each in audit.entries_about(session, person))
