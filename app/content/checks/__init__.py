"""Everything `flask content check` says of one module. The web editor asks the same function."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.content.checks.letters import check_letters
from app.content.checks.markup import check_markup, check_media
from app.content.checks.quiz import check_criteria, check_ids, check_questions
from app.content.checks.reading import check_reading, check_terms
from app.content.codes import CODES
from app.content.parse import parse
from app.content.problems import Problems, did_you_mean
from app.content.source import media_names
from app.content.svg import MediaRefused, read_media
from app.content.types import MediaFile, Module, Problem, Severity

LARGEST_TEXT = 60_000
LARGEST_MODULE = 400_000
MOST_CREDITS, LONGEST_CREDIT = 20, 120
# Of a file that is far too large, the beginning is read: that it is too large is what counts.
MOST_READ = 10 * LARGEST_TEXT
# The one error that a written reason can outweigh: medicine has long words.
ACCEPTABLE_ERRORS = frozenset({"reading-level"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a module is checked against. `name`: its folder, or None in an editor. `criteria`: codes it may name, empty
    for any.

    `files`: the bytes of pictures and sounds beside it by name. `glossary`: words that are explained, in lower case.
    """

    today: date
    name: str | None = None
    criteria: Collection[str] = frozenset()
    glossary: Collection[str] = frozenset()
    terms: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A module as read, what is wrong with it, and the media it uses."""

    module: Module
    problems: tuple[Problem, ...]
    media: tuple[MediaFile, ...]

    @property
    def stops(self) -> bool:
        """Whether it must not be published."""
        return any(problem.stops for problem in self.problems)


def check(raw: bytes | str, path: str, around: Surroundings) -> Checked:
    """Read and check one module. Never raises, whatever the text: every mistake is a Problem named after `path`."""
    problems = Problems(path)
    module = parse(raw[:MOST_READ], problems)
    names = media_names(module.text)
    media = {name: _look(name, around.files[name]) for name in names if name in around.files}
    if module.lines:  # unreadable fields are one mistake, not seven
        _check_fields(module, around, problems)
        check_criteria(module, around.criteria, problems)
    _check_size(raw, module, around, names, problems)
    check_markup(module, problems)
    check_letters(module, problems)
    check_media(module, media, {name: len(body) for name, body in around.files.items()}, problems)
    check_ids(module, problems)
    check_questions(module, problems)
    check_reading(module, problems)
    if around.glossary:
        check_terms(module, around.glossary, around.terms, problems)
    return Checked(
        module=module,
        problems=_accept(module, problems),
        media=tuple(file for file in media.values() if isinstance(file, MediaFile)),
    )


def _look(name: str, body: bytes) -> MediaFile | MediaRefused:
    try:
        return read_media(name, body)
    except MediaRefused as refused:
        return refused


def _check_fields(module: Module, around: Surroundings, problems: Problems) -> None:
    if around.name is not None and module.key and module.key != around.name:
        problems.error(
            module.lines["key"],
            "key-folder",
            f'The key is "{module.key}" but the folder is "{around.name}".',
            f"Write key: {around.name}",
        )
    if module.check_again is None:
        if "check_again" not in module.lines:
            problems.warning(
                1, "check-again-missing", "No day is set to check the facts again.", "Add check_again: year-month-day"
            )
    elif module.check_again < around.today:
        problems.error(
            module.lines["check_again"],
            "check-again-past",
            f"The facts were to be checked again by {module.check_again}.",
            "Check them, then set a new day.",
        )
    if len(module.credits) > MOST_CREDITS or any(len(name) > LONGEST_CREDIT for name in module.credits):
        problems.error(
            module.lines["credits"],
            "field-wrong",
            f'"credits" names at most {MOST_CREDITS}, each in {LONGEST_CREDIT} letters or fewer.',
            "Name providers, not each person.",
        )
    if not module.sources:
        problems.warning(
            module.lines.get("sources", 1), "sources-missing", "No sources are named.", 'Add sources: ["https://…"]'
        )


def _check_size(
    raw: bytes | str, module: Module, around: Surroundings, names: tuple[str, ...], problems: Problems
) -> None:
    text = len(raw) if len(raw) > MOST_READ else len(module.text.encode("utf-8"))
    whole = text + sum(len(around.files.get(name, b"")) for name in names)
    if text > LARGEST_TEXT:
        problems.error(
            1, "too-large", f"The text has {text // 1000} kB. The limit is 60 kB.", "Make two modules of it."
        )
    if whole > LARGEST_MODULE:
        problems.error(
            1,
            "too-large",
            f"Text and pictures have {whole // 1000} kB. The limit is 400 kB.",
            "Make the pictures smaller.",
        )


def _accept(module: Module, problems: Problems) -> tuple[Problem, ...]:
    """Put the author's reasons to what they accept, and note reasons that fit nothing."""
    line = module.lines.get("accept", 1)
    found = problems.sorted()
    reasons: dict[str, str] = {}
    for code, reason in module.accept.items():
        if code not in CODES:
            hint = did_you_mean(code, CODES) or "The codes stand behind each problem in [ ]."
            problems.error(line, "accept-wrong", f'"{code[:40]}" is not a code we know.', hint)
        elif len(reason.split()) < 2:
            problems.error(line, "accept-wrong", f'Say why "{code}" is accepted.', "Write a few words after it.")
        elif any(p.code == code and p.severity is Severity.ERROR and code not in ACCEPTABLE_ERRORS for p in found):
            problems.error(
                line, "accept-wrong", f'"{code}" stops publishing and cannot be accepted.', "Mend it instead."
            )
        elif all(p.code != code for p in found):
            problems.note(line, "accept-unused", f'"{code}" does not happen any more.', "Take it out of accept.")
        else:
            reasons[code] = reason
    return tuple(replace(p, accepted=reasons.get(p.code)) for p in problems.sorted())
