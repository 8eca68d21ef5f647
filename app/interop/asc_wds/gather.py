"""What a provider's people completed here and had accepted from elsewhere, as lines of the training file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import learning, providers, requirements
from app.content import queries as content
from app.content.asc_wds import OTHER
from app.content.types import EditionInfo
from app.interop.asc_wds.rules import (
    Line,
    line_done_elsewhere,
    line_done_here,
    looks_like_a_formula,
    trouble_with,
)
from app.interop.asc_wds.workplace import workplace_of
from app.kernel import day_of
from app.providers import MemberView, ProviderView
from app.requirements import OutsideState, OutsideView, TrainingView


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The lines of a provider's file, and what keeps others out of it.

    `nameless`: people with training to tell of and no staff number; none of theirs is in `lines`. `refused`: a person,
    and what of theirs the upload would not take, with the columns; `formulas`: people whose texts a spreadsheet would
    take for a formula. Without a `workplace` there are no lines.
    """

    workplace: str
    lines: tuple[Line, ...]
    people: int
    nameless: tuple[MemberView, ...]
    refused: tuple[tuple[MemberView, str, tuple[str, ...]], ...]
    formulas: tuple[MemberView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    provider: ProviderView
    workplace: str
    editions: Mapping[tuple[str, int], EditionInfo]
    newest: Mapping[str, EditionInfo]
    trainings: Mapping[UUID, TrainingView]
    usual: Mapping[str, tuple[int, ...]]


def upload(session: Session, provider: ProviderView, *, usual: Mapping[str, tuple[int, ...]], now: datetime) -> Upload:
    """Return what the training file of a provider holds now. A fixed number of statements.

    Of each module it is the person's latest completion, of other training every accepted one: people who are here now.
    `usual`: the codes of the usual list's lines, by key.
    """
    here = {each.person_id: each for each in providers.list_members(session, provider.id)}
    known = _known(session, provider, usual)
    completions = learning.completions_of(session, provider.id, here)
    asked = {(each.person_id, each.module): each.asked for each in learning.assignments_of(session, provider.id, here)}
    had = [
        each
        for each in requirements.outside(session, provider.id, people=list(here))
        if each.state is OutsideState.ACCEPTED and each.taken_on is not None
    ]
    found: list[tuple[int, Line]] = []
    for (person_id, module), done in completions.items():
        latest = max(done, key=lambda each: (each.at, each.edition))
        period = asked[person_id, module].refresh_months if (person_id, module) in asked else None
        months = latest.valid_for_months if period is None else period
        found += [(person_id, each) for each in _here(known, here[person_id], module, latest, months)]
    for each in had:
        found += [(each.person_id, line) for line in _elsewhere(known, here[each.person_id], each)]
    return _sorted_out(known.workplace, found, here, day_of(now))


def _sorted_out(
    workplace: str, found: Sequence[tuple[int, Line]], here: Mapping[int, MemberView], today: date
) -> Upload:
    lines: dict[Line, int] = {}
    refused: list[tuple[MemberView, str, tuple[str, ...]]] = []
    nameless: dict[int, MemberView] = {}
    for person_id, line in found:
        member = here[person_id]
        trouble = tuple(each for each in trouble_with(line, today) if each != "LOCALESTID" or workplace)
        if not line.worker:
            nameless[person_id] = member
        elif trouble:
            refused.append((member, line.name, trouble))
        else:
            lines[line] = person_id
    ordered = sorted(lines, key=lambda each: (each.worker, each.completed, each.category, each.name, each.notes))
    formulas = {lines[each]: here[lines[each]] for each in ordered if looks_like_a_formula(each)}
    return Upload(
        workplace=workplace,
        lines=tuple(ordered) if workplace else (),
        people=len(set(lines.values())),
        nameless=_by_name(nameless.values()),
        refused=tuple(refused),
        formulas=_by_name(formulas.values()),
    )


def _by_name(members: Iterable[MemberView]) -> tuple[MemberView, ...]:
    return tuple(sorted(members, key=lambda each: (each.name.casefold(), each.person_id)))


def _known(session: Session, provider: ProviderView, usual: Mapping[str, tuple[int, ...]]) -> _Known:
    editions = content.all_editions(session, provider.uuid)
    return _Known(
        provider=provider,
        workplace=workplace_of(session, provider.id),
        editions={(each.key, each.number): each for each in editions},
        newest={each.key: each for each in editions},
        trainings={each.uuid: each for each in requirements.trainings(session, provider.id)},
        usual=usual,
    )


def _here(
    known: _Known, member: MemberView, module: str, done: learning.Completion, months: int | None
) -> Iterator[Line]:
    edition = known.editions.get((module, done.edition))
    for code in _codes(known, module, edition):
        yield line_done_here(
            workplace=known.workplace,
            worker=member.reference or "",
            category=code,
            title=edition.title if edition else module,
            edition=done.edition,
            completed=day_of(done.at),
            months=months,
        )


def _codes(known: _Known, module: str, edition: EditionInfo | None) -> tuple[int, ...]:
    """Return a module's codes: the edition's own, else those of its newest one, else "other"."""
    newest = known.newest.get(module)
    return (edition and edition.asc_wds) or (newest and newest.asc_wds) or (OTHER,)


def _elsewhere(known: _Known, member: MemberView, had: OutsideView) -> Iterator[Line]:
    training = known.trainings.get(had.training) if had.training else None
    if had.taken_on is None:
        return
    for code in _codes_of_training(known, training):
        yield line_done_elsewhere(
            workplace=known.workplace,
            worker=member.reference or "",
            category=code,
            title=had.title,
            taught_by=had.taught_by,
            in_house=had.taught_by.casefold() == known.provider.name.casefold(),
            completed=had.taken_on,
            valid_until=had.valid_until,
            months=training.refresh_months if training else None,
        )


def _codes_of_training(known: _Known, training: TrainingView | None) -> tuple[int, ...]:
    """Return what a training from elsewhere counts as: by the usual list, else as its first module, else other."""
    if training is None:
        return (OTHER,)
    if training.usual is not None and training.usual in known.usual:
        return known.usual[training.usual]
    for module in training.modules:
        newest = known.newest.get(module)
        if newest is not None and newest.asc_wds:
            return newest.asc_wds
    return (OTHER,)
