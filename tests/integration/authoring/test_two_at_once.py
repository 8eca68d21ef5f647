"""Two people press save in the same moment, each on a connection of their own: one is told, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import authoring
from app.authoring import Moved, Saved
from app.kernel import begin_write
from tests.support.desk import a_desk
from tests.support.world import NOW


def test_of_two_saves_in_one_moment_one_is_in_force_and_one_beside(database: Engine) -> None:
    with Session(database) as session:
        desk = a_desk(session)
        draft = desk.start()
        provider, uuid, people = desk.provider.id, draft.uuid, (desk.amina.person_id, desk.ben.person_id)
    together = Barrier(8)

    def press(number: int) -> Saved | Moved:
        with Session(database) as session:
            together.wait(timeout=30)
            begin_write(session)
            done = authoring.save(
                session, provider, uuid, f"words {number}", based_on=draft.revision, by=people[number % 2], now=NOW
            )
            session.commit()
            return done

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(press, range(8)))

    assert sum(isinstance(each, Saved) for each in done) == 1
    with Session(database) as session:
        kept = authoring.history(session, provider, uuid)
        texts = {authoring.revision_text(session, provider, uuid, each.revision) for each in kept}
        assert {f"words {number}" for number in range(8)} <= texts
        assert sum(each.aside for each in kept) == 7
        assert authoring.open_draft(session, provider, uuid).revision == draft.revision + 1
