"""Endorsements: what an assessor or manager states beside a credential (Open Badges 3.0, EndorsementCredential).

Whoever endorses has a DID of their own below their provider's, controlled by the provider, whose keys sign: no carer's
phone holds a key. It is published beside the badge, not inside, and revoked with it by the same place on the list.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app import identity
from app.credentials import keys, securing, status
from app.credentials.canonical import CREDENTIALS, OPEN_BADGES
from app.credentials.models import Credential, CredentialEndorsement, CredentialStatus
from app.credentials.securing import Signer, moment
from app.credentials.types import Endorsed, Endorser, Site
from app.providers import ProviderView

FOLDER = "assessors"


def endorser_did(site: Site, provider: UUID, endorser: UUID) -> str:
    """Return the DID of somebody who endorses; its document lies at their address with `/did.json`."""
    return f"{keys.did_of(site, provider)}:{FOLDER}:{endorser}"


def endorser_base(site: Site, provider: UUID, endorser: UUID) -> str:
    """Return the address under which their DID document and status lists lie."""
    return f"{keys.base_of(site, provider)}/{FOLDER}/{endorser}"


def endorser_document(
    session: Session, provider_id: int, provider: UUID, endorser: UUID, site: Site
) -> dict[str, Any] | None:
    """Return their DID document: the provider's keys, under their own names. None for one who endorsed nothing here."""
    mine = CredentialEndorsement.provider_id == provider_id, CredentialEndorsement.endorser == endorser
    rows = keys.keys_of(session, provider_id)
    if not rows or not session.scalar(select(exists().where(*mine))):
        return None
    document = keys.document_of(endorser_did(site, provider, endorser), rows)
    return {**document, "controller": keys.did_of(site, provider)}


def endorser_list(
    session: Session, provider: ProviderView, endorser: UUID, number: int, site: Site, signer: Signer
) -> dict[str, Any] | None:
    """Return the provider's status list as that of somebody who endorses: a list has the issuer of what is on it."""
    address = f"{endorser_base(site, provider.uuid, endorser)}/status/{number}"
    theirs = replace(signer, did=endorser_did(site, provider.uuid, endorser))
    return status.list_credential(session, provider.id, address, number, theirs)


def endorsed(session: Session, credentials: Collection[UUID]) -> Mapping[UUID, tuple[Endorsed, ...]]:
    """Return what stands beside each of these credentials, the oldest first. One statement."""
    query = (
        select(Credential.uuid, CredentialEndorsement.document)
        .join(Credential, Credential.id == CredentialEndorsement.credential_id)
        .where(Credential.uuid.in_(credentials))
        .order_by(CredentialEndorsement.id)
    )
    found: dict[UUID, list[Endorsed]] = {}
    for uuid, document in session.execute(query):
        said = json.loads(document)
        found.setdefault(uuid, []).append(
            Endorsed(
                name=said["issuer"]["name"],
                role=said["issuer"]["description"],
                words=said["credentialSubject"]["endorsementComment"],
                document=document,
            )
        )
    return {uuid: tuple(each) for uuid, each in found.items()}


class Endorsing:
    """Adds what is missing beside the credentials of some people of a provider, in a few statements for all."""

    def __init__(
        self, session: Session, provider: ProviderView, site: Site, rows: Collection[Credential], *, now: datetime
    ) -> None:
        """`rows` are the credentials these people have so far."""
        self.session, self.provider, self.site, self.now = session, provider, site, now
        beside = select(CredentialEndorsement.credential_id, CredentialEndorsement.by)
        found = session.execute(beside.where(CredentialEndorsement.credential_id.in_([row.id for row in rows])))
        self._there = {(credential_id, by) for credential_id, by in found}
        mine = CredentialEndorsement.provider_id == provider.id, CredentialEndorsement.by.is_not(None)
        known = select(CredentialEndorsement.by, CredentialEndorsement.endorser).where(*mine).distinct()
        self._names: dict[int, UUID] = {by: endorser for by, endorser in session.execute(known) if by is not None}
        self._people: dict[UUID, int | None] = {}

    def missing(self, row: Credential, endorsers: Collection[Endorser]) -> tuple[tuple[int, Endorser], ...]:
        """Return who has not stated it yet beside this credential, by the id of the person, and what they state.

        Whoever was erased since states nothing.
        """
        new = {each.person for each in endorsers} - self._people.keys()
        if new:
            found = select(identity.Person.uuid, identity.Person.id).where(identity.Person.uuid.in_(new))
            self._people |= dict.fromkeys(new)
            for uuid, person in self.session.execute(found):
                self._people[uuid] = person
        found_by = ((self._people[each.person], each) for each in endorsers)
        return tuple((by, each) for by, each in found_by if by is not None and (row.id, by) not in self._there)

    def add(self, row: Credential, missing: Collection[tuple[int, Endorser]], signer: Signer) -> None:
        """State it for each of these, with the provider's keys."""
        for by, each in missing:
            self._there.add((row.id, by))
            self.session.add(self._signed(row, each, by, signer))
        self.session.flush()

    def _signed(self, row: Credential, each: Endorser, by: int, signer: Signer) -> CredentialEndorsement:
        endorser = self._names.setdefault(by, uuid4())
        place = self.session.get_one(CredentialStatus, row.status_id)
        uuid, did = uuid4(), endorser_did(self.site, self.provider.uuid, endorser)
        address = f"{endorser_base(self.site, self.provider.uuid, endorser)}/status/{place.list}"
        document = endorsement(
            each,
            uuid=uuid,
            did=did,
            of=f"{self.site.origin}/credentials/{row.uuid}",
            name=row.name,
            status=status.entry_of(place, address),
            provider=self.provider.name,
            parent=signer.did,
            now=self.now,
        )
        signed = securing.with_proof(document, replace(signer, did=did), now=self.now)
        return CredentialEndorsement(
            uuid=uuid,
            provider_id=self.provider.id,
            credential_id=row.id,
            endorser=endorser,
            by=by,
            document=securing.as_json(signed),
            issued_at=self.now,
        )


def endorsement(
    each: Endorser,
    *,
    uuid: UUID,
    did: str,
    of: str,
    name: str,
    status: Mapping[str, str],
    provider: str,
    parent: str,
    now: datetime,
) -> dict[str, Any]:
    """Return an endorsement, unsigned. `of` is the id of the credential, `parent` the DID of the provider. Pure."""
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": f"urn:uuid:{uuid}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": f"Endorsement: {name}"[:300],
        "issuer": {
            "id": did,
            "type": ["Profile"],
            "name": each.name,
            "description": f"{each.role.capitalize()}, named by {provider}",
            "parentOrg": {"id": parent, "type": ["Profile"], "name": provider},
        },
        "validFrom": moment(now),
        "credentialSubject": {"id": of, "type": ["EndorsementSubject"], "endorsementComment": each.words},
        "credentialStatus": dict(status),
    }
