"""What the server holds, for the checks to compare. Each public function answers one `do` of the simulator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import sync
from app.content.models import Erratum
from app.identity.models import Device, Person
from app.learning import AttemptResult, Completed
from app.learning.models import PassDecision
from app.providers.models import Provider
from app.sync.digest import NOTHING, with_ids
from app.sync.models import PhoneDigest, Record
from tests.support.tables import worked_out

Message = dict[str, Any]


def missing(session: Session, said: Message) -> Message:
    """Which of these records the log does not have."""
    wanted = {UUID(each) for each in said["ids"]}
    found = set(session.scalars(select(Record.uuid).where(Record.uuid.in_(wanted))))
    return {"ids": sorted(str(each) for each in wanted - found)}


def _taken_away(session: Session) -> list[list[Any]]:
    """Whose pass a manager took away, as they last said, and how many errata its edition had then."""
    latest = {row.record: row for row in session.scalars(select(PassDecision).order_by(PassDecision.id))}
    errata = {row.id: row.sha for row in session.scalars(select(Erratum).order_by(Erratum.id))}

    def place(erratum: int) -> int:
        return [each for each, sha in errata.items() if sha == errata[erratum]].index(erratum) + 1

    return [[str(row.record), place(row.erratum)] for row in latest.values() if not row.stands]


def log(session: Session, _said: Message) -> Message:
    """The whole log, what is worked out from it, and whether working it all out again gives the same."""
    rows = session.execute(
        select(Record.uuid, Person.uuid, Device.uuid, Record.seq, Provider.uuid)
        .join(Person, Record.person_id == Person.id)
        .join(Device, Record.device_id == Device.id)
        .outerjoin(Provider, Record.provider_id == Provider.id)
        .order_by(Record.id)
    ).all()
    kept = session.execute(select(Device.uuid, PhoneDigest.n, PhoneDigest.x).join(Device)).all()
    by_dev: dict[str, list[str]] = {}
    for row in rows:
        by_dev.setdefault(str(row[2]), []).append(str(row[0]))
    wrong = [str(dev) for dev, n, x in kept if (n, x) != ((d := with_ids(NOTHING, by_dev.get(str(dev), []))).n, d.x)]
    before = worked_out(session)
    sync.rebuild(session)
    after = worked_out(session)
    session.rollback()
    return {
        "records": [[str(uuid), str(person), str(dev), seq, str(home)] for uuid, person, dev, seq, home in rows],
        "digests": {str(dev): {"n": n, "x": x} for dev, n, x in kept},
        "wrong_digests": wrong,
        "rebuilt_otherwise": [name for name in before if before[name] != after[name]],
        "passes": sorted(str(uuid) for uuid in session.scalars(select(Completed.record))),
        "attempts": sorted(str(uuid) for uuid in session.scalars(select(AttemptResult.record))),
        "taken": _taken_away(session),
        "held": sorted(str(uuid) for uuid in session.scalars(select(sync.HeldRecord.uuid))),
    }
