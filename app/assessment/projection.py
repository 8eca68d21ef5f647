"""What the tables say of one act: a pure function of the act alone, so acts may arrive in any order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app import identity
from app.assessment.acts import ConfirmedData, MadeData, WithdrawnData
from app.assessment.models import Observation, ObservationConfirmation, ObservationWithdrawal
from app.assessment.saw import digests_of
from app.kernel import Base
from app.learning import Act, StudiedEdition


def apply(
    session: Session,
    acts: Iterable[Act],
    editions: Mapping[str, StudiedEdition],  # noqa: ARG001 - as every part has it
) -> None:
    """Add what these acts mean to the tables worked out from the log, one statement a table. Each act comes once."""
    rows: dict[type[Base], list[dict[str, Any]]] = {}
    for act in acts:
        for table, row in _rows_of(act):
            rows.setdefault(table, []).append(row)
    _name_as_now(session, rows.get(Observation, ()))
    for table, made in rows.items():
        session.execute(insert(table), made)


def _name_as_now(session: Session, seen: Collection[dict[str, Any]]) -> None:
    """Put in the uuid a learner has now: an assessor's phone may still know them by an earlier one."""
    now = identity.present_uuids(session, {row["learner"] for row in seen})
    for row in seen:
        row["learner"] = now.get(row["learner"], row["learner"])


def forget_everything_worked_out(session: Session) -> None:
    """Empty the tables that `apply` fills. What an erased assessor saw is in no record any more, and stays."""
    session.execute(delete(Observation).where(Observation.assessor_id.is_not(None)))
    for table in (ObservationConfirmation, ObservationWithdrawal):
        session.execute(delete(table))


def _rows_of(act: Act) -> Iterable[tuple[type[Base], dict[str, Any]]]:
    shared = {"record": act.record, "provider_id": act.provider_id, "at": act.at}
    match act.data:
        case MadeData() as data:
            yield (
                Observation,
                {
                    **shared,
                    "assessor_id": act.person_id,
                    "learner": data.learner,
                    "framework": data.framework,
                    "standard": data.standard,
                    "method": data.method,
                    "seen_on": data.seen_on,
                    "decisions": [
                        {"code": each.code, "decision": each.decision, "saw": each.saw or ""} for each in data.decisions
                    ],
                    "next_step": data.next_step,
                    "next_on": data.next_on,
                    "short": data.short,
                    "received_at": act.received_at,
                    "in_scope": None,
                    "digests": digests_of(
                        standard=data.standard,
                        seen_on=data.seen_on,
                        lines=[(each.code, each.decision, each.saw or "") for each in data.decisions],
                        next_step=data.next_step,
                        next_on=data.next_on,
                    ),
                },
            )
        case ConfirmedData() as data:
            yield (
                ObservationConfirmation,
                {
                    **shared,
                    "person_id": act.person_id,
                    "observation": data.observation,
                    "short": data.short,
                    "agrees": data.agrees,
                    "comment": data.comment,
                    "saw": data.saw,
                },
            )
        case WithdrawnData() as data:
            yield (
                ObservationWithdrawal,
                {**shared, "person_id": act.person_id, "observation": data.observation, "reason": data.reason},
            )
