"""Two workers and somebody at the command line issue in the same moment: each thing is issued once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import credentials
from app.kernel import begin_write
from tests.support.credentials import SITE, Issuing
from tests.support.world import NOW


def test_what_three_issue_at_once_is_issued_once_by_one_pair_of_keys(database: Engine) -> None:
    with Session(database) as session:
        place = Issuing(session)
        place.passes()
        place.is_seen()
        here, provider = place.provider.id, place.provider.uuid
    together = Barrier(3)

    def issue(_number: int) -> int:
        with Session(database) as session:
            together.wait(timeout=60)
            begin_write(session)
            changes = credentials.bring_into_line(session, here, NOW, site=SITE)
            session.commit()
            return sum(len(change.issued) for change in changes)

    with ThreadPoolExecutor(3) as pool:
        done = sorted(pool.map(issue, range(3)))

    assert done == [0, 0, 2]
    with Session(database) as session:
        document = credentials.did_document(session, here, provider, SITE)
        assert document is not None
        assert len(document["verificationMethod"]) == 2
