"""What people see of files in a bucket: the same as without one, and kind words where it does not answer."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import authoring, create_app, files, jobs, requirements
from app.cli.files import swept
from app.config import ROOT, FilesSettings, Settings
from app.extensions import db
from app.files import Bucket, HasFile
from app.kernel import utc_now
from app.requirements import models as m
from tests.integration.desk.conftest import AtTheDesk, desk
from tests.integration.desk.test_media import names
from tests.integration.desk.test_media import send as send_picture
from tests.integration.staff.test_evidence import ask, make
from tests.integration.staff.test_outside import PDF, fields, needing, send
from tests.support.bucket import S3Server, nobody_there, objects
from tests.support.website import Browser, Place, app, bramble, browser, empty_tables, priya, set_up, sign_in
from tests.unit.web.test_smaller import photo

__all__ = ["app", "bramble", "browser", "desk", "empty_tables", "priya"]


@pytest.fixture(autouse=True)
def in_the_bucket(app: Flask, bucket: Bucket) -> Iterator[None]:
    files.keep_in(db.engine, bucket)
    yield
    files.keep_in(db.engine, None)


def handed_in(place: Place, manager: Browser) -> str:
    """Hand in a certificate on the page; returns the address of its file."""
    ngozi, view = needing(place)
    address = f"/staff/people/{ngozi.person_uuid}/outside"
    assert "is noted" in send(manager, address, fields(view), PDF).text
    [had] = requirements.outside(db.session(), place.provider.id)
    return f"{address}/{had.uuid}/file"


def test_a_certificate_is_saved_as_it_was_handed_in(bramble: Place, priya: Browser, bucket: Bucket) -> None:
    address = handed_in(bramble, priya)
    assert len(objects(bucket)) == 1
    reply = priya.send("GET", address)
    assert (reply.status_code, reply.data, reply.mimetype) == (200, PDF, "application/pdf")
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    assert reply.headers["Cache-Control"] == "no-store"


def test_another_provider_gets_nothing_and_the_bucket_is_not_asked(
    app: Flask, bramble: Place, priya: Browser, where: FilesSettings
) -> None:
    address = handed_in(bramble, priya)
    set_up("Thistle Care", "Sam Reed", "sam")
    # Whoever asked it would read 503.
    files.keep_in(db.engine, nobody_there(where))
    sam = Browser(app.test_client())
    sign_in(sam, "sam")
    assert sam.send("GET", address).status_code == 404


def test_when_it_is_away_the_form_says_that_nothing_was_saved(
    bramble: Place, priya: Browser, where: FilesSettings
) -> None:
    ngozi, view = needing(bramble)
    files.keep_in(db.engine, nobody_there(where))
    page = send(priya, f"/staff/people/{ngozi.person_uuid}/outside", fields(view), PDF)
    assert (page.status, "Nothing was changed" in page.text) == (503, True)
    assert requirements.outside(db.session(), bramble.provider.id) == ()
    assert db.session.scalar(select(func.count()).select_from(m.OutsideFile)) == 0


def test_when_it_is_away_or_has_lost_it_a_page_says_so(
    bramble: Place, priya: Browser, bucket: Bucket, where: FilesSettings
) -> None:
    address = handed_in(bramble, priya)
    files.keep_in(db.engine, nobody_there(where))
    page = priya.get(address)
    assert (page.status, "nothing is lost" in page.text) == (503, True)
    assert page.reply.headers["Retry-After"]

    files.keep_in(db.engine, bucket)
    bucket.delete(objects(bucket))
    page = priya.get(address)
    assert (page.status, "Whoever runs this server" in page.text) == (502, True)


def test_pictures_of_a_draft_are_shown_checked_and_published_from_there(desk: AtTheDesk, bucket: Bucket) -> None:
    assert send_picture(desk, photo()).json["markdown"]
    assert names(desk) == ["rail.webp", "stairs.svg"]
    assert len(objects(bucket)) == 2

    found = authoring.media_bodies(db.session(), desk.place.provider.id, desk.uuid)

    assert found["stairs.svg"].startswith(b"<svg")
    assert {name: len(body) for name, body in found.items()} == {each.name: each.bytes for each in desk.draft.media}
    assert desk.json("check", {"text": desk.draft.text}).json["problems"] is not None
    bucket.delete(objects(bucket))
    again = authoring.media_bodies(db.session(), desk.place.provider.id, desk.uuid)
    assert again == found, "what was read lately is not asked for at each pause in typing"


def test_when_it_is_away_no_picture_is_added_and_no_word_is_lost(desk: AtTheDesk, where: FilesSettings) -> None:
    page = desk.browser.get(desk.address)
    files.keep_in(db.engine, nobody_there(where))
    data = {"alt": "A rail", **page.form(desk.address), "text": desk.draft.text}
    reply = desk.browser.send(
        "POST",
        f"{desk.address}/media",
        data={**data, "file": (io.BytesIO(photo()), "rail.jpg")},
        headers={"Accept": "application/json"},
    )
    assert (reply.status_code, reply.json["field"]) == (422, "file")
    assert "Nothing was changed" in reply.json["message"]
    assert names(desk) == ["stairs.svg"]

    saved = desk.json("save", {"text": f"{desk.draft.text}\nMore.\n", "based_on": desk.draft.revision})
    assert saved.status_code == 200


def test_an_evidence_pack_lies_there_until_it_is_removed(bramble: Place, priya: Browser, bucket: Bucket) -> None:
    address = ask(priya)
    make()
    assert len(objects(bucket)) == 1
    priya.get("/staff/evidence")
    saved = priya.post(f"{address}/file").reply
    assert (saved.mimetype, saved.data[:2]) == ("application/zip", b"PK")
    priya.get("/staff/evidence")
    assert "Removed from the server" in priya.post(f"{address}/remove").text
    assert objects(bucket) == set()


def test_a_pack_given_up_at_the_last_moment_leaves_nothing_there(
    bramble: Place, priya: Browser, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = ask(priya)
    keep, put = files.keep, []

    def then_given_up(session: Session, row: HasFile, body: bytes) -> None:
        keep(session, row, body)
        put.extend(objects(bucket))
        with Session(db.engine) as manager:
            assert jobs.cancel(manager, bramble.provider.id, UUID(address.rpartition("/")[2]), now=utc_now())
            manager.commit()

    monkeypatch.setattr(files, "keep", then_given_up)
    make()
    assert (len(put), objects(bucket)) == (1, set())


def test_a_pack_that_cannot_be_kept_says_why_and_can_be_asked_for_again(
    bramble: Place, priya: Browser, bucket: Bucket, where: FilesSettings
) -> None:
    ask(priya)
    files.keep_in(db.engine, nobody_there(where))
    make()
    assert "Our store of files did not answer" in priya.get("/staff/evidence").text
    files.keep_in(db.engine, bucket)
    ask(priya)
    make()
    assert "Ready, " in priya.get("/staff/evidence").text


def flask(app: Flask, *words: str) -> tuple[int, dict[str, object]]:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=[*words, "--json"])
    return result.exit_code, json.loads(result.output) if result.output.startswith("{") else {"words": result.output}


def doctor(app: Flask) -> tuple[str, str]:
    _, report = flask(app, "doctor")
    [found] = [each for each in report["findings"] if each["about"] == "Files"]  # type: ignore[attr-defined]
    return found["level"], found["words"]


def test_the_doctor_says_where_files_are_and_what_is_wrong(
    app: Flask, bramble: Place, priya: Browser, bucket: Bucket, where: FilesSettings
) -> None:
    files.keep_in(db.engine, None)
    handed_in(bramble, priya)
    files.keep_in(db.engine, bucket)
    level, words = doctor(app)
    assert (level, "flask files move bucket" in words) == ("look", True)

    assert flask(app, "files", "move", "bucket") == (0, {"moved": 1, "in_database": 0, "in_bucket": 1})
    assert doctor(app)[0] == "fine"
    files.keep_in(db.engine, nobody_there(where))
    assert doctor(app)[0] == "broken"
    files.keep_in(db.engine, None)
    level, words = doctor(app)
    assert (level, "BV_FILES names none" in words) == ("broken", True)

    files.keep_in(db.engine, bucket)
    [key] = objects(bucket)
    bucket.delete([key])
    level, words = doctor(app)
    assert (level, str(key) in words) == ("broken", True)


def test_commands_say_what_they_did_and_what_they_need(
    app: Flask, bramble: Place, priya: Browser, bucket: Bucket, where: FilesSettings
) -> None:
    handed_in(bramble, priya)
    assert flask(app, "files", "move", "database") == (0, {"moved": 1, "in_database": 1, "in_bucket": 0})
    assert flask(app, "files", "sweep") == (0, {"deleted": 0, "refused": None})
    files.keep_in(db.engine, nobody_there(where))
    code, said = flask(app, "files", "move", "bucket")
    assert (code, "run this again" in str(said)) == (1, True)
    files.keep_in(db.engine, None)
    code, said = flask(app, "files", "sweep")
    assert (code, "BV_FILES names no bucket" in str(said)) == (1, True)


def test_a_server_started_with_the_settings_keeps_its_files_there(
    tmp_path_factory: pytest.TempPathFactory, s3: S3Server, where: FilesSettings
) -> None:
    folder = tmp_path_factory.mktemp("set")
    told = create_app(Settings.from_environment({"BV_INSTANCE": str(folder), **s3.environment(where)}))
    with told.app_context():
        found = files.kept_in(db.session())
        assert found is not None
        found.put(UUID(int=4), b"here")
        assert objects(Bucket(where)) == {UUID(int=4)}
        db.session.remove()
        db.engine.dispose()


def test_a_backup_says_what_it_does_not_hold_and_still_comes_back(app: Flask, bramble: Place, priya: Browser) -> None:
    stamp(directory=str(ROOT / "migrations"))
    address = handed_in(bramble, priya)
    code, made = flask(app, "backup", "create")
    assert (code, made["verified"], made["files_in_bucket"]) == (0, True, 1)
    assert flask(app, "backup", "restore", str(made["file"]))[0] == 0
    assert priya.send("GET", address).data == PDF


@pytest.mark.parametrize("first", ["backup", "sweep"])
def test_an_older_backup_put_back_deletes_nothing_of_what_came_after_it(
    app: Flask, bramble: Place, priya: Browser, bucket: Bucket, first: str
) -> None:
    stamp(directory=str(ROOT / "migrations"))
    if first == "sweep":
        assert swept(utc_now()).refused is None
    _, made = flask(app, "backup", "create")
    handed_in(bramble, priya)
    if first == "backup":
        assert swept(utc_now()).refused is None
    assert flask(app, "backup", "restore", str(made["file"]))[0] == 0

    assert swept(utc_now()).refused is None, "nothing is a day old, so there is nothing to say"
    after = swept(utc_now() + timedelta(days=2))

    # The database before is kept beside the new one, and names it.
    assert (after.gone, "flask files sweep --many" in (after.refused or ""), len(objects(bucket))) == (0, True, 1)
    assert swept(utc_now() + timedelta(days=2), many=True).gone == 1
    assert swept(utc_now() + timedelta(days=3)).refused is None, "it was said that this database counts"
