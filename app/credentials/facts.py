"""Reading what is known of some people, for the rules. A fixed number of statements, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import assessment, catalogue, learning
from app.content import queries as content
from app.content.types import EditionInfo
from app.credentials.rules import FRAMEWORK, Facts, Pass, Seen, Standard
from app.credentials.types import Line
from app.kernel import day_of, end_of
from app.providers import ProviderView


def standards(session: Session) -> tuple[Standard, ...]:
    """Return the framework's standards with their lines; none when it was never published here."""
    found = content.document(session, "framework", FRAMEWORK)
    return tuple(
        Standard(
            number=each["number"],
            title=each["title"],
            knowledge=_lines(each, "knowledge"),
            practice=_lines(each, "practice"),
        )
        for each in (found.data["standards"] if found else ())
    )


def read_facts(session: Session, provider: ProviderView, people: Collection[int]) -> Mapping[int, Facts]:
    """Return what is known of each of these people at a provider."""
    editions = {each.sha: each for each in content.all_editions(session, provider.uuid)}
    electives = {
        (topic.pack, topic.key) for topic in catalogue.listing(session, provider.id).topics if topic.standard is None
    }
    passes: dict[int, list[Pass]] = defaultdict(list)
    holding: dict[int, set[str]] = defaultdict(set)
    for done in learning.passes_of(session, provider.id, people):
        # It stays true that they passed, whatever became of the module; a withdrawn one is no ground for a new one.
        holding[done.person_id].add(f"completion:{done.record}")
        edition = editions.get(done.sha)
        if edition is not None and edition.withdrawn_at is None:
            passes[done.person_id].append(_pass(done, edition, (edition.pack, edition.topic) in electives))
    views = assessment.observations_of(session, provider.id, people)
    shown, _ = assessment.shown_and_not_yet(views)
    assessors = {view.record: view.assessor for view in views}
    for view in views:
        mine = shown.get(view.person_id, {})
        holding[view.person_id] |= {f"observation:{view.record}:{code}" for code in view.counting if code in mine}
    signed = {
        person_id: [view for view in found if view.withdrawn_at is None and view.framework == FRAMEWORK]
        for person_id, found in assessment.sign_offs_of(session, provider.id, people).items()
    }
    for person_id, found in signed.items():
        holding[person_id] |= {f"sign-off:{view.uuid}" for view in found}
    return {
        person_id: Facts(
            passes=passes.get(person_id, ()),
            seen={
                code: Seen(
                    code=code,
                    observation=each.observation,
                    on=each.on,
                    assessor=each.assessor,
                    method=each.method,
                    by=assessors[each.observation],
                )
                for code, each in shown.get(person_id, {}).items()
            },
            holding=frozenset(holding.get(person_id, ())),
            sign_offs=signed.get(person_id, ()),
            day_of_sign_off={view.uuid: day_of(view.at) for view in signed.get(person_id, ())},
        )
        for person_id in people
    }


def _pass(done: learning.PassView, edition: EditionInfo, elective: bool) -> Pass:
    day = day_of(done.at)
    last = None
    if done.valid_for_months is not None:
        last = learning.add_months(day, done.valid_for_months)
    return Pass(
        record=done.record,
        module=done.module,
        title=edition.title,
        codes=frozenset(edition.criteria),
        elective=elective,
        own=edition.audience,
        on=day,
        score=done.score,
        pass_mark=edition.pass_mark,
        valid_until=None if last is None else end_of(last),
    )


def _lines(standard: Mapping[str, Any], kind: str) -> tuple[Line, ...]:
    return tuple(
        Line(code=line["code"], text=line["text"], confirmed=line.get("code_confirmed") is True)
        for outcome in standard["outcomes"]
        for line in outcome["criteria"]
        if line["kind"] == kind
    )
