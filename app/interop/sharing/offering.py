"""What this server offers others: its key, the packs it chose, and the signed catalogue of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import sync
from app.content import queries as content
from app.content.errata import errata_of
from app.content.sharing import Shareable, everybodys_pack, shareable
from app.content.types import DocumentInfo, EditionInfo
from app.identity.sealing import seal, unseal
from app.interop.sharing.errors import NotOffered, SharingError
from app.interop.sharing.licences import LICENCES, known
from app.interop.sharing.models import OfferedPack, SigningKey
from app.interop.sharing.wire import base64url, from_base64url, signed, stamp
from app.kernel import new_uuid7

PURPOSE = "catalogue key"
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """A pack of everybody's here. `refusal` says why it cannot be offered, empty when it can."""

    key: str
    title: str
    publisher: str
    licence: str
    modules: int
    offered: bool
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What this server signs with, and is called. `public` is what followers confirm."""

    public: str
    name: str
    made_at: datetime


def identity_of(session: Session) -> Identity | None:
    """Return the key this server signs with, None when it never offered anything."""
    row = _key_row(session)
    return Identity(public=row.public, name=row.name, made_at=row.made_at) if row else None


def packs(session: Session) -> tuple[PackLine, ...]:
    """Return everybody's packs, and which of them are offered. Providers' own packs are never among them."""
    offered = _offered(session)
    modules: dict[str, set[str]] = {}
    for edition in content.current_editions(session):
        modules.setdefault(edition.pack, set()).add(edition.key)
    return tuple(
        PackLine(
            key=each.name,
            title=each.data["title"],
            publisher=each.data["publisher"],
            licence=each.data["licence"],
            modules=len(modules.get(each.name, ())),
            offered=each.name in offered and known(each.data["licence"]),
            refusal=_refusal(each),
        )
        for each in content.documents(session, "pack")
    )


def offer(session: Session, pack: str, *, name: str | None, default_name: str, secret: bytes, now: datetime) -> bool:
    """Offer a pack to other servers; the first time this makes the key. Says whether anything changed.

    `name` is what the server is called, None to leave it. Raises NotOffered for a pack that is not everybody's, or
    whose licence does not let others have it.
    """
    found = next((each for each in content.documents(session, "pack") if each.name == pack), None)
    if found is None:
        raise NotOffered(f'There is no pack "{pack}" here that is everybody\'s. flask catalogue offer lists them.')
    if refusal := _refusal(found):
        raise NotOffered(refusal)
    renamed = call(session, name, default_name=default_name, secret=secret, now=now)
    if pack in _offered(session):
        return renamed
    session.add(OfferedPack(pack=pack, since=now))
    session.flush()
    return True


def stop(session: Session, pack: str, *, now: datetime) -> bool:
    """Offer a pack no longer. Who took it keeps it. Says whether anything changed."""
    rows = session.scalars(select(OfferedPack).where(OfferedPack.pack == pack, OfferedPack.ended_at.is_(None))).all()
    for row in rows:
        row.ended_at = now
    session.flush()
    return bool(rows)


def call(session: Session, name: str | None, *, default_name: str, secret: bytes, now: datetime) -> bool:
    """Make the key if there is none, and note what the server is called. Says whether anything changed."""
    row = _key_row(session)
    if row is None:
        _make_key(session, name or default_name, secret=secret, now=now)
        return True
    if name is None or name == row.name:
        return False
    row.name = name[:LONGEST_NAME]
    session.flush()
    return True


def new_key(session: Session, *, secret: bytes, now: datetime) -> Identity:
    """Sign with a new key from now on. Everybody who follows has to confirm it. Raises NotOffered without one."""
    row = _key_row(session)
    if row is None:
        raise NotOffered("There is no key yet. The first flask catalogue offer makes it.")
    made = _make_key(session, row.name, secret=secret, now=now)
    return Identity(public=made.public, name=made.name, made_at=made.made_at)


def manifest(session: Session, *, origin: str, secret: bytes) -> bytes:
    """Return the signed catalogue of what is offered. The same until something in it changes.

    Raises NotOffered when nothing is, SharingError when the key cannot be opened.
    """
    row, offered = _key_row(session), _offered(session)
    chosen = [
        each for each in content.documents(session, "pack") if each.name in offered and known(each.data["licence"])
    ]
    if row is None or not chosen:
        raise NotOffered("This server offers no packs to others.")
    modules = dict(_modules(session, {each.name for each in chosen}))
    glossary = content.document(session, "glossary", "en")
    document = {
        "format": 1,
        "kind": "catalogue",
        "server": str(sync.server_id(session)),
        "name": row.name,
        "origin": origin,
        "key": row.public,
        "made_at": stamp(_changed_at(session, row, modules)),
        "words": dict(glossary.data["words"]) if glossary else {},
        "packs": [_pack(each) for each in chosen],
        "modules": [modules[key] for key in sorted(modules)],
    }
    return signed(document, _open(row, secret))


def offered_text(session: Session, sha: str) -> str | None:
    """Return the text of an edition that is offered, else None."""
    if everybodys_pack(session, sha) not in _offered(session) or not known(shareable(session, [sha])[sha].licence):
        return None
    return content.text_of(session, sha)


def _key_row(session: Session) -> SigningKey | None:
    return session.scalars(select(SigningKey).order_by(SigningKey.id.desc()).limit(1)).one_or_none()


def _make_key(session: Session, name: str, *, secret: bytes, now: datetime) -> SigningKey:
    made, uuid = Ed25519PrivateKey.generate(), new_uuid7()
    row = SigningKey(
        uuid=uuid,
        public=base64url(made.public_key().public_bytes_raw()),
        sealed=seal(base64url(made.private_bytes_raw()), PURPOSE, uuid, secret=secret),
        name=name[:LONGEST_NAME],
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _open(row: SigningKey, secret: bytes) -> Ed25519PrivateKey:
    opened = unseal(row.sealed, PURPOSE, row.uuid, secret=secret)
    if opened is None:
        raise SharingError(
            "The key that signs the catalogue was sealed under another BV_SECRET_KEY. Put that one back, or make a new "
            "key with flask catalogue new-key: then everybody who follows has to confirm it.",
            code="key-sealed",
        )
    return Ed25519PrivateKey.from_private_bytes(from_base64url(opened))


def _offered(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(OfferedPack.pack).where(OfferedPack.ended_at.is_(None))))


def _refusal(pack: DocumentInfo) -> str:
    if known(pack.data["licence"]):
        return ""
    return (
        f'The pack "{pack.name}" is under "{pack.data["licence"]}", which does not let others have it as far as we '
        f"know. It can be offered under {', '.join(LICENCES)}."
    )


def _offered_editions(session: Session, packs: frozenset[str] | set[str]) -> Iterator[tuple[EditionInfo, Shareable]]:
    editions = [each for each in content.all_editions(session) if each.pack in packs]
    facts = shareable(session, [each.sha for each in editions])
    for each in editions:
        found = facts[each.sha]
        if known(found.licence) and found.text_bytes:
            yield each, found


def _modules(session: Session, packs: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    modules: dict[str, list[tuple[EditionInfo, Shareable]]] = {}
    for each in _offered_editions(session, packs):
        modules.setdefault(each[0].key, []).append(each)
    shas = [info.sha for found in modules.values() for info, _ in found]
    errata = errata_of(session, shas)
    for key, found in modules.items():
        newest = found[-1][0]
        yield (
            key,
            {
                "key": key,
                "pack": newest.pack,
                "topic": newest.topic,
                "editions": [_edition(info, facts, errata.get(info.sha, ())) for info, facts in found],
            },
        )


def _edition(info: EditionInfo, facts: Shareable, errata: Any) -> dict[str, Any]:
    return {
        "number": info.number,
        "sha": info.sha,
        "source": facts.source,
        "change": info.change,
        "title": info.title,
        "licence": facts.licence,
        "published_at": stamp(info.published_at.astimezone(UTC)),
        "text_bytes": facts.text_bytes,
        "media": [{"sha": each["sha"], "name": each["name"], "bytes": each["bytes"]} for each in info.media],
        "errata": [
            {"question": each.question, "key": dict(each.key), "reason": each.reason, "at": stamp(each.corrected_at)}
            for each in errata
        ],
        "withdrawn": None
        if info.withdrawn_at is None
        else {"reason": info.withdrawn_reason or "—", "safety": info.safety, "at": stamp(info.withdrawn_at)},
    }


def _pack(document: DocumentInfo) -> dict[str, Any]:
    data: Mapping[str, Any] = document.data
    return {name: data[name] for name in ("title", "publisher", "licence", "framework")} | {
        "key": document.name,
        "topics": [{name: topic[name] for name in ("key", "title", "standard")} for topic in data["topics"]],
    }


def _changed_at(session: Session, row: SigningKey, modules: Mapping[str, dict[str, Any]]) -> datetime:
    """Return when anything that is offered last changed. It never goes back, while this database does not."""
    moments = [row.made_at]
    for each in session.scalars(select(OfferedPack)):
        moments += [each.since, each.ended_at or each.since]
    for module in modules.values():
        for edition in module["editions"]:
            said = [edition["published_at"], *(each["at"] for each in edition["errata"])]
            said += [edition["withdrawn"]["at"]] if edition["withdrawn"] else []
            moments += [datetime.fromisoformat(each) for each in said]
    return max(moments)
