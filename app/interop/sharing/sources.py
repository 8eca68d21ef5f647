"""Whom this server follows: confirming a key, and looking what they offer now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app import sync
from app.content import queries as content
from app.content.sharing import editions_here
from app.interop.sharing.errors import AnotherKey, BadManifest, NoSource, Older, SharingError
from app.interop.sharing.fetch import MANIFEST, Place
from app.interop.sharing.models import LONGEST_WORDS, Holding, Source, TakenErratum
from app.interop.sharing.plan import Changes, Owner, Side, compare
from app.interop.sharing.wire import LARGEST_MANIFEST, Manifest, read


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A catalogue that is followed. `address` is None when it comes by file; `trouble` is empty when all is well."""

    id: int
    uuid: UUID
    name: str
    address: str | None
    key: str
    since: datetime
    made_at: datetime
    looked_at: datetime
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The catalogue a module came from, and whether it is followed still."""

    source: SourceView
    followed: bool


def fetch_manifest(place: Place, *, key: str | None = None) -> tuple[bytes, Manifest]:
    """Return the catalogue that lies there, as it came and as read. Raises SharingError."""
    raw = place.fetch(MANIFEST, LARGEST_MANIFEST)
    return raw, read(raw, key=key)


def follow(session: Session, raw: bytes, *, address: str | None, key: str, now: datetime) -> SourceView:
    """Follow the catalogue `raw`, whose key a person confirmed. Repeating is harmless; another key takes its place.

    Raises SharingError: a server does not follow itself.
    """
    manifest = read(raw, key=key)
    if manifest.server == sync.server_id(session):
        raise SharingError("This is this server's own catalogue. Follow somebody else's.", code="own")
    row = session.scalars(select(Source).where(Source.uuid == manifest.server, Source.ended_at.is_(None))).one_or_none()
    if row is None:
        row = Source(uuid=manifest.server, since=now, key=key, name=manifest.name, address=address)
        row.manifest, row.made_at, row.looked_at, row.trouble = raw.decode(), manifest.made_at, now, ""
        _take_over_own(session, row)
    else:
        row.key, row.address = key, address or row.address
        _seen(row, raw, manifest, now)
    session.flush()
    return _view(row)


def unfollow(session: Session, source_id: int, *, now: datetime) -> None:
    """Follow a catalogue no longer. What came from it stays, and is this server's to keep. Safe to repeat."""
    row = session.get(Source, source_id)
    if row is not None and row.ended_at is None:
        row.ended_at = now
        session.flush()


def sources(session: Session) -> tuple[SourceView, ...]:
    """Return the catalogues that are followed, by name."""
    rows = session.scalars(select(Source).where(Source.ended_at.is_(None)).order_by(Source.name, Source.id))
    return tuple(_view(row) for row in rows)


def find(session: Session, wanted: str) -> SourceView:
    """Return the source of this name, address, uuid or beginning of any. Raises NoSource, saying which there are."""
    every, asked = sources(session), wanted.casefold().rstrip("/")
    exact = [each for each in every if asked in (each.name.casefold(), each.address, str(each.uuid))]
    found = exact or [each for each in every if asked and each.name.casefold().startswith(asked)]
    if len(found) != 1:
        names = ", ".join(f'"{each.name}"' for each in every) or "none yet"
        raise NoSource(f'"{wanted}" is not one of the catalogues that are followed here: {names}.')
    return found[0]


def seen(session: Session, source_id: int, raw: bytes, *, now: datetime) -> Manifest:
    """Note what a source offers now. Raises AnotherKey, BadManifest or Older, and then nothing is noted."""
    row = _row(session, source_id)
    manifest = read(raw, key=row.key)
    if manifest.server != row.uuid:
        raise BadManifest(f"This is not the catalogue of {row.name}, but of {manifest.name}.")
    _seen(row, raw, manifest, now)
    session.flush()
    return manifest


def went_wrong(session: Session, source_id: int, words: str, *, now: datetime) -> None:
    """Note that a look at a source failed, and why. What was seen before stays."""
    row = _row(session, source_id)
    row.trouble, row.looked_at = words[:LONGEST_WORDS], now
    session.flush()


def changes_of(session: Session, source_id: int) -> tuple[Manifest, Changes]:
    """Return the catalogue a source was last seen with, and what taking it would change now."""
    row = session.get_one(Source, source_id, options=[undefer(Source.manifest)])
    manifest = read(row.manifest.encode(), key=row.key)
    return manifest, compare(manifest, side_of(session, source_id))


def all_changes(session: Session) -> tuple[tuple[SourceView, Changes], ...]:
    """Return each catalogue that is followed, by name, with what taking it would change. As many statements as one."""
    rows = session.scalars(
        select(Source)
        .where(Source.ended_at.is_(None))
        .order_by(Source.name, Source.id)
        .options(undefer(Source.manifest))
    ).all()
    side = side_of(session, 0) if rows else None
    return tuple(
        (_view(row), compare(read(row.manifest.encode(), key=row.key), replace(side, source_id=row.id)))
        for row in rows
        if side is not None
    )


def side_of(session: Session, source_id: int) -> Side:
    """Return this server's side of the comparison with a source."""
    owners: dict[str, dict[str, Owner]] = {"module": {}, "pack": {}}
    holdings = select(Holding.kind, Holding.key, Holding.source_id, Source.ended_at).join(
        Source, Source.id == Holding.source_id
    )
    for row in session.execute(holdings.where(Holding.ended_at.is_(None)).order_by(Holding.id)):
        owners[row.kind][row.key] = (row.source_id, row.ended_at is None)
    return Side(
        source_id=source_id,
        editions=editions_here(session),
        modules=owners["module"],
        packs=owners["pack"],
        own_packs=frozenset(each.name for each in content.documents(session, "pack")) - owners["pack"].keys(),
        names={row.id: row.name for row in session.execute(select(Source.id, Source.name))},
        errata=frozenset(session.scalars(select(TakenErratum.mark))),
    )


def taken_modules(session: Session) -> frozenset[str]:
    """Return the keys of modules that came from other servers."""
    return frozenset(session.scalars(select(Holding.key).where(Holding.kind == "module", Holding.ended_at.is_(None))))


def origins(session: Session) -> dict[str, str]:
    """Return where packs came from that are not this server's own: the name of the catalogue by the pack's key."""
    query = select(Holding.key, Source.name).join(Source, Source.id == Holding.source_id)
    rows = session.execute(query.where(Holding.kind == "pack", Holding.ended_at.is_(None)))
    return {row.key: row.name for row in rows}


def holder(session: Session, module: str) -> Holder | None:
    """Return the catalogue a module came from, None for one of this server's own."""
    query = select(Source).join(Holding, Holding.source_id == Source.id)
    row = session.scalars(
        query.where(Holding.kind == "module", Holding.key == module, Holding.ended_at.is_(None))
    ).one_or_none()
    return None if row is None else Holder(source=_view(row), followed=row.ended_at is None)


def _row(session: Session, source_id: int) -> Source:
    row = session.get(Source, source_id)
    if row is None or row.ended_at is not None:
        raise NoSource("That catalogue is not followed here any more.")
    return row


def _seen(row: Source, raw: bytes, manifest: Manifest, now: datetime) -> None:
    if manifest.made_at < row.made_at:
        raise Older(
            f"The catalogue of {row.name} is older than the one that was seen before ({manifest.made_at:%Y-%m-%d}, "
            f"then {row.made_at:%Y-%m-%d}). Their server was put back to an earlier day, or this is an old copy. "
            "Nothing was taken."
        )
    row.manifest, row.made_at, row.name = raw.decode(), manifest.made_at, manifest.name
    row.looked_at, row.trouble = now, ""


def _take_over_own(session: Session, row: Source) -> None:
    """Give a source that is followed again what came from it before."""
    session.add(row)
    session.flush()
    earlier = select(Source.id).where(Source.uuid == row.uuid, Source.id != row.id)
    for holding in session.scalars(
        select(Holding).where(Holding.source_id.in_(earlier), Holding.ended_at.is_(None))
    ).all():
        holding.ended_at = row.since
        session.add(Holding(kind=holding.kind, key=holding.key, source_id=row.id, since=row.since))


def _view(row: Source) -> SourceView:
    return SourceView(
        id=row.id,
        uuid=row.uuid,
        name=row.name,
        address=row.address,
        key=row.key,
        since=row.since,
        made_at=row.made_at,
        looked_at=row.looked_at,
        trouble=row.trouble,
    )


__all__ = [
    "AnotherKey",
    "Holder",
    "SourceView",
    "all_changes",
    "changes_of",
    "fetch_manifest",
    "find",
    "follow",
    "holder",
    "origins",
    "seen",
    "side_of",
    "sources",
    "taken_modules",
    "unfollow",
    "went_wrong",
]
