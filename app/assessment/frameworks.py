"""The practice criteria of published frameworks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.assessment.types import FRAMEWORK, Criterion, Outcome, PracticeStandard
from app.content import queries as content


def practice_standards(session: Session, framework: str = FRAMEWORK) -> tuple[PracticeStandard, ...]:
    """Return a framework's standards with what of each has to be seen at work; none when it was never published."""
    found = content.document(session, "framework", framework)
    standards = []
    for each in found.data["standards"] if found else ():
        criteria, outcomes = [], []
        for outcome in each["outcomes"]:
            practice = [line for line in outcome["criteria"] if line["kind"] == "practice"]
            criteria += practice
            if practice:
                outcomes.append(Outcome(code=outcome["code"], text=outcome["text"]))
        standards.append(
            PracticeStandard(
                number=each["number"],
                title=each["title"],
                outcomes=tuple(outcomes),
                criteria=tuple(
                    Criterion(
                        code=line["code"],
                        text=line["text"],
                        standard=each["number"],
                        confirmed=line.get("code_confirmed") is True,
                        simulation=line.get("simulation") is True,
                    )
                    for line in criteria
                ),
            )
        )
    return tuple(standards)


def criteria_of(session: Session, frameworks: Iterable[str]) -> Mapping[str, Mapping[str, Criterion]]:
    """Return framework → code → criterion, for the frameworks that are published here. One statement each."""
    return {
        framework: {
            criterion.code: criterion
            for standard in practice_standards(session, framework)
            for criterion in standard.criteria
        }
        for framework in sorted(set(frameworks))
    }
