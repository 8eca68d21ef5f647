"""Two people press save in the same moment, each on a connection of their own: one is told, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import authoring
from app.authoring import Moved, PublishRefused, Saved
from app.content import queries
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


def test_two_first_drafts_in_one_moment_share_a_pack_that_has_both_topics(database: Engine) -> None:
    with Session(database) as session:
        desk = a_desk(session, core=False)
        provider, people = desk.provider.id, (desk.amina.person_id, desk.ben.person_id)
    together = Barrier(6)

    def begin(number: int) -> str:
        with Session(database) as session:
            together.wait(timeout=30)
            begin_write(session)
            topic = f"Topic {number}"
            draft = authoring.start(session, provider, people[number % 2], "Gate", topic, now=NOW)
            session.commit()
            return draft.pack

    with ThreadPoolExecutor(6) as pool:
        packs = list(pool.map(begin, range(6)))

    assert len(set(packs)) == 1
    with Session(database) as session:
        assert {each.title for each in authoring.topics_of(session, provider)} == {f"Topic {n}" for n in range(6)}


def test_a_draft_published_twice_in_one_moment_becomes_one_edition(database: Engine) -> None:
    with Session(database) as session:
        desk = a_desk(session)
        draft = desk.start()
        desk.make_ready(draft)
        provider, uuid, by = desk.provider.id, draft.uuid, desk.ben.person_id
        shown, text = desk.open(draft).revision, draft.text
    together = Barrier(4)

    def press(number: int) -> str:
        with Session(database) as session:
            together.wait(timeout=30)
            begin_write(session)
            try:
                if number == 3:
                    authoring.save(session, provider, uuid, f"{text}\nUnread.\n", based_on=shown, by=by, now=NOW)
                else:
                    authoring.publish(session, provider, uuid, "major", revision=shown, by=by, now=NOW)
            except PublishRefused as refused:
                return refused.code
            session.commit()
            return "done"

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(press, range(4)))

    assert done.count("moved") == (2 if "done" in done[:3] else 3), done
    with Session(database) as session:
        editions = queries.editions_of(session, draft.key, desk.provider.uuid)
        assert len(editions) == done[:3].count("done") <= 1
        assert all("Unread." not in (queries.text_of(session, each.sha) or "") for each in editions)
