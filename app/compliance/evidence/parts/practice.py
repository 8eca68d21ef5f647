"""Practice observed: every decision with its assessor, and on what basis each assessor may decide.

What assessors wrote in their own words is left out: it is about a visit, and may speak of a person receiving care.
"""

from __future__ import annotations

from app import assessment
from app.assessment import AppointmentView, Decision, ObservationView, State
from app.compliance.cell_words import THEMSELVES
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.compliance.practice_words import DECISIONS, METHODS, state_words
from app.compliance.tables import Cell, table
from app.kernel import day_of


def observations(sources: Sources) -> Part:
    """Return each decision about each criterion in the time of the pack, and the assessors with their basis."""
    named = assessment.appointments(sources.session, sources.provider.id, as_at=sources.scope.as_at)
    seen = assessment.observations_of(sources.session, sources.provider.id, sources.people, as_at=sources.scope.as_at)
    rows: list[Row] = []
    for each in sorted(seen, key=lambda each: (each.seen_on, each.at, str(each.record))):
        if sources.scope.since <= each.seen_on <= sources.scope.until:
            basis = _basis(each, named)
            for decided in each.decided:
                rows.append((sources.by_id[each.person_id], _cells(each, decided.code, decided.decision, basis)))
    return Part(
        key="observations",
        title="Practice observed",
        intro="What assessors saw at work. A decision counts when its assessor was named for that standard on that day "
        "and the learner confirmed it. What assessors wrote in their own words stays in the program.",
        tables=(
            people_table(
                "observations",
                "Observations",
                [
                    ("standard", "Standard"),
                    ("criterion", "Criterion"),
                    ("decision", "Decision"),
                    ("counts", "Counts"),
                    ("method", "How"),
                    ("seen", "Seen on"),
                    ("assessor", "Assessor"),
                    ("basis", "Assessor's basis"),
                    ("state", "State"),
                    ("next", "To be seen again by"),
                    ("record", "Record"),
                ],
                rows,
            ),
            table(
                "assessors",
                "Assessors",
                [
                    ("assessor", "Assessor"),
                    ("scope", "Standards"),
                    ("basis", "Why they are competent"),
                    ("since", "From"),
                    ("until", "Until"),
                    ("by", "Named by"),
                    ("named", "Named on"),
                    ("ended", "Ended on"),
                    ("ended_by", "Ended by"),
                ],
                [_appointment(each) for each in reversed(named)],
            ),
        ),
    )


def _cells(each: ObservationView, code: str, decision: Decision, basis: str) -> list[Cell]:
    return [
        each.standard,
        code,
        DECISIONS[decision],
        code in each.counting,
        METHODS[each.method].capitalize(),
        each.seen_on,
        each.assessor_name,
        basis,
        _state(each),
        each.next_on if decision is Decision.NOT_YET else None,
        str(each.record),
    ]


def _state(each: ObservationView) -> str:
    own = each.state is State.WITHDRAWN and each.taken_back and each.taken_back_by == each.learner
    return f"{state_words(each)} {THEMSELVES}" if own else state_words(each)


def _basis(each: ObservationView, named: tuple[AppointmentView, ...]) -> str:
    """Return why the assessor was competent to decide this on that day, in the words of whoever named them."""
    fitting = (one for one in named if one.assessor == each.assessor and one.covers(each.standard, each.seen_on))
    return next((one.basis for one in fitting), "")


def _appointment(each: AppointmentView) -> list[Cell]:
    return [
        each.name,
        "all" if each.standards is None else ", ".join(str(number) for number in sorted(each.standards)),
        each.basis,
        each.since,
        each.until,
        each.by,
        day_of(each.at),
        day_of(each.ended_at) if each.ended_at else None,
        each.ended_by,
    ]
