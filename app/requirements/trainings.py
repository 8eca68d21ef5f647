"""The provider's list of trainings: adding a line, changing it, taking it off. Every change is another version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.requirements import models as m
from app.requirements.errors import RequirementError
from app.requirements.types import Basis, Elsewhere, TrainingView

LONGEST_TITLE = 120
LONGEST_DRIVER = 300
LONGEST_SOURCE = 500
MOST_MODULES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What a training asks: the fields of `TrainingView` that a provider decides."""

    title: str
    basis: Basis
    driver: str
    source: str
    modules: tuple[str, ...]
    practice: tuple[str, ...]
    elsewhere: Elsewhere
    refresh_months: int | None
    window_days: int = 90
    grace_days: int = 0
    first_due_days: int = 84

    @property
    def ways(self) -> bool:
        """Whether there is any way to meet it."""
        return bool(self.modules or self.practice) or self.elsewhere is not Elsewhere.NO

    def with_modules(self, modules: tuple[str, ...]) -> Asks:
        """Return the same, met by these modules."""
        return replace(self, modules=modules)

    @classmethod
    def of(cls, view: TrainingView) -> Asks:
        """Return what a training asks now."""
        return cls(
            title=view.title,
            basis=view.basis,
            driver=view.driver,
            source=view.source,
            modules=view.modules,
            practice=view.practice,
            elsewhere=view.elsewhere,
            refresh_months=view.refresh_months,
            window_days=view.window_days,
            grace_days=view.grace_days,
            first_due_days=view.first_due_days,
        )


def add_training(
    session: Session,
    provider_id: int,
    asks: Asks,
    *,
    now: datetime,
    by: int | None = None,
    usual: str | None = None,
) -> UUID:
    """Add a line to the provider's list; returns its uuid. Raises RequirementError with the field to mend."""
    asks = _checked(session, provider_id, asks, None)
    row = m.Training(uuid=new_uuid7(), provider_id=provider_id, usual=usual, added_at=now)
    session.add(row)
    session.flush()
    session.add(_version(row.id, asks, now=now, by=by))
    session.flush()
    return row.uuid


def change_training(
    session: Session, provider_id: int, uuid: UUID, asks: Asks, *, now: datetime, by: int | None = None
) -> bool:
    """Say from now on what a training asks; what it asked before stays known. Says whether anything changed.

    Raises RequirementError with the field to mend, code "unknown" when the provider has no such training.
    """
    row = training_row(session, provider_id, uuid)
    asks = _checked(session, provider_id, asks, row.id)
    query = select(m.TrainingVersion).where(m.TrainingVersion.training_id == row.id)
    newest = session.scalars(query.order_by(m.TrainingVersion.since.desc(), m.TrainingVersion.id.desc())).first()
    version = _version(row.id, asks, now=now, by=by)
    columns = [column.key for column in m.TrainingVersion.__table__.columns if column.key not in ("id", "since", "by")]
    if newest is not None and all(getattr(newest, each) == getattr(version, each) for each in columns):
        return False
    session.add(version)
    session.flush()
    return True


def end_training(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> None:
    """Take a training off the list from now on. What was done, and what was asked before, stays known."""
    training_row(session, provider_id, uuid).ended_at = now
    session.flush()


def training_row(session: Session, provider_id: int, uuid: UUID) -> m.Training:
    """Return a line of the provider's present list. Raises RequirementError, code "unknown"."""
    row = session.scalars(
        select(m.Training).where(
            m.Training.provider_id == provider_id, m.Training.uuid == uuid, m.Training.ended_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise RequirementError("This training is not on your list now.", code="unknown", field="training")
    return row


def plain(text: str, field: str, longest: int, empty: str = "") -> str:
    """Return a line of text without what cannot be seen. Raises RequirementError when too long, or empty and needed."""
    clean = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    if not clean and empty:
        raise RequirementError(empty, code=f"{field}-empty", field=field)
    if len(clean) > longest:
        raise RequirementError(f"Use at most {longest} letters.", code=f"{field}-too-long", field=field)
    return clean


def _checked(session: Session, provider_id: int, asks: Asks, own: int | None) -> Asks:
    title = plain(asks.title, "title", LONGEST_TITLE, "Type what it is called.")
    query = (
        select(m.Training.id, m.TrainingVersion.title)
        .join(m.TrainingVersion, m.TrainingVersion.training_id == m.Training.id)
        .where(m.Training.provider_id == provider_id, m.Training.ended_at.is_(None))
        .order_by(m.TrainingVersion.since, m.TrainingVersion.id)
    )
    names: dict[int, str] = {row.id: row.title for row in session.execute(query)}
    if title.casefold() in {name.casefold() for key, name in names.items() if key != own}:
        raise RequirementError(
            "There is a training with this name. Pick another name.", code="title-taken", field="title"
        )
    if not asks.ways:
        raise RequirementError(
            "Say how it is met: by a module, by something seen at work, or by a certificate from elsewhere.",
            code="no-way",
            field="modules",
        )
    if len(asks.modules) > MOST_MODULES:
        raise RequirementError(f"Pick at most {MOST_MODULES} modules.", code="too-many", field="modules")
    for value, field, low, high, what in (
        (asks.refresh_months, "refresh_months", 1, 120, "months"),
        (asks.window_days, "window_days", 0, 365, "days"),
        (asks.grace_days, "grace_days", 0, 365, "days"),
        (asks.first_due_days, "first_due_days", 0, 730, "days"),
    ):
        if value is not None and not low <= value <= high:
            raise RequirementError(f"Type a number of {what} from {low} to {high}.", code="out-of-range", field=field)
    if asks.refresh_months is not None and asks.window_days >= asks.refresh_months * 28:
        raise RequirementError(
            "This is as long as the period itself. Use fewer days.", code="window-too-long", field="window_days"
        )
    return replace(
        asks,
        title=title,
        driver=plain(asks.driver, "driver", LONGEST_DRIVER),
        source=plain(asks.source, "source", LONGEST_SOURCE),
        modules=tuple(dict.fromkeys(asks.modules)),
        practice=tuple(dict.fromkeys(asks.practice)),
    )


def _version(training_id: int, asks: Asks, *, now: datetime, by: int | None) -> m.TrainingVersion:
    return m.TrainingVersion(
        training_id=training_id,
        since=now,
        by=by,
        title=asks.title,
        basis=asks.basis.value,
        driver=asks.driver,
        source=asks.source,
        modules=list(asks.modules),
        practice=list(asks.practice),
        elsewhere=asks.elsewhere.value,
        refresh_months=asks.refresh_months,
        window_days=asks.window_days,
        grace_days=asks.grace_days,
        first_due_days=asks.first_due_days,
    )
