"""Publishing takes seconds to render and a moment to write: phones send, and others publish, in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import sync
from app.cli.content import publish as commands
from app.content import load, prepare
from app.content.library import Library
from app.content.models import Edition
from app.content.prepare import Known, Prepared
from app.content.service import known_to, publish, store
from app.kernel import begin_write, utc_now
from app.learning import LessonRead, editions
from app.sync import HeldRecord, Record
from tests.support.library import Place
from tests.support.world import one_phone


@pytest.fixture
def place(app: Flask, tmp_path: Path) -> Place:
    made = Place(tmp_path / "content")
    app.extensions["bv.settings"] = replace(app.extensions["bv.settings"], content=made.root)
    return made


def test_phones_send_while_lessons_are_rendered(
    app: Flask, database: Engine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def while_a_phone_sends(library: Library, known: Known, *, now: datetime) -> Prepared:
        ready = prepare.prepare(library, known, now=now)
        with Session(database) as session:
            phone = one_phone(session)
            begin_write(session)
            reply = sync.accept(session, phone.batch(phone.record()), phone.sender, now=now)
            session.commit()
        taken.extend(each.r for each in reply.receipts)
        return ready

    monkeypatch.setattr(commands, "prepare", while_a_phone_sends)
    with app.app_context():
        report = commands.publish_changes()

    assert taken == ["stored"]
    assert [each.module for each in report.published] == ["on-the-stairs"]
    with Session(database) as session:
        assert session.scalar(select(func.count()).select_from(Record)) == 1


def test_what_another_published_meanwhile_is_not_published_twice(session: Session, place: Place) -> None:
    now = utc_now()
    ready = prepare.prepare(load(place.root), known_to(session), now=now)
    assert len(publish(session, load(place.root), now=now).published) == 1

    report = store(session, ready, now=now)

    assert (report.published, report.unchanged, report.refused) == ((), ("on-the-stairs",), ())
    assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_another_text_published_meanwhile_under_this_number_stays(session: Session, place: Place) -> None:
    now = utc_now()
    ready = prepare.prepare(load(place.root), known_to(session), now=now)
    place.edit(("one step down", "two steps down"))
    [theirs] = publish(session, load(place.root), now=now).published

    report = store(session, ready, now=now)

    assert [each.code for each in report.refused] == ["edition-taken"]
    assert session.scalars(select(Edition.sha)).all() == [theirs.sha]


def test_what_was_held_for_the_edition_is_judged_as_it_is_published(app: Flask, database: Engine, place: Place) -> None:
    """A phone has lessons from before this server was put back to an earlier day."""
    with Session(database) as session:
        [ready] = prepare.prepare(load(place.root), known_to(session), now=utc_now()).modules
        assert isinstance(ready, prepare.Ready)
        assert ready.built
        phone = one_phone(session)
        editions._known.pop(ready.built.sha, None)
        lesson = next(each["id"] for each in ready.built.data["parts"] if each["kind"] == "lesson")
        seen = {"module": "on-the-stairs", "edition_no": 1, "lesson": lesson, "part": 1, "seconds": 40}
        phone.send(session, phone.record("lesson.read", seen, edition=ready.built.sha))
        assert session.scalars(select(HeldRecord.code)).all() == ["unknown-edition"]

    with app.app_context():
        commands.publish_changes()

    with Session(database) as session:
        assert session.scalars(select(HeldRecord.code)).all() == []
        assert session.scalar(select(func.count()).select_from(LessonRead)) == 1
