"""Checking many modules: those that did not change are known by a hash of their files, the others share the processors.

What is said of a module depends on its files, on what it is checked against, on the day and on these rules. A hash of
all of that names the answer, so an answer that is kept can be old but never wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from app.content.checks import check
from app.content.library import Library, Source
from app.content.prepare import surroundings
from app.content.problems import Problems
from app.content.types import Problem, Severity
from app.kernel import day_of

# Starting a process costs what this many modules do.
WORTH_A_PROCESS = 60
MOST_KEPT = 50_000
RULES = Path(__file__).parent


class Kept:
    """Answers of earlier checks by the hash of what they depend on, in one file that may be lost at any time."""

    def __init__(self, path: Path | None) -> None:
        """Take the file, or None to keep nothing beyond this run."""
        self._path = path
        self._found: dict[str, list[dict[str, Any]]] = {}
        self._used: dict[str, list[dict[str, Any]]] = {}
        with suppress(OSError, ValueError):
            read = json.loads(path.read_bytes()) if path else {}
            self._found = read if isinstance(read, dict) else {}

    def get(self, key: str) -> tuple[Problem, ...] | None:
        """Return the problems named by `key`, or None."""
        found = self._found.get(key)
        with suppress(TypeError, KeyError, ValueError):
            if found is not None:
                problems = tuple(Problem(**{**each, "severity": Severity(each["severity"])}) for each in found)
                self._used[key] = found
                return problems
        return None

    def put(self, key: str, problems: Iterable[Problem]) -> None:
        """Keep an answer."""
        self._found[key] = self._used[key] = [problem.as_json() for problem in problems]

    def save(self) -> None:
        """Write what was kept, this run's first. That it cannot be written matters to nobody."""
        if self._path is None:
            return
        older = {key: value for key, value in self._found.items() if key not in self._used}
        whole = dict(list({**self._used, **older}.items())[:MOST_KEPT])
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(f".{os.getpid()}")
            beside.write_text(json.dumps(whole, separators=(",", ":")), encoding="utf-8")
            beside.replace(self._path)


def check_many(
    library: Library, sources: Sequence[Source], *, now: datetime, kept: Kept, processes: int | None = None
) -> list[tuple[Problem, ...]]:
    """Return the problems of each module, in order. `processes`: None for one a processor.

    A file that cannot be read is a problem of its module.
    """
    context = _context(library, now)
    keys = [_key(context, source) for source in sources]
    found = [kept.get(key) if key else None for key in keys]
    ahead = [place for place, problems in enumerate(found) if problems is None]
    if processes is None:
        processes = min(_processors(), len(ahead) // WORTH_A_PROCESS)
    with _Shared(library, now, processes) as shared:
        for place, problems in zip(ahead, shared.check([sources[place] for place in ahead]), strict=True):
            key = keys[place]
            if key:
                kept.put(key, problems)
            found[place] = problems
    return [problems or () for problems in found]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context(library: Library, now: datetime) -> str:
    """Return a hash of everything but the module: rules, frameworks, packs, glossary and the day."""
    digest = hashlib.sha256(day_of(now).isoformat().encode())
    for rule in sorted(RULES.rglob("*.py")):
        digest.update(rule.read_bytes())
    for part in (library.frameworks, sorted(library.packs.items()), sorted(library.glossary.items()), library.terms):
        digest.update(repr(part).encode(errors="backslashreplace"))
    return digest.hexdigest()


def _key(context: str, source: Source) -> str:
    """Return the name of the answer; empty for a module that cannot be read, which is asked again each time."""
    try:
        return _hash(context, source)
    except OSError:
        return ""


def _hash(context: str, source: Source) -> str:
    digest = hashlib.sha256(f"{context}\n{source.pack}\n{source.shown}\n".encode(errors="backslashreplace"))
    digest.update(hashlib.sha256(source.text()).digest())
    for name in sorted(source.media_sizes()):
        digest.update(f"\n{name} ".encode(errors="backslashreplace"))
        digest.update(hashlib.sha256(source.media(name)).digest())
    return digest.hexdigest()


class _Shared:
    """Checks here, or in as many processes as are worth it."""

    def __init__(self, library: Library, now: datetime, processes: int) -> None:
        self._given = (library, now)
        self._pool = ProcessPoolExecutor(processes, initializer=_begin, initargs=self._given) if processes > 1 else None

    def __enter__(self) -> _Shared:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def check(self, sources: Sequence[Source]) -> Iterator[tuple[Problem, ...]]:
        if self._pool:
            return self._pool.map(_check_here, sources, chunksize=16)
        _begin(*self._given)
        return map(_check_here, sources)


_here: dict[str, Any] = {}


def _begin(library: Library, now: datetime) -> None:
    _here.update(library=library, now=now)


def _check_here(source: Source) -> tuple[Problem, ...]:
    try:
        around = surroundings(_here["library"], source, now=_here["now"])
        return check(source.text(), source.shown, around).problems
    except OSError as trouble:
        problems = Problems(source.shown)
        name = Path(trouble.filename or "module.md").name
        problems.error(1, "file-unreadable", f'"{name}" cannot be read: {trouble.strerror}.', "Look at the file.")
        return problems.sorted()
