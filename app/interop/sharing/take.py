"""Taking what another server offers: rendered anew from its text, then stored in one transaction.

Nothing that another server rendered is ever shown: its HTML is not even fetched. Its text goes through this server's
own checks and renderer, as if somebody had written it here, and its pictures through the same sieve.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import catalogue, providers, sync
from app.content import data, prepare
from app.content import service as content_service
from app.content.errors import ContentError
from app.content.prepare import Known, Prepared, Ready, ReadyDocument, Refused
from app.content.published import published_library
from app.content.sharing import editions_here
from app.interop.sharing import words
from app.interop.sharing.errors import NotAsPromised
from app.interop.sharing.gather import Gathered
from app.interop.sharing.models import Holding, TakenErratum
from app.interop.sharing.plan import Coming, LeftOut, compare
from app.interop.sharing.sources import side_of
from app.interop.sharing.wire import Edition, Erratum, Manifest, Module, Pack, mark_of
from app.kernel import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What was gathered, rendered here and ready to be stored; and what does not pass this server's checks."""

    ready: tuple[tuple[Coming, Ready], ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """What came without being asked for: withdrawals, and answers put right or not (`by_hand`)."""

    withdrawn: int = 0
    errata: int = 0
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What taking did. `published`: module and number of each new edition."""

    published: tuple[tuple[str, int], ...]
    urgent: Urgent
    left_out: tuple[LeftOut, ...]
    packs: tuple[str, ...]


def render(
    session: Session, manifest: Manifest, gathered: Sequence[Gathered], *, now: datetime
) -> tuple[Rendered, tuple[ReadyDocument, ...]]:
    """Check and render what was gathered, and the packs of the catalogue. Takes seconds, and writes nothing.

    Facts that are to be checked again are so on the day of the edition, not today. Raises NotAsPromised where the text
    says another thing than the catalogue.
    """
    library = replace(
        published_library(session), glossary={}, terms=(), packs={each.key: _pack(each) for each in manifest.packs}
    )
    known = Known(editions={}, documents=content_service.known_to(session).documents)
    documents: Mapping[str, ReadyDocument] = {}
    ready: list[tuple[Coming, Ready]] = []
    left_out: list[LeftOut] = []
    for day, group in _by_day(gathered, now).items():
        made = prepare.prepare(library, known, now=day, sources=[each.written for each in group])
        documents = {each.name: each for each in made.documents if each.kind == "pack"}
        for each, result in zip(group, made.modules, strict=True):
            if isinstance(result, Refused):
                left_out.append(LeftOut(key=result.module, words=_why(result, each.coming.edition.number)))
            else:
                _same_as_told(each.coming, result)
                ready.append((each.coming, result))
    if not documents:
        made = prepare.prepare(library, known, now=now, sources=[])
        documents = {each.name: each for each in made.documents if each.kind == "pack"}
    return Rendered(ready=tuple(ready), left_out=tuple(left_out)), tuple(documents.values())


def store(
    session: Session,
    source_id: int,
    manifest: Manifest,
    rendered: Rendered,
    documents: Iterable[ReadyDocument],
    *,
    now: datetime,
) -> Taken:
    """Write what was rendered, in the caller's transaction. It is compared once more: somebody may have been quicker.

    Editions go in as they followed each other there, errata between them. Flushes; the edge commits.
    """
    side = side_of(session, source_id)
    changes = compare(manifest, side)
    wanted = {(each.module.key, each.edition.number) for each in changes.coming}
    ready = [(each, made) for each, made in rendered.ready if (each.module.key, each.edition.number) in wanted]
    taking = {module.key: module for module in manifest.modules if _is_mine(module.key, source_id, side.modules)}
    taking |= {each.module.key: each.module for each, _ in ready}
    held = {module.pack for module in taking.values()}
    new_packs = _keep_packs(session, source_id, [each for each in documents if each.name in held], now)
    stopped = {each.key for each in rendered.left_out}
    published: list[tuple[str, int]] = []
    left_out = [*changes.left_out, *rendered.left_out]
    before = Urgent()
    for wave in _waves(ready):
        wave = [(each, made) for each, made in wave if each.module.key not in stopped]
        for each, _ in wave:
            before = _errata(session, source_id, each.module, now, until=each.edition.published_at, so_far=before)
        report = content_service.store(
            session, Prepared(modules=tuple(made for _, made in wave), documents=()), now=now, from_elsewhere=True
        )
        published += [(each.module, each.number) for each in report.published]
        left_out += [LeftOut(key=each.module, words=each.message) for each in report.refused]
        stopped |= {each.module for each in report.refused}
    for key in dict.fromkeys(key for key, _ in published):
        _hold(session, source_id, "module", key, now)
    texts = [made.text for each, made in ready if (each.module.key, each.edition.number) in set(published)]
    words.keep(session, manifest.server, words.used(manifest, texts), now=now)
    done = urgent(session, source_id, manifest, now=now, so_far=before)
    sync.judge_held(session)
    return Taken(published=tuple(published), urgent=done, left_out=tuple(left_out), packs=new_packs)


def urgent(
    session: Session, source_id: int, manifest: Manifest, *, now: datetime, so_far: Urgent | None = None
) -> Urgent:
    """Carry out what cannot wait: withdrawals and errata of editions that came from this source. Safe to repeat.

    They work as those of this server's own do: phones hear of a withdrawal at their next contact, attempts are marked
    again, and nobody loses a pass.
    """
    side, done = side_of(session, source_id), so_far or Urgent()
    for module in manifest.modules:
        if not _is_mine(module.key, source_id, side.modules):
            continue
        done = _errata(session, source_id, module, now, so_far=done)
        for edition in module.editions:
            stands = side.editions.get(module.key, {}).get(edition.number)
            if edition.withdrawn and stands and stands.source == edition.source and not stands.withdrawn:
                content_service.withdraw(
                    session,
                    module.key,
                    edition.number,
                    reason=edition.withdrawn.reason,
                    safety=edition.withdrawn.safety,
                    now=now,
                )
                done = replace(done, withdrawn=done.withdrawn + 1)
    session.flush()
    return done


def _errata(
    session: Session,
    source_id: int,
    module: Module,
    now: datetime,
    *,
    so_far: Urgent,
    until: datetime | None = None,
) -> Urgent:
    """Carry out a module's errata that were not yet, those made before `until` if it is given."""
    ahead = [
        (edition, each) for edition in module.editions for each in edition.errata if until is None or each.at < until
    ]
    if not ahead:
        return so_far
    stands = editions_here(session).get(module.key, {})
    taken = set(session.scalars(select(TakenErratum.mark).where(TakenErratum.source_id == source_id)))
    for edition, each in sorted(ahead, key=lambda one: one[1].at):
        here, mark = stands.get(edition.number), mark_of(module.key, edition.number, each)
        if here is None or here.source != edition.source or mark in taken:
            continue
        done = _put_right(session, module.key, edition, each, same_bytes=here.sha == edition.sha, now=now)
        session.add(TakenErratum(source_id=source_id, mark=mark, at=now, done=done))
        if done:
            so_far = replace(so_far, errata=so_far.errata + 1)
        else:
            said = f'edition {edition.number} of "{module.key}", question "{each.question}": {each.reason}'
            so_far = replace(so_far, by_hand=(*so_far.by_hand, said))
    session.flush()
    return so_far


def _put_right(
    session: Session, module: str, edition: Edition, erratum: Erratum, *, same_bytes: bool, now: datetime
) -> bool:
    """Put one key right; False when it cannot be carried over and a person has to.

    Steps and pairs are named by letters that depend on how the text was rendered, so only the same bytes have the same.
    """
    right, order, pairs = (erratum.key.get(name) for name in ("right", "order", "pairs"))
    if isinstance(right, list):
        given = right
    elif isinstance(order, list) and same_bytes:
        given = order
    elif isinstance(pairs, dict) and same_bytes:
        given = [f"{left}={name}" for left, name in pairs.items()]
    else:
        return False
    try:
        with session.begin_nested():
            sync.correct(session, module, edition.number, erratum.question, given, reason=erratum.reason, now=now)
    except ContentError:
        return False
    return True


def _is_mine(key: str, source_id: int, owners: Mapping[str, tuple[int, bool]]) -> bool:
    return key in owners and owners[key][0] == source_id


def _by_day(gathered: Sequence[Gathered], now: datetime) -> dict[datetime, list[Gathered]]:
    """Group by the day of publishing; what claims to be of the future is of today."""
    days: dict[date, tuple[datetime, list[Gathered]]] = {}
    for each in gathered:
        moment = min(each.coming.edition.published_at, now)
        days.setdefault(day_of(moment), (moment, []))[1].append(each)
    return dict(days.values())


def _why(refused: Refused, number: int) -> str:
    stops = [problem for problem in refused.problems if problem.stops]
    said = f"{stops[0].message}" if stops else refused.message
    return f"Edition {number} does not pass the checks of this server: {said}"


def _same_as_told(coming: Coming, ready: Ready) -> None:
    told, built = coming.edition, ready.built
    if built is None:
        raise NotAsPromised("The text was not rendered.")
    said = (told.number, told.change, told.title, told.licence, told.source)
    names = ("edition", "change", "title", "licence")
    if (*(built.data[name] for name in names), built.source) != said:
        raise NotAsPromised(
            f'The text of edition {told.number} of "{coming.module.key}" says another number, title or licence than '
            "the signed catalogue. Nothing was taken. Tell whoever runs that server."
        )


def _waves(ready: Sequence[tuple[Coming, Ready]]) -> Iterator[list[tuple[Coming, Ready]]]:
    """Yield the first edition of each module, then the second: an edition is compared with the one before it."""
    ahead: dict[str, list[tuple[Coming, Ready]]] = {}
    for each in sorted(ready, key=lambda one: one[0].edition.number):
        ahead.setdefault(each[0].module.key, []).append(each)
    while ahead:
        yield [found.pop(0) for found in ahead.values()]
        ahead = {key: found for key, found in ahead.items() if found}


def _keep_packs(session: Session, source_id: int, documents: Sequence[ReadyDocument], now: datetime) -> tuple[str, ...]:
    """Publish the packs and hold their keys. On a server several share, a new pack is nobody's until taken up."""
    held = {
        row.key: row.source_id
        for row in session.scalars(select(Holding).where(Holding.kind == "pack", Holding.ended_at.is_(None)))
    }
    content_service.store(session, Prepared(modules=(), documents=tuple(documents)), now=now)
    new = [each.name for each in documents if each.name not in held]
    for name in (each.name for each in documents if held.get(each.name) != source_id):
        _hold(session, source_id, "pack", name, now)
    here = providers.list_providers(session)
    if len(here) > 1:
        for name in new:
            for provider in here:
                catalogue.let_go(session, provider.id, name, now=now)
    return tuple(new)


def _hold(session: Session, source_id: int, kind: str, key: str, now: datetime) -> None:
    query = select(Holding).where(Holding.kind == kind, Holding.key == key, Holding.ended_at.is_(None))
    rows = session.scalars(query).all()
    if any(row.source_id == source_id for row in rows):
        return
    for row in rows:
        row.ended_at = now
    session.add(Holding(kind=kind, key=key, source_id=source_id, since=now))
    session.flush()


def _pack(pack: Pack) -> data.Pack:
    return data.Pack(
        key=pack.key,
        title=pack.title,
        publisher=pack.publisher,
        licence=pack.licence,
        framework=pack.framework,
        topics=tuple(data.Topic(key=each.key, title=each.title, standard=each.standard) for each in pack.topics),
    )
