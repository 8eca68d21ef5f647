"""Every database ever released is brought up to date with nothing lost, and its phones are served.

A release adds a folder with `python -m tools.keep_release VERSION`; these tests then cover it by themselves.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import sync
from app.extensions import db
from app.kernel import Base
from app.learning import Completed
from app.sync import HeldRecord, PhoneDigest, Record
from app.sync.digest import NOTHING, with_ids
from app.sync.kinds import part_of
from tests.releases.conftest import migrate
from tests.support import release
from tests.support.api import Caller
from tests.support.rows import fill_empty_tables, missing, rows_of
from tests.support.site import ROOT
from tests.support.website import Browser
from tests.support.world import Phone


@pytest.fixture
def about(version: str) -> dict[str, Any]:
    found: dict[str, Any] = release.kept(version, "release.json")
    return found


@pytest.fixture
def caller(app: Flask, about: dict[str, Any]) -> Caller:
    """The phone of that release, signed in again with its PIN: its tokens have ended meanwhile."""
    known = about["person"]
    phone = Phone(person_id=0, person_uuid=known["id"], provider_id=0, dev=known["dev"], append="", read="")
    caller = Caller(app, phone)
    tokens = caller.post("/sign-in", {"dev": known["dev"], "person": known["id"], "pin": release.PIN}).json
    assert tokens is not None
    phone.append, phone.read = tokens["append"], tokens["read"]
    return caller


def test_this_version_is_kept_or_newer_than_all_that_are() -> None:
    present = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = release.versions()[-1]
    assert f"{present}.".startswith(f"{newest}.") or release.numbers(present) > release.numbers(newest)


def test_an_upgrade_loses_no_row(old: Engine) -> None:
    before = rows_of(old)
    assert [name for name, rows in before.items() if not rows] == []

    migrate(old, "head")

    assert missing(before, rows_of(old)) == []


def test_an_upgrade_knows_the_highest_number_of_each_phone(old: Engine) -> None:
    migrate(old, "head")

    with Session(old) as session:
        of_each = select(Record.device_id, func.max(Record.seq)).where(Record.seq >= 0).group_by(Record.device_id)
        highest = dict(session.execute(of_each).all())
        known = dict(session.execute(select(PhoneDigest.device_id, PhoneDigest.last_seq)).all())
    assert highest
    assert highest.items() <= known.items()
    assert set(known.values()) <= {-1, *highest.values()}


def test_every_step_is_taken_back_and_taken_again_with_rows_in_every_table(old: Engine, about: dict[str, Any]) -> None:
    before = rows_of(old)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    steps = ScriptDirectory.from_config(config).walk_revisions(base=about["revision"], head="heads")
    newer = [step.revision for step in steps][:-1][::-1]
    for revision in newer:
        migrate(old, revision)
        fill_empty_tables(old)
    for revision in [*newer[:-1][::-1], about["revision"]]:
        migrate(old, revision, down=True)

    assert missing(before, rows_of(old)) == []
    migrate(old, "head")
    assert missing(before, rows_of(old)) == []


def test_the_manager_and_the_public_pages_answer(app: Flask, about: dict[str, Any]) -> None:
    with app.app_context():
        browser = Browser(app.test_client())
        for name in ("today", "learn", "record"):
            browser.get(f"/{name}")
        browser.get("/staff/sign-in")
        page = browser.post("/staff/sign-in", name="priya", password=release.PASSWORD)
    assert page.status == 200
    assert page.heading != "Sign in"


def test_editions_of_that_format_are_shown_and_sent_unchanged(app: Flask, about: dict[str, Any], version: str) -> None:
    edition = release.kept(version, "edition.json")
    sent = app.test_client().get(f"/e/{about['sha']}", headers={"Accept-Encoding": "identity"})
    assert hashlib.sha256(sent.data).hexdigest() == about["sha"]
    assert json.loads(sent.data) == edition
    key = f"/learn/{edition['key']}/{edition['edition']}"
    with app.app_context():
        browser = Browser(app.test_client())
        for number, part in enumerate(edition["parts"], 1):
            assert part["title"] in browser.get(f"{key}/{number}").text
        browser.get(f"{key}/end")


def test_records_of_that_version_are_taken_once_and_judged(app: Flask, caller: Caller, version: str) -> None:
    records = release.kept(version, "records.json")
    known = [each["id"] for each in records["sent"]]
    with app.app_context():
        known += [str(uuid) for uuid in db.session.scalars(select(Record.uuid)) if str(uuid) not in known]
        completed = set(db.session.scalars(select(Completed.record)))
    held = with_ids(NOTHING, known)

    first = caller.send(*records["unsent"], held={"n": held.n, "x": held.x}).json
    again = caller.send(*records["sent"], *records["unsent"]).json

    assert first is not None
    assert again is not None
    assert [each["r"] for each in first["receipts"]] == ["stored"] * len(records["unsent"])
    # The phone believed the server still has what it had before the upgrade, and it has.
    assert "have" not in first
    assert {each["r"] for each in again["receipts"][1:]} == {"duplicate"}
    with app.app_context():
        assert len(set(db.session.scalars(select(Completed.record))) - completed) == 1


def test_the_state_still_shows_what_was_done(caller: Caller, about: dict[str, Any], version: str) -> None:
    state = caller.get("/state", caller.phone.read).json
    catalogue = caller.get("/catalogue", caller.phone.read).json
    assert state is not None
    assert catalogue is not None
    answered = [each["id"] for each in release.kept(version, "records.json")["sent"] if each["kind"] == "quiz.answered"]
    assert [each["record"] for each in state["results"]] == answered
    assert state["results"][0]["sha"] == about["sha"]
    assert state["modules"]["on-the-stairs"]["completed_at"] is not None
    assert [each["sha"] for each in catalogue["withdrawn"]] == [about["sha"]]


def test_what_is_worked_out_again_is_what_was_there(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
        # JSON that is worked out again says the same, in whatever order.
        before = rows_of(engine, Base.metadata.tables)
        with Session(engine) as session:
            sync.rebuild(session)
            session.commit()
        gone = missing(before, rows_of(engine, Base.metadata.tables))
        with Session(engine) as session:
            still = session.scalars(select(Record.kind).join(HeldRecord, HeldRecord.uuid == Record.uuid)).all()
        # A kind that release did not know, this one may: then it is judged, or held for another reason.
        assert [row for row in gone if not (row.startswith("held_records") and "unknown-kind" in row)] == []
        assert len(gone) <= len(before["held_records"])
        assert [kind for kind in still if part_of(kind) is None] or gone
