"""How a pack is laid out: by regulation, which does not move, and by the labels of the quality framework, which do.

The regulations are those of the Health and Social Care Act 2008 (Regulated Activities) Regulations 2014, in our words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.compliance.evidence.errors import EvidenceError
from app.compliance.evidence.types import Label
from app.compliance.models import EvidenceLabels

MOST_LABELS = 40
LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """One regulation: its number, what it asks in our words, the parts that answer, and what no part shows."""

    number: str
    asks: str
    parts: tuple[str, ...]
    not_here: str = ""


REGULATIONS: tuple[Regulation, ...] = (
    Regulation(
        number="12(2)(c)",
        asks="Staff who give care are qualified, competent, skilled and experienced enough to do it safely.",
        parts=("matrix", "modules", "standards", "observations", "delegated", "outside"),
    ),
    Regulation(
        number="17",
        asks="The service is governed well: it knows how things stand, acts on it, and keeps records of its staff.",
        parts=("gaps", "exceptions", "people", "editions", "trail"),
        not_here="Audits, complaints and incidents are kept elsewhere.",
    ),
    Regulation(
        number="18(1)",
        asks="There are enough suitably qualified, competent, skilled and experienced staff.",
        parts=("people", "profiles", "matrix"),
        not_here="Rotas, and how many staff were at work, are kept elsewhere.",
    ),
    Regulation(
        number="18(2)(a)",
        asks="Staff get the support, training, professional development, supervision and appraisal they need.",
        parts=("matrix", "modules", "standards", "supervision", "gaps", "messages", "editions"),
    ),
    Regulation(
        number="18(2)(b)–(c)",
        asks="Staff can gain further qualifications, and registered professionals can meet their regulator's rules.",
        parts=("outside",),
        not_here="What a professional regulator asks of its members is kept elsewhere.",
    ),
    Regulation(
        number="19(1)(b)",
        asks="Staff have the qualifications, competence, skills and experience their work needs.",
        parts=("profiles", "matrix", "standards", "observations", "delegated", "outside"),
        not_here="Recruitment checks (Schedule 3) are kept elsewhere.",
    ),
)


def usual_labels() -> tuple[Label, ...]:
    """Return the labels of a provider that has not written its own."""
    read: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("labels.yml").read_text(encoding="utf-8"))
    return tuple(Label.of(each) for each in read)


def labels_of(session: Session, provider_id: int) -> tuple[Label, ...]:
    """Return a provider's labels in their order: its own, or the usual ones."""
    query = select(EvidenceLabels).where(EvidenceLabels.provider_id == provider_id)
    row = session.scalars(query.order_by(EvidenceLabels.id.desc()).limit(1)).one_or_none()
    return usual_labels() if row is None else tuple(Label.of(each) for each in row.labels)


def set_labels(session: Session, provider_id: int, labels: Sequence[Label], *, by: int | None, now: datetime) -> bool:
    """Give a provider labels of its own; none brings the usual ones back. Says whether anything changed. Flushes.

    Raises EvidenceError for one that is too long, stands there twice, or holds no part.
    """
    wanted = tuple(labels) or usual_labels()
    _check(wanted)
    if wanted == labels_of(session, provider_id):
        return False
    made = [each.as_json() for each in wanted]
    session.add(EvidenceLabels(provider_id=provider_id, labels=made, set_at=now, set_by=by))
    session.flush()
    return True


def _check(labels: Iterable[Label]) -> None:
    seen: set[str] = set()
    for number, each in enumerate(labels):
        if number >= MOST_LABELS:
            raise EvidenceError(f"Keep it to {MOST_LABELS} headings.", code="too-many", field=f"title-{number}")
        if len(each.title) > LONGEST:
            raise EvidenceError(f"Use at most {LONGEST} letters.", code="too-long", field=f"title-{number}")
        if each.title.casefold() in seen:
            raise EvidenceError("This heading stands there twice.", code="twice", field=f"title-{number}")
        if not each.parts:
            raise EvidenceError("Tick at least one part for this heading.", code="no-part", field=f"title-{number}")
        seen.add(each.title.casefold())
