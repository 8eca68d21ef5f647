"""What each person showed, a line a thing: modules passed, criteria seen at work, what was signed off or accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app import assessment, catalogue, credentials, learning, providers, requirements
from app.assessment import SignOffView
from app.compliance.tables import Cell
from app.content import queries as content
from app.content.types import EditionInfo
from app.interop.plain.people import roles
from app.kernel import day_of
from app.learning import PassView
from app.providers import MemberView, ProviderView
from app.requirements import OutsideState

COLUMNS = (
    "person_id",
    "name",
    "role",
    "module_key",
    "module_title",
    "standard",
    "kind",
    "score",
    "passed_on",
    "valid_until",
    "assessor",
    "source",
    "credential_id",
)
KNOWLEDGE, OBSERVED, MET = "knowledge", "observed", "met"
CERTIFICATE = "Care Certificate"
FRAMEWORK = "care-certificate-2025"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One thing somebody showed."""

    key: str
    title: str
    standard: int | None
    kind: str
    on: date
    score: int | None = None
    valid_until: date | None = None
    assessor: str = ""
    source: str = ""
    credential: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    provider: ProviderView
    editions: Mapping[str, EditionInfo]
    standards: Mapping[tuple[str, str], int | None]
    titles: Mapping[int, str]
    credentials: Mapping[tuple[int, str], UUID]
    months: Mapping[tuple[int, str], int | None]


def matrix(session: Session, provider: ProviderView) -> list[list[Cell]]:
    """Return the lines of everybody who is here now, by name and then by day. A fixed number of statements.

    Of each module it is the latest time it was passed; of criteria, sign-offs and certificates what counts now.
    """
    members = {each.person_id: each for each in providers.list_members(session, provider.id)}
    known = _known(session, provider, members)
    lines: dict[int, list[_Line]] = {person_id: [] for person_id in members}
    latest = {(each.person_id, each.module): each for each in learning.passes_of(session, provider.id, members)}
    for done in latest.values():
        lines[done.person_id].append(_passed(known, done))
    for person_id, shown in assessment.shown_of(session, provider.id, members).items():
        lines[person_id] += [_seen(known, person_id, each) for each in shown.values()]
    for person_id, views in assessment.sign_offs_of(session, provider.id, members).items():
        lines[person_id] += [_signed(known, person_id, each) for each in views if each.withdrawn_at is None]
    for had in requirements.outside(session, provider.id, people=list(members)):
        if had.state is OutsideState.ACCEPTED and had.taken_on is not None:
            line = _Line(
                key="",
                title=had.title,
                standard=None,
                kind=MET,
                on=had.taken_on,
                valid_until=had.valid_until,
                source=had.taught_by,
            )
            lines[had.person_id].append(line)
    return list(_rows(members, lines))


def _rows(members: Mapping[int, MemberView], lines: Mapping[int, list[_Line]]) -> Iterator[list[Cell]]:
    for member in sorted(members.values(), key=lambda each: (each.name.casefold(), each.person_id)):
        for each in sorted(lines[member.person_id], key=lambda line: (line.on, line.kind, line.key, line.title)):
            yield [
                str(member.person_uuid),
                member.name,
                roles(member.roles),
                each.key,
                each.title,
                each.standard,
                each.kind,
                each.score,
                each.on,
                each.valid_until,
                each.assessor,
                each.source,
                str(each.credential) if each.credential else "",
            ]


def _known(session: Session, provider: ProviderView, members: Mapping[int, MemberView]) -> _Known:
    issued = credentials.credentials_of(session, provider.id, list(members))
    return _Known(
        provider=provider,
        editions={each.sha: each for each in content.all_editions(session, provider.uuid)},
        standards={(topic.pack, topic.key): topic.standard for topic in catalogue.listing(session, provider.id).topics},
        titles={each.number: each.title for each in catalogue.standards(session)},
        # The newest first, so that the newest of several stays.
        credentials={
            (each.person_id, each.achievement): each.uuid for each in reversed(issued) if each.revoked_at is None
        },
        months={
            (each.person_id, each.module): each.asked.refresh_months
            for each in learning.assignments_of(session, provider.id, members)
        },
    )


def _passed(known: _Known, done: PassView) -> _Line:
    edition = known.editions.get(done.sha)
    standard = known.standards.get((edition.pack, edition.topic)) if edition else None
    period = known.months.get((done.person_id, done.module))
    months = done.valid_for_months if period is None else period
    day = day_of(done.at)
    whose = f"{edition.audience}/" if edition and edition.audience else ""
    achievement = f"module/{whose}{done.module}" if standard is None else f"{FRAMEWORK}/{standard}/knowledge"
    return _Line(
        key=done.module,
        title=edition.title if edition else done.module,
        standard=standard,
        kind=KNOWLEDGE,
        on=day,
        score=done.score,
        valid_until=learning.add_months(day, months) if months else None,
        source=known.provider.name,
        credential=known.credentials.get((done.person_id, achievement)),
    )


def _seen(known: _Known, person_id: int, shown: assessment.Shown) -> _Line:
    number = shown.code.partition(".")[0]
    standard = int(number) if number.isdecimal() else None
    return _Line(
        key=shown.code,
        title=known.titles.get(standard, shown.code) if standard is not None else shown.code,
        standard=standard,
        kind=OBSERVED,
        on=shown.on,
        assessor=shown.assessor,
        source=known.provider.name,
        credential=known.credentials.get((person_id, f"{FRAMEWORK}/{standard}/practice")),
    )


def _signed(known: _Known, person_id: int, view: SignOffView) -> _Line:
    number = view.standard
    return _Line(
        key="",
        title=CERTIFICATE if number is None else known.titles.get(number, f"Standard {number}"),
        standard=number,
        kind=MET,
        on=day_of(view.at),
        assessor=view.by,
        source=known.provider.name,
        credential=known.credentials.get(
            (person_id, f"{FRAMEWORK}/certificate" if number is None else f"{FRAMEWORK}/{number}/met")
        ),
    )
