"""One act as its statements, in the order of what happened. Pure: the same act gives the same statements and ids.

The id that a phone made for its record is the id of the one statement that can never say anything else. Every other id
is made of that one and of what the statement says. So a result that was put right later has another id, and no store is
given two contents under one. What was answered is not told, only how it was marked: answers are kept less long.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from app.assessment import Decision, ObservationView
from app.credentials import CredentialView
from app.interop.xapi.activities import Place
from app.learning import AttemptView, LessonReadView

_ADL, _TIN_CAN = "http://adlnet.gov/expapi/verbs/", "http://id.tincanapi.com/verb/"
VERBS: Mapping[str, str] = {
    **{name: _ADL + name for name in ("initialized", "answered", "completed", "passed", "failed", "terminated")},
    "evaluated": f"{_TIN_CAN}evaluated",
    "earned": f"{_TIN_CAN}earned",
}
VERSION = "1.0.3"
PLATFORM = "Between Visits"
Statement = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Studied:
    """An edition as statements need it. `questions`: whole, with what phones do not have, by id."""

    edition: Mapping[str, Any]
    questions: Mapping[str, Mapping[str, Any]]

    @cached_property
    def lessons(self) -> Mapping[str, Mapping[str, Any]]:
        """The lessons by id."""
        return {part["id"]: part for part in self.edition["parts"] if part["kind"] == "lesson"}


def of_lesson(place: Place, person: UUID, read: LessonReadView, studied: Studied) -> Iterator[Statement]:
    """Yield that a lesson was opened, and closed `seconds` later."""
    part = studied.lessons.get(read.lesson)
    if part is None:
        return
    made = _Maker(place, person, read.record, studied.edition)
    about = place.lesson(studied.edition, part)
    context = made.context(within=place.module(studied.edition))
    begun = read.at - timedelta(seconds=read.seconds)
    yield made.own("initialized", about, begun, context)
    yield made.other("terminated", about, read.at, context, {"duration": _duration(read.seconds)})


def of_attempt(place: Place, person: UUID, go: AttemptView, studied: Studied) -> Iterator[Statement]:
    """Yield a go at a module: begun, each question that was tried, completed, passed or failed, ended."""
    made = _Maker(place, person, go.record, studied.edition)
    module, duration = place.module(studied.edition), _duration(go.seconds)
    context = made.context()
    yield made.other("initialized", module, go.at - timedelta(seconds=go.seconds), context, {})
    for each in go.questions:
        question = studied.questions.get(each.id)
        if question is not None and each.tries:
            result = {"score": _score(each.first), "success": each.first == 100}
            about = place.question(studied.edition, question)
            yield made.other("answered", about, go.at, made.context(within=module), result)
    yield made.own("completed", module, go.at, context, {"completion": True, "duration": duration})
    result = {"score": _score(go.score), "success": go.passed, "completion": True, "duration": duration}
    yield made.other("passed" if go.passed else "failed", module, go.at, context, result)
    yield made.other("terminated", module, go.at, context, {"duration": duration})


def of_observation(place: Place, seen: ObservationView) -> Iterator[Statement]:
    """Yield what an assessor decided of each criterion that counts. Who assessed is the instructor."""
    made = _Maker(place, seen.learner, seen.record, None)
    for each in seen.decided:
        if each.code not in seen.counting or each.decision is Decision.NOT_SEEN:
            continue
        context = made.context()
        if seen.assessor is not None:
            context["instructor"] = place.agent(seen.assessor)
        about = place.criterion(seen.framework, each.code)
        yield made.other("evaluated", about, seen.at, context, {"success": each.decision is Decision.YES})


def of_credential(place: Place, person: UUID, issued: CredentialView) -> Iterator[Statement]:
    """Yield that a credential was issued to a person."""
    made = _Maker(place, person, issued.uuid, None)
    about = place.achievement(issued.achievement, issued.name)
    yield made.other("earned", about, issued.issued_at, made.context(), {})


class _Maker:
    """Makes the statements of one record: one registration, and ids that follow from what is said."""

    def __init__(self, place: Place, person: UUID, record: UUID, edition: Mapping[str, Any] | None) -> None:
        self._place = place
        self._person = person
        self._record = record
        self._edition = edition

    def context(self, *, within: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what stands around a statement; one registration for a person's one go."""
        made: dict[str, Any] = {
            "registration": str(uuid5(self._record, f"registration of {self._person}")),
            "platform": PLATFORM,
        }
        if self._edition is not None:
            made |= {"language": self._edition["lang"], "revision": str(self._edition["edition"])}
        if within is not None:
            made["contextActivities"] = {"parent": [{"objectType": "Activity", "id": within["id"]}]}
        return made

    def own(
        self,
        verb: str,
        about: Mapping[str, Any],
        at: datetime,
        context: Mapping[str, Any],
        result: Mapping[str, Any] | None = None,
    ) -> Statement:
        """Return the statement that has the record's own id."""
        return {"id": str(self._record), **self._said(verb, about, at, context, result or {})}

    def other(
        self, verb: str, about: Mapping[str, Any], at: datetime, context: Mapping[str, Any], result: Mapping[str, Any]
    ) -> Statement:
        """Return another statement of the same record."""
        said = self._said(verb, about, at, context, result)
        return {"id": str(uuid5(self._record, json.dumps(said, sort_keys=True))), **said}

    def _said(
        self, verb: str, about: Mapping[str, Any], at: datetime, context: Mapping[str, Any], result: Mapping[str, Any]
    ) -> Statement:
        return {
            "actor": self._place.agent(self._person),
            "verb": {"id": VERBS[verb], "display": {"en": verb}},
            "object": dict(about),
            **({"result": dict(result)} if result else {}),
            "context": dict(context),
            "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "version": VERSION,
        }


def _score(per_cent: int) -> dict[str, float | int]:
    return {"scaled": per_cent / 100, "raw": per_cent, "min": 0, "max": 100}


def _duration(seconds: int) -> str:
    return f"PT{seconds}S"
