"""Two people at one draft: whatever they save, in whatever order, on top of whatever they last saw, no word is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import authoring
from app.authoring import Moved
from app.kernel import prepare_engine
from tests.support.desk import a_desk
from tests.support.world import NOW

# Who acts, what they do, and a word they type: few, so that the same text comes again.
STEPS = st.lists(
    st.tuples(st.sampled_from([0, 1]), st.sampled_from(["type", "save", "look", "restore"]), st.sampled_from("abc")),
    max_size=24,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_any_interleaving_of_two_peoples_saves_loses_no_text(
    sqlite_tables: Path, steps: list[tuple[int, str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_tables, f"{folder}/test.sqlite")
        engine = create_engine(f"sqlite:///{folder}/test.sqlite")
        prepare_engine(engine)
        with Session(engine) as session:
            _play(session, steps)
        engine.dispose()


def _play(session: Session, steps: list[tuple[int, str, str]]) -> None:
    desk = a_desk(session, core=False)
    provider, people = desk.provider.id, (desk.amina.person_id, desk.ben.person_id)
    draft = authoring.start(session, provider, people[0], "Gate", "Visits", now=NOW)
    screens = [(draft.text, draft.revision), (draft.text, draft.revision)]
    saved = {draft.text}
    for who, act, letter in steps:
        text, seen = screens[who]
        now = authoring.open_draft(session, provider, draft.uuid)
        if act == "type":
            screens[who] = (text + letter, seen)
        elif act == "look":
            screens[who] = (now.text, now.revision)
        elif act == "restore":
            authoring.restore(session, provider, draft.uuid, 1, by=people[who], now=NOW)
        else:
            done = authoring.save(session, provider, draft.uuid, text, based_on=seen, by=people[who], now=NOW)
            saved.add(text)
            after = authoring.open_draft(session, provider, draft.uuid)
            if isinstance(done, Moved):
                assert (after.text, after.revision) == (now.text, now.revision), "a late save overwrote something"
                assert authoring.revision_text(session, provider, draft.uuid, done.aside) == text
            else:
                assert after.text == text
                screens[who] = (text, done.revision)
    kept = authoring.history(session, provider, draft.uuid)
    texts = {authoring.revision_text(session, provider, draft.uuid, each.revision) for each in kept}
    assert saved <= texts
    numbers = [each.revision for each in kept]
    assert numbers == sorted(set(numbers), reverse=True)
    assert [each.in_force for each in kept].count(True) == 1
