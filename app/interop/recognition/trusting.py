"""Whose signatures a provider trusts: saying so with a reason, ending it, and what a check may know of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from app import credentials, providers
from app.credentials import Issuers, KnownIssuer, Site, StatusList
from app.interop.recognition.did import fingerprint, host_of, keys_of
from app.interop.recognition.errors import PassportError
from app.interop.recognition.models import LONGEST_WORDS, IssuerList, TrustedIssuer
from app.kernel import new_uuid7

SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerView:
    """An issuer a provider trusts or trusted. `offered`: the fingerprint of other keys that wait for somebody's word.

    `checked_at`: the oldest of its lists of withdrawals, None while none was got. `trouble`: empty when all is well.
    """

    uuid: UUID
    did: str
    name: str
    host: str
    fingerprint: str
    offered: str
    reason: str
    since: datetime
    ended_at: datetime | None
    ended_reason: str
    looked_at: datetime
    trouble: str
    checked_at: datetime | None


def trust(
    session: Session,
    provider_id: int,
    document: dict[str, Any],
    name: str,
    reason: str,
    *,
    now: datetime,
) -> UUID:
    """Trust from now on what an issuer signs with these keys. Repeating it with the same keys changes nothing.

    Raises PassportError at the field "reason".
    """
    words = _reason(reason, "Say why you trust them, such as: I rang them and compared the key.")
    providers.one_at_a_time(session, provider_id)
    row = session.scalars(_current(provider_id, str(document["id"]))).one_or_none()
    if row is not None and keys_of(row.document) == keys_of(document):
        return row.uuid
    if row is not None:
        row.ended_at, row.ended_reason = now, "Other keys were confirmed."
        session.flush()
    made = TrustedIssuer(
        uuid=new_uuid7(),
        provider_id=provider_id,
        did=document["id"],
        name=" ".join(name.split())[:200] or host_of(document["id"]),
        reason=words,
        document=document,
        since=now,
        looked_at=now,
        trouble="",
    )
    session.add(made)
    session.flush()
    return made.uuid


def confirm(session: Session, provider_id: int, uuid: UUID, wanted: str, reason: str, *, now: datetime) -> str | None:
    """Take the other keys an issuer came with, of this fingerprint, from now on; returns its DID, or None.

    Raises PassportError where other keys came meanwhile, and at the field "reason".
    """
    row = session.scalars(_mine(provider_id).where(TrustedIssuer.uuid == uuid)).one_or_none()
    if row is None or row.ended_at is not None or row.offered is None:
        return None
    if fingerprint(row.offered) != wanted:
        raise PassportError("Other keys came meanwhile. Compare again.", code="other-keys", field="reason")
    trust(session, provider_id, dict(row.offered), row.name, reason, now=now)
    return row.did


def end(session: Session, provider_id: int, uuid: UUID, reason: str, *, now: datetime) -> str | None:
    """Trust an issuer no longer; returns its DID, or None when it is not trusted. Raises PassportError."""
    row = session.scalars(_mine(provider_id).where(TrustedIssuer.uuid == uuid)).one_or_none()
    if row is None or row.ended_at is not None:
        return None
    row.ended_at = now
    row.ended_reason = _reason(reason, "Say why you do not trust them any more.")
    session.flush()
    return row.did


def issuers_of(session: Session, provider_id: int) -> tuple[IssuerView, ...]:
    """Return everybody a provider trusts or trusted, those it trusts now first, by name. Two statements."""
    rows = list(session.scalars(_mine(provider_id)))
    oldest: dict[str, datetime] = {}
    lists = select(IssuerList.did, IssuerList.checked_at).where(IssuerList.did.in_({row.did for row in rows}))
    for did, checked_at in session.execute(lists):
        oldest[did] = min(checked_at, oldest.get(did, checked_at))
    rows.sort(key=lambda row: (row.ended_at is not None, row.name.casefold(), -row.id))
    return tuple(
        IssuerView(
            uuid=row.uuid,
            did=row.did,
            name=row.name,
            host=host_of(row.did),
            fingerprint=fingerprint(row.document),
            offered="" if row.offered is None else fingerprint(row.offered),
            reason=row.reason,
            since=row.since,
            ended_at=row.ended_at,
            ended_reason=row.ended_reason or "",
            looked_at=row.looked_at,
            trouble=row.trouble,
            checked_at=oldest.get(row.did),
        )
        for row in rows
    )


def known(session: Session, provider_id: int | None = None, *, most: int = 200) -> tuple[KnownIssuer, ...]:
    """Return the issuers a provider trusts, or somebody on this server, with all their lists as they were last got.

    Where several trust one with other keys each, the keys confirmed last. Two statements; nothing is fetched.
    """
    query = _trusted(provider_id).order_by(TrustedIssuer.since.desc(), TrustedIssuer.id.desc())
    rows: dict[str, TrustedIssuer] = {}
    for row in session.scalars(query):
        if len(rows) < most:
            rows.setdefault(row.did, row)
    lists: dict[str, dict[str, StatusList]] = {did: {} for did in rows}
    for kept in session.scalars(select(IssuerList).where(IssuerList.did.in_(rows))):
        lists[kept.did][kept.url] = StatusList(url=kept.url, checked_at=kept.checked_at, bits=kept.bits)
    return tuple(
        KnownIssuer(did=did, name=row.name, document=row.document, lists=lists[did]) for did, row in rows.items()
    )


def issuers(session: Session, *, now: datetime, site: Site | None = None, provider_id: int | None = None) -> Issuers:
    """Return the function by which `credentials.check` asks for those known here: this server's own, and the trusted.

    `provider_id`: only whom that provider trusts; None: whom anybody on this server does. `site`: under which this
    server issues, None where it issues nothing. From what was got before: nothing is fetched.
    """
    own = credentials.own(session, site, now=now) if site is not None else None

    def find(did: str, lists: Collection[str]) -> KnownIssuer | None:
        found = own(did, lists) if own is not None else None
        if found is not None or "\0" in did:
            return found
        query = _trusted(provider_id).where(TrustedIssuer.did == did)
        row = session.scalars(query.order_by(TrustedIssuer.since.desc(), TrustedIssuer.id.desc())).first()
        if row is None:
            return None
        # Nobody has checked these addresses yet, and PostgreSQL takes no NUL.
        named = [url for url in lists if "\0" not in url]
        wanted = select(IssuerList).where(IssuerList.did == did, IssuerList.url.in_(named))
        kept = {
            each.url: StatusList(url=each.url, checked_at=each.checked_at, bits=each.bits)
            for each in session.scalars(wanted)
        }
        return KnownIssuer(did=did, name=row.name, document=row.document, lists=kept)

    return find


def is_own(session: Session, site: Site | None, did: str) -> bool:
    """Say whether an issuer is one of this server's own providers."""
    if site is None:
        return False
    return any(did == credentials.did_of(site, each.uuid) for each in providers.list_providers(session))


def _mine(provider_id: int) -> Select[TrustedIssuer]:
    return select(TrustedIssuer).where(TrustedIssuer.provider_id == provider_id)


def _current(provider_id: int, did: str) -> Select[TrustedIssuer]:
    return _mine(provider_id).where(TrustedIssuer.did == did, TrustedIssuer.ended_at.is_(None))


def _trusted(provider_id: int | None) -> Select[TrustedIssuer]:
    return select(TrustedIssuer).where(
        TrustedIssuer.ended_at.is_(None),
        true() if provider_id is None else TrustedIssuer.provider_id == provider_id,
    )


def _reason(reason: str, empty: str) -> str:
    words = " ".join("".join(c for c in reason if c.isprintable() or c.isspace()).split())
    if len(words) < SHORTEST_REASON:
        raise PassportError(empty, code="reason-short", field="reason")
    if len(words) > LONGEST_WORDS:
        raise PassportError(f"Use at most {LONGEST_WORDS} letters.", code="reason-too-long", field="reason")
    return words
