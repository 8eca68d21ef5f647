"""Fetching the texts and media of what is coming, each checked against its hash before it is kept.

What was fetched waits in a folder of the source's own, by hash: a download that broke off goes on where it stopped.
Nothing of it is in the database before all of it is here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.content import Written
from app.content.source import source_sha
from app.interop.sharing.errors import NotAsPromised, NotReached
from app.interop.sharing.fetch import Place
from app.interop.sharing.plan import Coming
from app.interop.sharing.wire import Edition, Media
from app.interop.sharing.zipped import media_path, text_path

# Told after each edition: how many are here, of how many.
Progress = Callable[[int, int], None]
MOST_BYTES = 300_000_000
SECONDS_IN_ALL = 30 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """An edition with its text and media, every byte as the signed catalogue says."""

    coming: Coming
    written: Written


def gather(
    place: Place,
    coming: Sequence[Coming],
    folder: Path,
    *,
    clock: Callable[[], float],
    progress: Progress | None = None,
) -> tuple[Gathered, ...]:
    """Fetch what is coming. `clock` counts seconds. Raises NotReached or NotAsPromised; what came before stays."""
    _refuse_too_much(coming)
    folder.mkdir(parents=True, exist_ok=True)
    until = clock() + SECONDS_IN_ALL
    found = []
    for each in coming:
        if clock() > until:
            raise NotReached(
                f"{place.shown} is too slow: fetching was stopped after {SECONDS_IN_ALL // 60} minutes. Take again: "
                "what has come already is kept."
            )
        found.append(Gathered(coming=each, written=_edition(place, each, folder)))
        if progress is not None:
            progress(len(found), len(coming))
    return tuple(found)


def forget(folder: Path) -> None:
    """Delete what was fetched: it is in the database."""
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)


def _refuse_too_much(coming: Sequence[Coming]) -> None:
    files = {media.sha: media.bytes for each in coming for media in each.edition.media}
    whole = sum(files.values()) + sum(each.edition.text_bytes for each in coming)
    if whole > MOST_BYTES:
        raise NotAsPromised(
            f"The catalogue has {whole // 1_000_000} MB that are new. At most {MOST_BYTES // 1_000_000} MB are taken "
            "at once. Nothing was taken."
        )


def _edition(place: Place, each: Coming, folder: Path) -> Written:
    edition = each.edition
    if len({media.name for media in edition.media}) != len(edition.media):
        raise _lie(place, f'edition {edition.number} of "{each.module.key}" names a file twice')
    files = {media.name: _media(place, media, folder) for media in edition.media}
    return Written(
        pack=each.module.pack,
        topic=each.module.topic,
        name=each.module.key,
        words=_text(place, each, folder),
        files=files,
    )


def _text(place: Place, each: Coming, folder: Path) -> str:
    edition = each.edition
    name = f"{each.module.key}-{edition.number}-{edition.source}.md"
    body = _kept(folder / name)
    if body is None or not _is_text(body, edition):
        body = place.fetch(text_path(edition.sha), edition.text_bytes)
        if not _is_text(body, edition):
            raise _lie(place, f'the text of edition {edition.number} of "{each.module.key}"')
        _keep(folder / name, body)
    return body.decode("utf-8")


def _is_text(body: bytes, edition: Edition) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        named = {media.name: media.sha for media in edition.media}
        return len(body) == edition.text_bytes and source_sha(body.decode("utf-8"), named) == edition.source
    return False


def _media(place: Place, media: Media, folder: Path) -> bytes:
    body = _kept(folder / media.sha)
    if body is None or hashlib.sha256(body).hexdigest() != media.sha:
        body = place.fetch(media_path(media), media.bytes)
        if hashlib.sha256(body).hexdigest() != media.sha:
            raise _lie(place, f"the file {media.name}")
        _keep(folder / media.sha, body)
    return body


def _lie(place: Place, what: str) -> NotAsPromised:
    return NotAsPromised(
        f"What {place.shown} sent is not what its signed catalogue says: {what}. Nothing was taken. Tell whoever runs "
        "it."
    )


def _kept(path: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return None


def _keep(path: Path, body: bytes) -> None:
    """Write a file that is whole or not there."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(body)
    beside.replace(path)
