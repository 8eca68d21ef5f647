"""Which issuers are known here: the providers of this server, by its own records."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import providers
from app.credentials import keys, status
from app.credentials.checking import Issuers
from app.credentials.types import KnownIssuer, Site, StatusList


def own(session: Session, site: Site, *, now: datetime) -> Issuers:
    """Return the function by which `check` asks for this server's own providers, with their lists as of this moment."""

    def find(did: str, lists: Collection[str]) -> KnownIssuer | None:
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
