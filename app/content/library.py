"""The content folder: which packs, topics and modules it holds, and the files of each module."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.content.data import Framework, Pack, read_framework, read_glossary, read_pack, read_terms
from app.content.errors import LibraryMissing
from app.content.problems import Problems, did_you_mean
from app.content.source import MEDIA_ENDINGS
from app.content.types import Problem

TERMS = "terms.yml"
# Far over every limit an author is told; it keeps a wrong file from filling the memory.
LARGEST_FILE = 20_000_000
_ProblemsOf = Callable[[Path], Problems]


class Source(Protocol):
    """One module as it is to be published, wherever it is kept. `name` is its key, `shown` what problems call it."""

    @property
    def pack(self) -> str:
        """The key of its pack."""

    @property
    def topic(self) -> str:
        """The key of its topic."""

    @property
    def name(self) -> str:
        """Its own key."""

    @property
    def shown(self) -> str:
        """What stands before the line of a problem."""

    def text(self) -> bytes:
        """Return the text. Raises OSError."""

    def media_sizes(self) -> Mapping[str, int]:
        """Return name → bytes of its pictures and sounds."""

    def media(self, name: str) -> bytes:
        """Return one of them. Raises OSError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A module kept in memory: text and media as somebody wrote them at the desk."""

    pack: str
    topic: str
    name: str
    words: str
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """What stands before the line of a problem."""
        return self.name

    def text(self) -> bytes:
        """Return the text as a file would hold it. A half of a character that cannot be written becomes "?"."""
        return self.words.encode("utf-8", errors="replace")

    def media_sizes(self) -> dict[str, int]:
        """Return name → bytes of its pictures and sounds."""
        return {name: len(body) for name, body in sorted(self.files.items())}

    def media(self, name: str) -> bytes:
        """Return one of them."""
        return self.files[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where one module lies. `shown` is the path of its module.md as problems name it."""

    path: Path
    pack: str
    topic: str
    name: str
    shown: str

    def text(self) -> bytes:
        """Read module.md. Raises OSError."""
        return _read(self.path / "module.md")

    def media_sizes(self) -> dict[str, int]:
        """Return name → bytes of the pictures and sounds beside the module."""
        return {
            file.name: file.stat().st_size
            for file in sorted(self.path.iterdir())
            if file.is_file() and file.suffix.lower() in MEDIA_ENDINGS
        }

    def media(self, name: str) -> bytes:
        """Read a picture or sound beside the module. Raises OSError."""
        return _read(self.path / name)


def _read(path: Path) -> bytes:
    """Return a file's bytes. Raises OSError, also for one that is too large to be looked at."""
    with path.open("rb", buffering=0) as file:
        # No more than there is: room is made first for all that is asked for, a third of publishing again among 5,000.
        room = min(os.fstat(file.fileno()).st_size, LARGEST_FILE) + 1
        body = file.read(room)
        while more := file.read(room - len(body)):  # a disk across the network may give less at once
            body += more
    if len(body) > LARGEST_FILE:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What `content/` holds. `problems` are those of its data files and folders, not of single modules."""

    root: Path
    frameworks: tuple[Framework, ...]
    packs: Mapping[str, Pack]
    glossary: Mapping[str, str]
    terms: tuple[str, ...]
    folders: tuple[Folder, ...]
    problems: tuple[Problem, ...]
    _named: dict[str, list[Folder]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the modules by name: who publishes asks of each whether another has the same."""
        for folder in self.folders:
            self._named.setdefault(folder.name, []).append(folder)

    def criteria_for(self, pack: str) -> frozenset[str]:
        """Return the criterion codes a module of this pack may name: its framework's, or those of all."""
        found = self.packs.get(pack)
        own = [framework for framework in self.frameworks if found and framework.key == found.framework]
        return frozenset(
            criterion.code for framework in own or self.frameworks for _, criterion in framework.criteria()
        )

    def misplaced(self, folder: Source) -> str:
        """Say why a module cannot be published from where it lies, or nothing."""
        pack = self.packs.get(folder.pack)
        if pack is None:
            return f'The pack "{folder.pack}" has no readable pack.yml.'
        if pack.topic(folder.topic) is None:
            return f'The topic "{folder.topic}" is not in the pack.yml of "{folder.pack}".'
        other = next((other for other in self._named.get(folder.name, ()) if other is not folder), None)
        return f'"{folder.name}" is also the key of {other.shown}.' if other else ""

    def under(self, paths: Iterable[Path]) -> tuple[Folder, ...]:
        """Return the modules at or under the given paths, in order; all of them when no path is given."""
        wanted = [path.resolve() for path in paths]
        wanted = [path.parent if path.name == "module.md" else path for path in wanted]
        return tuple(
            folder
            for folder in self.folders
            if not wanted or any(folder.path.resolve().is_relative_to(path) for path in wanted)
        )


def shown_path(path: Path) -> str:
    """Return `path` as an author types it: from the folder they stand in, when it is below that."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def load(root: Path) -> Library:
    """Read everything but the modules. Raises LibraryMissing when there is no such folder."""
    if not root.is_dir():
        raise LibraryMissing(f"There is no content folder at {root}. Set BV_CONTENT to the folder that holds packs/.")
    collectors: list[Problems] = []

    def problems_of(path: Path) -> Problems:
        collectors.append(Problems(shown_path(path)))
        return collectors[-1]

    frameworks = [read_framework(path, problems_of(path)) for path in sorted((root / "frameworks").glob("*.yml"))]
    glossary, terms = _glossary(root / "glossary", problems_of)
    packs: dict[str, Pack] = {}
    folders: list[Folder] = []
    for place in _folders(root / "packs"):
        folders += _pack(place, packs, {framework.key for framework in frameworks if framework}, problems_of)
    _same_names(folders, problems_of)
    return Library(
        root=root,
        frameworks=tuple(framework for framework in frameworks if framework),
        packs=packs,
        glossary=glossary,
        terms=terms,
        folders=tuple(folders),
        problems=tuple(problem for collector in collectors for problem in collector.sorted()),
    )


def _folders(path: Path) -> Iterator[Path]:
    if path.is_dir():
        with os.scandir(path) as found:
            names = sorted(each.name for each in found if not each.name.startswith(".") and each.is_dir())
        yield from (path / name for name in names)


def _glossary(path: Path, problems_of: _ProblemsOf) -> tuple[dict[str, str], tuple[str, ...]]:
    """`en.yml`, with the words of `en-*.yml` and `en/*.yml` joined in, so that subjects can keep their own file."""
    words: dict[str, str] = {}
    for file in [path / "en.yml", *sorted(path.glob("en-*.yml")), *sorted(path.glob("en/*.yml"))]:
        if not file.is_file():
            continue
        problems = problems_of(file)
        for word, meaning in read_glossary(file, problems).items():
            if words.setdefault(word, meaning) != meaning:
                problems.warning(
                    1, "data-wrong", f'"{word}" has another meaning in another glossary file.', "Keep one of the two."
                )
    terms = path / TERMS
    return dict(sorted(words.items())), read_terms(terms, problems_of(terms)) if terms.is_file() else ()


def _pack(place: Path, packs: dict[str, Pack], frameworks: set[str], problems_of: _ProblemsOf) -> list[Folder]:
    file = place / "pack.yml"
    problems = problems_of(file)
    pack = read_pack(file, problems) if file.is_file() else None
    if pack is None:
        problems.error(
            1, "pack-missing", f'The pack "{place.name}" has no readable pack.yml.', "See docs/authoring.md for one."
        )
    else:
        packs[place.name] = pack
        if pack.key != place.name:
            problems.error(
                1, "data-wrong", f'The key is "{pack.key}" but the folder is "{place.name}".', "Make them the same."
            )
        if pack.framework and pack.framework not in frameworks:
            problems.error(
                1, "data-wrong", f'There is no framework "{pack.framework}".', did_you_mean(pack.framework, frameworks)
            )
    folders = []
    shown = shown_path(place)  # once: it asks the disk for every folder above
    for topic in _folders(place):
        modules = [module for module in _folders(topic) if (module / "module.md").is_file()]
        if modules and pack and not pack.topic(topic.name):
            hint = did_you_mean(topic.name, [known.key for known in pack.topics]) or f"Add it to {file.name}."
            problems.error(1, "topic-unknown", f'The topic "{topic.name}" is not in pack.yml.', hint)
        folders += [
            Folder(
                path=module,
                pack=place.name,
                topic=topic.name,
                name=module.name,
                shown=f"{shown}/{topic.name}/{module.name}/module.md",
            )
            for module in modules
        ]
    return folders


def _same_names(folders: Iterable[Folder], problems_of: _ProblemsOf) -> None:
    first: dict[str, Folder] = {}
    for folder in folders:
        other = first.setdefault(folder.name, folder)
        if other is not folder:
            problems_of(folder.path / "module.md").error(
                1,
                "key-twice",
                f'"{folder.name}" is also the key of {other.shown}.',
                "Give one of the folders another name.",
            )
