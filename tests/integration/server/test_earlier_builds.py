"""A tab opened before an upgrade still gets its own scripts, for 180 days."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import built
from app.cli import worker
from app.web.security import PLAIN_POLICY
from tests.support.site import Site

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OLD = "page-0123456789.js"
FILES = {
    OLD: b"old page" * 20,
    f"{OLD}.br": b"old page in Brotli",
    "app-abcdef0123.css": b"old style",
    "sw-core.js": b"never kept: its name says nothing of its content",
    "manifest.json": b"{}",
}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """The built files of a release that is over."""
    folder = tmp_path / "old-build"
    folder.mkdir()
    for name, body in FILES.items():
        (folder / name).write_bytes(body)
    return folder


def names(instance: Path) -> set[str]:
    return {path.name for path in (instance / built.FOLDER).iterdir()}


def test_hashed_files_and_their_packed_forms_are_kept_once(tmp_path: Path, build: Path) -> None:
    assert built.keep(tmp_path, now=NOW, build=build) == 3
    assert built.keep(tmp_path, now=NOW, build=build) == 0
    assert names(tmp_path) == {OLD, f"{OLD}.br", "app-abcdef0123.css"}
    assert (tmp_path / built.FOLDER / OLD).read_bytes() == FILES[OLD]


def test_a_copy_that_was_cut_short_is_made_again(tmp_path: Path, build: Path) -> None:
    built.keep(tmp_path, now=NOW, build=build)
    (tmp_path / built.FOLDER / OLD).write_bytes(b"old")
    assert built.keep(tmp_path, now=NOW, build=build) == 1
    assert (tmp_path / built.FOLDER / OLD).read_bytes() == FILES[OLD]


def test_it_goes_180_days_after_it_was_last_current(tmp_path: Path, build: Path) -> None:
    built.keep(tmp_path, now=NOW, build=build)
    for days in range(0, 100, 5):  # it is current for another 95 days
        built.keep(tmp_path, now=NOW + timedelta(days=days), build=build)
    last = NOW + timedelta(days=95)
    assert built.let_go(tmp_path, now=last + timedelta(days=179)) == 0
    assert built.let_go(tmp_path, now=last + timedelta(days=181)) == 3
    assert names(tmp_path) == set()


def test_an_old_tab_gets_its_file_with_the_headers_of_present_ones(app: Flask, build: Path) -> None:
    client, instance = app.test_client(), Path(app.instance_path)
    assert client.get(f"/static/build/{OLD}", buffered=True).status_code == 404
    built.keep(instance, now=NOW, build=build)
    reply = client.get(f"/static/build/{OLD}", headers={"Accept-Encoding": "br"}, buffered=True)
    assert (reply.status_code, reply.data) == (200, b"old page in Brotli")
    assert reply.headers["Content-Encoding"] == "br"
    assert reply.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert reply.headers["Content-Type"].startswith("text/javascript")
    assert reply.headers["Content-Security-Policy"] == PLAIN_POLICY
    present = next(built.BUILD.glob("app-*.js")).name
    ours = client.get(f"/static/build/{present}", headers={"Accept-Encoding": "br"}, buffered=True)
    assert {name for name, _ in ours.headers} == {name for name, _ in reply.headers}


@pytest.mark.parametrize(
    "path",
    ["", "../secret-key-01234567.txt", "%2e%2e/secret-key-01234567.txt", ".page-0123456789.js.7", "sw-core.js.br"],
)
def test_nothing_else_of_the_instance_folder_is_served(app: Flask, build: Path, path: str) -> None:
    instance = Path(app.instance_path)
    built.keep(instance, now=NOW, build=build)
    (instance / "secret-key-01234567.txt").write_text("secret")
    (instance / built.FOLDER / ".page-0123456789.js.7").write_text("half a copy")
    assert app.test_client().get(f"/static/build/{path}").status_code == 404


def test_the_worker_keeps_what_is_current_and_deletes_what_is_long_gone(app: Flask, build: Path) -> None:
    instance = Path(app.instance_path)
    built.keep(instance, now=NOW, build=build)
    job = worker.Worker(tuple(job for job in worker.JOBS if job.name == "built files"))
    with app.app_context():
        assert job.look(NOW + timedelta(days=170))
        assert OLD in names(instance)
        assert job.look(NOW + timedelta(days=190))
    present = {path.name for path in built.BUILD.iterdir()} & names(instance)
    assert OLD not in names(instance)
    assert next(built.BUILD.glob("app-*.js")).name in present


def test_a_real_server_keeps_its_files_at_the_start_and_serves_the_earlier_ones(tmp_path: Path, build: Path) -> None:
    site = Site(tmp_path / "site", settings={"BV_WORKERS": "1"})
    site.folder.mkdir()
    built.keep(site.folder, now=NOW, build=build)
    site.prepare_tables()
    site.start()
    try:
        present = next(built.BUILD.glob("app-*.js")).name
        assert present in names(site.folder)
        with urllib.request.urlopen(f"{site.origin}/static/build/{OLD}", timeout=10) as reply:
            assert reply.read() == FILES[OLD]
    finally:
        site.stop()


def test_a_folder_that_cannot_be_written_does_not_stop_the_server(tmp_path: Path) -> None:
    site = Site(tmp_path, settings={"BV_WORKERS": "1"})
    (tmp_path / built.FOLDER).write_text("a file where the folder should be")
    site.prepare_tables()
    site.start()
    try:
        with urllib.request.urlopen(f"{site.origin}/", timeout=10) as reply:
            assert reply.status == 200
    finally:
        site.stop()
    assert "The built files were not kept" in (tmp_path / "gunicorn.log").read_text()
