"""What a page of a passport says: each thing with its verdict today, both halves of a standard beside each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from app import credentials
from app.credentials import Checked, Kind, KnownIssuer, Signed, Site, Verdict, passport
from app.credentials.passport import Opened
from app.extensions import db
from app.kernel import day_of

NAMES: Mapping[Kind, str] = {
    Kind.CERTIFICATE: "Every standard signed off",
    Kind.STANDARD: "Signed off: standard met",
    Kind.KNOWLEDGE: "Knowledge",
    Kind.PRACTICE: "Practice seen at work",
}
LOOKS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.VALID: ("tick", "done"),
    Verdict.UNCHECKED: ("clock", "due"),
    Verdict.OUT_OF_DATE: ("clock", "late"),
    Verdict.WITHDRAWN: ("warning", "late"),
    Verdict.UNKNOWN_ISSUER: ("warning", "late"),
    Verdict.ALTERED: ("warning", "late"),
}
HALVES = (Kind.KNOWLEDGE, Kind.PRACTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing. `reason` says more where it does not hold; `by` signed it."""

    uuid: UUID
    title: str
    words: str
    sign: str
    look: str
    holds: bool
    reason: str
    by: str
    on: str
    until: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One standard, or what belongs to none. `missing`: halves that are not in what was shared."""

    title: str
    lines: tuple[Line, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportPage:
    """The whole: whose it is, until when the link shows it, and how much of it holds."""

    name: str
    until: str
    sections: tuple[Section, ...]
    holding: int
    all: int

    @classmethod
    def of(cls, opened: Opened, found: Mapping[UUID, Checked], *, name: str) -> PassportPage:
        """Choose the words."""
        sections = tuple(
            Section(
                title=f"Standard {group.standard}. {_title(group.title)}" if group.standard else group.title,
                lines=tuple(_line(each, found[each.view.uuid]) for each in group.entries),
                missing=tuple(
                    NAMES[kind]
                    for kind in HALVES
                    if group.standard and kind not in {each.view.kind for each in group.entries}
                ),
            )
            for group in passport.groups(
                opened.signed, lambda each: (each.view.kind, each.view.achievement, each.view.name)
            )
        )
        lines = [line for section in sections for line in section.lines]
        return cls(
            name=name,
            until=_day(opened.until),
            sections=sections,
            holding=sum(line.holds for line in lines),
            all=len(lines),
        )


def checks(opened: Opened, here: Site | None, *, now: datetime) -> Mapping[UUID, Checked]:
    """Return what each credential of a link is worth at this moment, by its uuid. Statements do not grow with them."""
    # All of them are this server's own: its records say more than any list at hand.
    ask = credentials.own(db.session(), here, now=now) if here else None

    @cache
    def once(did: str, lists: tuple[str, ...]) -> KnownIssuer | None:
        return ask(did, lists) if ask else None

    def known(did: str, lists: Collection[str]) -> KnownIssuer | None:
        return once(did, tuple(lists))

    return {each.view.uuid: credentials.check(each.jwt.encode(), known, now=now) for each in opened.signed}


def _line(signed: Signed, checked: Checked) -> Line:
    view = signed.view
    holds = checked.verdict in (Verdict.VALID, Verdict.UNCHECKED)
    sign, look = LOOKS[checked.verdict]
    return Line(
        uuid=view.uuid,
        title=NAMES.get(view.kind) or view.name.removesuffix(": module passed"),
        words=checked.words,
        sign=sign,
        look=look,
        holds=holds,
        reason="" if checked.verdict is Verdict.VALID else checked.reason,
        by=checked.issuer,
        on=_day(view.issued_at),
        until=_day(view.valid_until),
        evidence=checked.evidence,
    )


def _title(group: str) -> str:
    """Return the title of a standard without its number: it stands before it."""
    return group.partition(", ")[2] or group


def _day(at: datetime | None) -> str:
    return f"{day_of(at).day} {day_of(at):%B %Y}" if at else ""
