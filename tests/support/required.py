"""Lists of trainings, profiles and certificates for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import catalogue, requirements
from app.kernel import new_uuid7
from app.providers import MemberView, ProviderView
from app.requirements import models as m


def something_of(session: Session, provider: ProviderView, member: MemberView, now: datetime) -> None:
    """Put a row of a person into each table of `app.requirements` that can hold one. The list itself is made once."""
    training = session.scalars(select(m.Training).where(m.Training.provider_id == provider.id)).first()
    profile = session.scalars(select(m.Profile).where(m.Profile.provider_id == provider.id)).first()
    if training is None or profile is None:
        training = m.Training(uuid=new_uuid7(), provider_id=provider.id, added_at=now)
        profile = m.Profile(uuid=new_uuid7(), provider_id=provider.id, added_at=now)
        session.add_all((training, profile))
        session.flush()
        session.add(m.TrainingVersion(training_id=training.id, since=now, **version("Fire safety")))
        session.add(
            m.ProfileVersion(profile_id=profile.id, since=now, title="Care worker", trainings=[str(training.uuid)])
        )
    mine = {"person_id": member.person_id, "provider_id": provider.id}
    had = m.OutsideTraining(
        **mine,
        uuid=new_uuid7(),
        training_id=training.id,
        title="certificate-canary",
        taught_by="Bluebell Training",
        taken_on=date(2026, 5, 1),
        file_name="certificate.pdf",
        file_type="application/pdf",
        file_size=9,
        file_sha="0" * 64,
        at=now,
    )
    session.add_all(
        (
            m.ProfilePlace(**mine, profile_id=profile.id, since=now),
            m.TrainingException(
                **mine, uuid=new_uuid7(), training_id=training.id, reason="exception-canary", since=now
            ),
            had,
        )
    )
    session.flush()
    session.add(m.OutsideFile(outside_id=had.id, body=b"%PDF-1.7\n"))
    session.add(m.OutsideDecision(outside_id=had.id, decision="accepted", reason="decision-canary", at=now))
    session.flush()


def version(title: str, **changes: object) -> dict[str, object]:
    """The columns of a training's version but its key and moment."""
    return {
        "title": title,
        "basis": "mandatory",
        "driver": "Fire Order 2005",
        "source": "The provider decides",
        "modules": [],
        "practice": [],
        "elsewhere": "instead",
        "refresh_months": 36,
        "window_days": 90,
        "grace_days": 0,
        "first_due_days": 84,
    } | changes


def asks(title: str = "Fire safety", **changes: Any) -> requirements.Asks:
    """What a training asks: one module here or a certificate, every 12 months."""
    values: dict[str, Any] = {
        "title": title,
        "basis": requirements.Basis.STATUTORY,
        "driver": "Fire Order 2005",
        "source": "The provider decides",
        "modules": ("fire",),
        "practice": (),
        "elsewhere": requirements.Elsewhere.INSTEAD,
        "refresh_months": 12,
    }
    return requirements.Asks(**{**values, **changes})


def chains_of(session: Session, provider_id: int) -> Mapping[str, tuple[Any, ...]]:
    """The modules a provider can ask for."""
    return catalogue.listing(session, provider_id).chains()


def cell(
    session: Session,
    provider_id: int,
    member: MemberView,
    training: UUID,
    now: datetime,
    as_at: date | None = None,
) -> requirements.Cell | None:
    """Where one person stands with one training."""
    board = requirements.board(session, provider_id, now=now, as_at=as_at, chains=chains_of(session, provider_id))
    return board.cell(member.person_id, training)
