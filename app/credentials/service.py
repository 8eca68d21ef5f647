"""Issuing and revoking. Every function flushes; the edge commits, and holds the write lock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.credentials import building, keys, securing, status
from app.credentials.endorsing import Endorsing
from app.credentials.errors import CredentialError
from app.credentials.facts import read_facts, standards
from app.credentials.models import Credential, CredentialKeys, CredentialStatus
from app.credentials.rules import Facts, met, why_gone
from app.credentials.securing import Signer
from app.credentials.types import Change, Met, Site
from app.providers import MemberView, ProviderView

LEAKED = "The key that signed it became known to others."
LONGEST_REASON = 500


def bring_into_line(
    session: Session,
    provider_id: int,
    now: datetime,
    *,
    site: Site,
    people: Collection[int] | None = None,
    most: int | None = None,
) -> tuple[Change, ...]:
    """Revoke what is true no more and issue what is met and has no live credential; say what changed of whom.

    Idempotent. `people` are ids, all who ever had a place there when None. `most`: issue no more than so many, and
    leave the others for the next time. Raises KeysSealed when something is to be signed and the keys cannot be opened.
    """
    provider = providers.find_provider(session, provider_id)
    if provider is None:
        return ()
    # Two workers, or one and somebody at the command line, would else both issue what is missing.
    providers.one_at_a_time(session, provider_id)
    members = {
        each.person_id: each for each in providers.list_members(session, provider_id, with_ended=True, people=people)
    }
    mine = Credential.provider_id == provider_id, Credential.person_id.in_(members)
    issued: dict[int, list[Credential]] = {person_id: [] for person_id in members}
    for row in session.scalars(select(Credential).where(*mine).order_by(Credential.id)):
        issued[row.person_id].append(row)
    dropped = CredentialKeys.provider_id == provider_id, CredentialKeys.dropped_at.is_not(None)
    leaked = frozenset(session.scalars(select(CredentialKeys.id).where(*dropped)))
    wanted = standards(session)
    issuing = _Issuing(session=session, provider=provider, site=site, now=now, left=most)
    endorsing = Endorsing(session, provider, site, [row for rows in issued.values() for row in rows], now=now)
    changes = []
    for person_id, facts in read_facts(session, provider, tuple(members)).items():
        gone = _revoke_what_is_gone(session, issued[person_id], facts, leaked, now)
        reached = met(facts, wanted)
        new = _issue_what_is_met(issuing, members[person_id], issued[person_id], reached)
        _endorse(issuing, endorsing, issued[person_id], reached)
        if gone or new:
            changes.append(Change(person_id=person_id, issued=tuple(new), revoked=tuple(gone)))
    session.flush()
    return tuple(changes)


def revoke(
    session: Session,
    provider_id: int,
    credential: UUID,
    reason: str,
    *,
    by: int | None,
    now: datetime,
    person_id: int | None = None,
    anew: bool = False,
) -> bool:
    """Revoke one credential by hand, with a reason; say whether that changed anything. Safe to repeat.

    It is not issued again on the same grounds unless `anew`: then the next bringing into line issues it with what is
    known by then. Raises CredentialError for an unknown one or a reason that is empty or too long.
    """
    said = " ".join(reason.split())
    if not said:
        raise CredentialError("Say why it is revoked.", field="reason")
    if len(said) > LONGEST_REASON:
        raise CredentialError(f"Say it in at most {LONGEST_REASON} letters.", field="reason")
    providers.one_at_a_time(session, provider_id)
    query = select(Credential).where(Credential.provider_id == provider_id, Credential.uuid == credential)
    if person_id is not None:
        query = query.where(Credential.person_id == person_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise CredentialError("There is no such credential here.", code="not-found")
    if row.revoked_at is not None:
        return False
    _revoke(session, row, said, now, by=by, not_again=not anew)
    session.flush()
    return True


@dataclass(slots=True, kw_only=True)
class _Issuing:
    """What issuing needs; the keys are opened when the first credential is signed."""

    session: Session
    provider: ProviderView
    site: Site
    now: datetime
    left: int | None
    signer: Signer | None = None

    def may(self) -> bool:
        return self.left is None or self.left > 0

    def opened(self) -> Signer:
        if self.signer is None:
            self.signer = keys.signer(self.session, self.provider.id, self.provider.uuid, self.site, now=self.now)
        return self.signer

    def issue(self, member: MemberView, each: Met) -> Credential:
        signer = self.opened()
        if self.left is not None:
            self.left -= 1
        # All of it random: who knows one address learns nothing of another.
        uuid, place = uuid4(), status.take_place(self.session, self.provider.id)
        address = status.address_of(self.site, self.provider.uuid, place.list)
        built = building.credential(
            each,
            address=f"{self.site.origin}/credentials/{uuid}",
            status=status.entry_of(place, address),
            issuer={"id": signer.did, "name": self.provider.name},
            person=member.person_uuid,
            name=member.name,
            now=self.now,
        )
        row = Credential(
            uuid=uuid,
            provider_id=self.provider.id,
            person_id=member.person_id,
            kind=each.kind,
            achievement=each.achievement,
            occasion=each.occasion,
            name=each.name[:300],
            rests_on=list(each.rests_on),
            status_id=place.id,
            key_id=signer.key_id,
            jwt=securing.as_jwt(built, signer),
            document=securing.as_json(securing.with_proof(built, signer, now=self.now)),
            issued_at=self.now,
            valid_until=each.valid_until,
            not_again=False,
        )
        self.session.add(row)
        self.session.flush()
        return row


def _revoke_what_is_gone(
    session: Session, rows: Collection[Credential], facts: Facts, leaked: frozenset[int], now: datetime
) -> list[UUID]:
    gone = []
    for row in rows:
        if row.revoked_at is not None:
            continue
        reason = LEAKED if row.key_id in leaked else why_gone(row.rests_on, facts.holding)
        if reason is not None:
            _revoke(session, row, reason, now)
            gone.append(row.uuid)
    return gone


def _issue_what_is_met(
    issuing: _Issuing, member: MemberView, rows: list[Credential], reached: Collection[Met]
) -> list[UUID]:
    live = {(row.achievement, row.occasion) for row in rows if row.revoked_at is None}
    barred = {(row.achievement, frozenset(row.rests_on)) for row in rows if row.not_again}
    new = []
    for each in reached:
        lapsed = each.valid_until is not None and each.valid_until <= issuing.now
        known = (each.achievement, each.occasion) in live or (each.achievement, frozenset(each.rests_on)) in barred
        if not known and not lapsed and issuing.may():
            rows.append(issuing.issue(member, each))
            new.append(rows[-1].uuid)
    return new


def _endorse(issuing: _Issuing, endorsing: Endorsing, rows: Collection[Credential], reached: Collection[Met]) -> None:
    """Let those who saw or decided something state it beside the credential that rests on just that."""
    live = {(row.achievement, frozenset(row.rests_on)): row for row in rows if row.revoked_at is None}
    for each in reached:
        row = live.get((each.achievement, frozenset(each.rests_on)))
        missing = endorsing.missing(row, each.endorsers) if row is not None else ()
        if row is not None and missing:
            endorsing.add(row, missing, issuing.opened())


def _revoke(
    session: Session, row: Credential, reason: str, now: datetime, *, by: int | None = None, not_again: bool = False
) -> None:
    row.revoked_at, row.revoked_reason, row.revoked_by, row.not_again = now, reason, by, not_again
    place = session.get_one(CredentialStatus, row.status_id)
    place.revoked_at = now
