"""`python -m bench.evidence`: what an evidence pack of 400 people and three years takes, on SQLite.

The provider is generated and put in in bulk: 60 modules asked of everybody, each passed once a year. Seconds are by the
processor, which other work of the machine lengthens less than the clock; memory is the most the process ever held.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from app import learning, providers
from app.compliance import evidence
from app.compliance.evidence import Scope
from app.kernel import new_uuid7, prepare_engine, utc_now
from app.providers import Role
from tests.support.editions import edition
from tests.support.publishing import add_edition, publish_core
from tests.support.schema import make_tables

PEOPLE, MODULES, YEARS = 400, 60, 3


def main() -> None:
    """Make the provider, then the pack, and print what each step took."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        prepare_engine(engine)
        make_tables(engine)
        with Session(engine) as session:
            provider_id = fill(session)
            told("provider made", 0)
            today = utc_now().date()
            scope = Scope(
                since=today - timedelta(days=365 * YEARS),
                until=today,
                as_at=today,
                people=None,
                parts=tuple(evidence.PARTS),
                labels=evidence.usual_labels(),
            )
            evidence.ask(session, provider_id, scope, by=None, now=utc_now())
            session.commit()
            start = time.process_time()
            print(evidence.make_next(session, server="http://localhost", clock=utc_now))
            told("pack made", time.process_time() - start)


def told(what: str, seconds: float) -> None:
    """Print one step."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {seconds:.0f} s by the processor, at most {most:.0f} MB so far", flush=True)


def fill(session: Session) -> int:
    """Put the provider, its people, what they were asked and what they did into the tables; committed."""
    luck, now = random.Random(7), utc_now()
    publish_core(session)
    provider = providers.add_provider(session, "Bramble Home Care", contact="Priya", now=now - timedelta(days=1200))
    shas = {}
    for number in range(MODULES):
        key = f"module-{number}"
        body = edition(key, title=f"Module {number}")
        shas[key] = add_edition(session, body, at=now - timedelta(days=1200))
    assignments: list[dict[str, Any]] = []
    attempts: list[dict[str, Any]] = []
    for number in range(PEOPLE):
        who = providers.add_person(
            session, provider.id, f"Carer {number}", (Role.LEARNER,), now=now - timedelta(days=1150)
        )
        shared = {"person_id": who.person_id, "provider_id": provider.id}
        for key, sha in shas.items():
            due = date(2024, 1, 1) + timedelta(days=luck.randrange(300))
            assignments.append(
                {**shared, "uuid": new_uuid7(), "module": key, "due": due, "assigned_at": now - timedelta(days=1100)}
            )
            for year in range(YEARS):
                at = now - timedelta(days=365 * (YEARS - year) - luck.randrange(360))
                done = {"seconds": 200, "score": 100, "passed": True, "questions": [], "notes": {}, "attempt": "x"}
                sent = {"record": new_uuid7(), "module": key, "edition": 1, "sha": sha, "at": at, "received_at": at}
                attempts.append({**shared, **sent, **done})
    session.execute(insert(learning.Assignment), assignments)
    session.execute(insert(learning.AttemptResult), attempts)
    session.commit()
    return provider.id


if __name__ == "__main__":
    main()
