"""Which issuers are known here: the providers of this server, by its own records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.credentials import endorsing, keys, status
from app.credentials.checking import Issuers
from app.credentials.models import CredentialKeys, CredentialStatus
from app.credentials.types import KnownIssuer, Site, StatusList


def own(session: Session, site: Site, *, now: datetime) -> Issuers:
    """Return the function by which `check` asks for this server's own providers, with their lists as of this moment."""

    def find(did: str, lists: Collection[str]) -> KnownIssuer | None:
        above, folder, name = did.rpartition(f":{endorsing.FOLDER}:")
        if folder:
            return _endorser(session, site, above, name, lists, now=now)
        try:
            uuid = UUID(did.rpartition(":")[2])
        except ValueError:
            return None
        if did != keys.did_of(site, uuid):
            return None
        provider = providers.find_provider(session, uuid)
        if provider is None:
            return None
        document = keys.did_document(session, provider.id, provider.uuid, site)
        if document is None:
            return None
        found: dict[str, StatusList] = {}
        for address in lists:
            number = address.rpartition("/")[2]
            plain = number.isascii() and number.isdecimal() and len(number) < 6
            if plain and address == status.address_of(site, provider.uuid, int(number)):
                mine = status.own_list(session, provider.id, address, int(number), now=now)
                if mine is not None:
                    found[address] = mine
        return KnownIssuer(did=did, name=provider.name, document=document, lists=found)

    return find


def _endorser(
    session: Session, site: Site, above: str, name: str, lists: Collection[str], *, now: datetime
) -> KnownIssuer | None:
    """Return somebody who endorses for one of this server's providers; they are called by their provider's name."""
    try:
        uuid, endorser = UUID(above.rpartition(":")[2]), UUID(name)
    except ValueError:
        return None
    provider = providers.find_provider(session, uuid)
    if provider is None or above != keys.did_of(site, uuid) or name != str(endorser):
        return None
    document = endorsing.endorser_document(session, provider.id, uuid, endorser, site)
    if document is None:
        return None
    base, found = f"{endorsing.endorser_base(site, uuid, endorser)}/status/", dict[str, StatusList]()
    for address in lists:
        number = address.removeprefix(base)
        if number.isascii() and number.isdecimal() and len(number) < 6:
            mine = status.own_list(session, provider.id, address, int(number), now=now)
            if mine is not None:
                found[address] = mine
    return KnownIssuer(did=document["id"], name=provider.name, document=document, lists=found)


def own_issuers(session: Session, site: Site, *, now: datetime, most: int) -> tuple[KnownIssuer, ...]:
    """Return this server's providers that have keys, with all their lists as of `now`; at most `most`. Four statements.

    Whoever checks without signal keeps this.
    """
    rows = defaultdict[int, list[CredentialKeys]](list)
    query = select(CredentialKeys).where(CredentialKeys.dropped_at.is_(None)).order_by(CredentialKeys.number)
    for row in session.scalars(query):
        rows[row.provider_id].append(row)
    shown = [each for each in providers.list_providers(session) if each.id in rows][:most]
    bits: dict[tuple[int, int], bytearray] = {}
    places = select(CredentialStatus.provider_id, CredentialStatus.list).distinct()
    for provider_id, number in session.execute(places.where(CredentialStatus.provider_id.in_([e.id for e in shown]))):
        bits[provider_id, number] = bytearray(status.PLACES // 8)
    revoked = select(CredentialStatus.provider_id, CredentialStatus.list, CredentialStatus.number)
    for provider_id, number, place in session.execute(revoked.where(CredentialStatus.revoked_at.is_not(None))):
        if (provider_id, number) in bits:
            bits[provider_id, number][place // 8] |= 0x80 >> place % 8
    lists = defaultdict[int, dict[str, StatusList]](dict)
    uuids = {each.id: each.uuid for each in shown}
    for (provider_id, number), found in sorted(bits.items()):
        url = status.address_of(site, uuids[provider_id], number)
        lists[provider_id][url] = StatusList(url=url, checked_at=now, bits=bytes(found))
    return tuple(
        KnownIssuer(
            did=keys.did_of(site, each.uuid),
            name=each.name,
            document=keys.document_of(keys.did_of(site, each.uuid), rows[each.id]),
            lists=lists[each.id],
        )
        for each in shown
    )
