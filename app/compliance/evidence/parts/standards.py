"""Each person's standards of the Care Certificate: both halves, and who signed them off."""

from __future__ import annotations

from app import assessment
from app.compliance.cell_words import from_elsewhere
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.compliance.tables import Cell
from app.kernel import day_of


def standards(sources: Sources) -> Part:
    """Return how far everybody was with each standard, and every sign-off there was."""
    standing = assessment.standards_of(
        sources.session, sources.provider.id, sources.people, now=sources.now, as_at=sources.scope.as_at
    )
    signed = assessment.sign_offs_of(sources.session, sources.provider.id, sources.people, as_at=sources.scope.as_at)
    rows: list[Row] = [
        (
            staff,
            [
                each.number,
                each.title,
                f"{each.know.done} of {each.know.of}",
                f"{each.shown.done} of {each.shown.of}",
                " ".join((*each.not_known, *each.not_shown)),
                from_elsewhere((*each.knowledge_elsewhere, *each.practice_elsewhere)),
                day_of(each.sign_off.at) if each.sign_off else None,
                each.sign_off.by if each.sign_off else "",
            ],
        )
        for staff in sources.staff
        for each in standing.get(staff.person_id, ())
    ]
    signs: list[Row] = [
        (staff, _sign_off(each)) for staff in sources.staff for each in reversed(signed.get(staff.person_id, ()))
    ]
    return Part(
        key="standards",
        title="Standards of the Care Certificate",
        intro="A standard is complete only when its questions are passed and its practice was observed and signed off. "
        "The wording and numbers of criteria are ours where the official text was not read: compare them with Skills "
        "for Care before relying on a number.",
        tables=(
            people_table(
                "standards",
                "Standards",
                [
                    ("standard", "Standard"),
                    ("title", "Title"),
                    ("known", "Criteria known"),
                    ("shown", "Criteria shown"),
                    ("missing", "Not there yet"),
                    ("elsewhere", "Of it, shown elsewhere"),
                    ("signed", "Signed off on"),
                    ("signed_by", "Signed off by"),
                ],
                rows,
            ),
            people_table(
                "sign-offs",
                "Sign-offs",
                [
                    ("standard", "Standard"),
                    ("at", "Signed off on"),
                    ("by", "By"),
                    ("withdrawn", "Withdrawn on"),
                    ("withdrawn_by", "Withdrawn by"),
                    ("reason", "Why withdrawn"),
                ],
                signs,
            ),
        ),
    )


def _sign_off(each: assessment.SignOffView) -> list[Cell]:
    return [
        "The whole certificate" if each.standard is None else each.standard,
        day_of(each.at),
        each.by,
        day_of(each.withdrawn_at) if each.withdrawn_at else None,
        each.withdrawn_by,
        each.withdrawn_reason,
    ]
