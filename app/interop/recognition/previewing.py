"""What is in a passport, item by item, before anything of it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app import credentials, providers, recognised
from app.credentials import Checked, KnownIssuer, Site, Unreadable, Verdict
from app.credentials.reading import Presented, read
from app.interop.recognition import looking, trusting
from app.interop.recognition.did import fingerprint, host_of, place_of
from app.interop.recognition.errors import PassportError
from app.interop.recognition.looking import Fetch
from app.interop.recognition.mapping import Target, Targets, targets
from app.interop.recognition.statements import places_of, statement_of
from app.providers import MemberView
from app.recognised import RecognitionView, Statement

# Those nobody trusts yet that are asked for their keys, of one file.
MOST_STRANGERS = 4
# Checking JSON-LD takes a process of its own; a passport of ours is made of tokens.
MOST_DOCUMENTS = 24
GOOD = (Verdict.VALID, Verdict.UNCHECKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """An issuer nobody here trusts, with the keys it tells. `holds`: what it signed in this file fits these keys."""

    did: str
    name: str
    host: str
    fingerprint: str
    document: Mapping[str, Any]
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One statement of a passport. `mark` names it in a form: the beginning of its SHA-256.

    `statement` is None where its signature does not hold, or nobody here trusts who signed it: then nothing can be
    decided. `named`: the name in it, `same_name`: it is the person's. `maps`: what it stands in for here, if that is
    known. `here`: it is kept already. `of_another`: the name of another person here of whom it was recognised.
    """

    mark: str
    checked: Checked
    did: str
    stranger: bool
    title: str
    statement: Statement | None
    named: str
    same_name: bool
    maps: Target | None
    here: RecognitionView | None
    of_another: str

    @property
    def can_be_recognised(self) -> bool:
        """Whether it holds today, and is this person's as far as anybody here knows."""
        return self.statement is not None and self.checked.verdict in GOOD and not self.of_another


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A passport as one provider sees it. `unheard`: why issuers that nobody trusts told nothing of themselves."""

    items: tuple[Item, ...]
    strangers: tuple[Stranger, ...]
    unheard: tuple[str, ...]
    targets: Targets


def preview(
    session: Session, member: MemberView, data: bytes, *, fetch: Fetch, site: Site | None, now: datetime
) -> Preview:
    """Return what a passport's bytes hold for one of a provider's people. Keeps nothing.

    Issuers nobody trusts yet are asked for their keys, at most four. Raises Unreadable for the file, and TooBusy.
    """
    bodies = credentials.presented(data)
    shown = [_read(body) for body in bodies]
    if sum(each is not None and each.token is None for each in shown) > MOST_DOCUMENTS:
        raise Unreadable(
            f"More than {MOST_DOCUMENTS} of these are in a form that takes long to check. Ask for the passport as "
            "tokens, or take it in parts."
        )
    known = trusting.issuers(session, now=now, site=site, provider_id=member.provider_id)
    dids = [None if each is None else _issuer_of(each) for each in shown]
    strange = [did for did in dict.fromkeys(filter(None, dids)) if known(did, ()) is None]
    session.rollback()  # nothing is held while others are asked
    heard, unheard = _hear(strange, fetch)
    marks = [hashlib.sha256(body).hexdigest() for body in bodies]
    kept = recognised.recognitions(session, member.provider_id)
    items, holds = [], set[str]()
    names = _signers(shown)
    for body, each, did, mark in zip(bodies, shown, dids, marks, strict=True):
        stranger = did in heard
        document = heard.get(did or "")
        by = known if document is None else _as_it_says(str(did), names.get(str(did), ""), document)
        checked = credentials.check(body, by, now=now)
        good = each is not None and bool(checked.name)
        if stranger and good:
            holds.add(str(did))
        items.append(_item(session, member, each, body.decode(), checked, did or "", mark, stranger, good, kept))
    found = targets(session, member.provider_id)
    return Preview(
        items=tuple(_mapped(item, found) for item in items),
        strangers=tuple(
            Stranger(
                did=did,
                name=names.get(did, "") or host_of(did),
                host=host_of(did),
                fingerprint=fingerprint(document),
                document=document,
                holds=did in holds,
            )
            for did, document in heard.items()
        ),
        unheard=tuple(unheard),
        targets=found,
    )


def signed_by(data: bytes) -> dict[str, set[str]]:
    """Return who says to have signed what is in a passport, each with the lists its withdrawal would show in.

    Nobody checked it: only lists at the issuer's own server are named, so that a file sends nobody anywhere else.
    Raises Unreadable for the file.
    """
    found: dict[str, set[str]] = {}
    for body in credentials.presented(data):
        shown = _read(body)
        did = None if shown is None else _issuer_of(shown)
        if shown is None or did is None:
            continue
        urls = found.setdefault(did, set())
        try:
            urls.update(url for url, _ in places_of(shown.credential) if urlsplit(url).netloc == place_of(did)[0])
        except (ValueError, TypeError, KeyError, PassportError):
            continue
    return found


def _hear(dids: Collection[str], fetch: Fetch) -> tuple[dict[str, dict[str, Any]], list[str]]:
    heard: dict[str, dict[str, Any]] = {}
    unheard = []
    for number, did in enumerate(dids):
        if number >= MOST_STRANGERS:
            unheard.append(f"{host_of(did)} was not asked: these are more who sign than are asked at once.")
            continue
        try:
            heard[did] = looking.fetch_document(did, fetch)
        except PassportError as error:
            unheard.append(str(error))
    return heard, unheard


def _as_it_says(did: str, name: str, document: Mapping[str, Any]) -> credentials.Issuers:
    issuer = KnownIssuer(did=did, name=name or host_of(did), document=document, lists={})
    return lambda asked, _lists: issuer if asked == did else None


def _read(body: bytes) -> Presented | None:
    try:
        return read(body)
    except Unreadable:
        return None


def _issuer_of(shown: Presented) -> str | None:
    issuer = shown.credential.get("issuer")
    did = issuer.get("id") if isinstance(issuer, dict) else issuer
    return did if isinstance(did, str) and "\0" not in did else None


def _signers(shown: Collection[Presented | None]) -> dict[str, str]:
    """Return what issuers call themselves, by DID. Nobody checked that."""
    found: dict[str, str] = {}
    for each in shown:
        issuer = None if each is None else each.credential.get("issuer")
        if isinstance(issuer, dict) and isinstance(issuer.get("id"), str) and isinstance(issuer.get("name"), str):
            found.setdefault(issuer["id"], " ".join(issuer["name"].split())[:200])
    return found


def _item(
    session: Session,
    member: MemberView,
    shown: Presented | None,
    body: str,
    checked: Checked,
    did: str,
    mark: str,
    stranger: bool,
    good: bool,
    kept: Collection[RecognitionView],
) -> Item:
    statement = statement_of(shown, body, checked, did) if good and shown is not None else None
    here = next((each for each in kept if each.sha == mark and each.person_id == member.person_id), None)
    others = [
        each
        for each in kept
        if each.person_id != member.person_id
        and (each.sha == mark or (statement and each.issuer == did and each.credential == statement.credential != ""))
        and each.state is recognised.Decision.ACCEPTED
    ]
    other = providers.find_member(session, member.provider_id, others[0].person_id) if others else None
    return Item(
        mark=mark[:16],
        checked=checked,
        did=did,
        stranger=stranger,
        title=checked.name or "A statement whose signature does not hold",
        statement=None if stranger else statement,
        named=checked.person,
        same_name=_plain(checked.person) == _plain(member.name),
        maps=None,
        here=here,
        of_another=other.name if other is not None else "",
    )


def _mapped(item: Item, found: Targets) -> Item:
    if item.statement is None:
        return item
    return replace(item, maps=found.of(read(item.statement.body.encode()).credential))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
