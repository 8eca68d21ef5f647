"""What a phone stores at install is exactly what the server lists, and names nobody."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from pathlib import Path

from flask import Flask

from app import create_app
from app.web import assets, shell
from app.web.shell import FORMS, PAGES
from tests.support.website import settings_in


def _listed(app: Flask) -> list[dict[str, str]]:
    text = app.test_client().get("/sw.js").get_data(as_text=True)
    line = re.match(r"const SHELL=(\{.*?\});\n", text)
    assert line
    files: list[dict[str, str]] = json.loads(line[1])["files"]
    return files


def test_every_listed_file_has_the_hash_it_is_listed_with(app: Flask) -> None:
    client = app.test_client()
    assert (assets.BUILD / "manifest.json").is_file(), "run npm run build first"
    files = _listed(app)

    assert "/shell.json" in {file["url"] for file in files}
    for file in files:
        # Built files are streamed from the disk, so a reply must be closed.
        with client.get(file["url"]) as reply:
            assert reply.status_code == 200, file["url"]
            assert sha256(reply.data).hexdigest()[:16] == file["sha"], file["url"]


def test_every_file_a_shell_document_needs_is_listed(app: Flask) -> None:
    client = app.test_client()
    listed = {file["url"] for file in _listed(app)}
    for text in client.get("/shell.json").get_json().values():
        needed = set(re.findall(r'(?:src|href)="(/static/build/[^"#]+)', text))
        # Icons for the home screen are fetched by the phone's own launcher.
        assert {url for url in needed if not url.endswith(".png")} <= listed


def test_the_scripts_of_the_shell_are_those_that_are_counted(app: Flask) -> None:
    # Page and worker in one: the build weighs exactly this, and the worker's own lines, as "scripts".
    names = json.loads((assets.BUILD / "manifest.json").read_text())
    scripts = {file["url"] for file in _listed(app) if file["url"].endswith(".js") and file.get("as") != "extra"}
    assert scripts == {f"{assets.PREFIX}{names['app.js']}"}


def test_shell_documents_carry_the_policy_and_no_inline_code_but_what_it_names(app: Flask) -> None:
    client = app.test_client()
    reply = client.get("/shell.json")
    policy = reply.headers["Content-Security-Policy"]
    assert set(reply.get_json()) == {*PAGES, *FORMS}
    for name, text in reply.get_json().items():
        inline = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        hashed = [base64.b64encode(sha256(each.encode()).digest()).decode() for each in inline]
        assert len(hashed) == 1, name
        assert f"script-src 'self' 'sha256-{hashed[0]}';" in policy
        text = text.replace(f"<script>{inline[0]}</script>", "")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on[a-z]+=\"", text), name


def test_the_shell_is_the_same_whoever_asks(app: Flask) -> None:
    client = app.test_client()
    plain = client.get("/today").data
    with client.session_transaction() as carried:
        carried["_user_id"] = "somebody"

    assert client.get("/today", headers={"Accept-Language": "pl", "User-Agent": "x"}).data == plain
    assert plain.decode() == client.get("/shell.json").get_json()["today"]


def test_the_worker_and_the_shell_are_asked_for_anew_each_time(app: Flask) -> None:
    client = app.test_client()
    for path in ("/sw.js", "/shell.json", "/today"):
        reply = client.get(path)
        assert reply.headers["Cache-Control"] == "no-cache"
        assert client.get(path, headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304


def test_the_web_manifest_is_not_asked_for_by_every_page(app: Flask) -> None:
    assert app.test_client().get("/manifest.webmanifest").headers["Cache-Control"] == "public, max-age=3600"


def test_a_changed_document_is_another_build() -> None:
    one = shell.Shell({"today": "a"}, "{}", Path("/nowhere"))
    other = shell.Shell({"today": "b"}, "{}", Path("/nowhere"))

    assert one.build != other.build
    assert one.build == shell.Shell({"today": "a"}, "{}", Path("/nowhere")).build


def test_the_kill_switch_takes_the_worker_away_and_touches_no_record(app: Flask) -> None:
    Path(app.instance_path, "worker-off").touch()
    text = app.test_client().get("/sw.js").get_data(as_text=True)

    assert "unregister" in text
    assert "caches" in text
    assert "indexedDB" not in text


def test_the_manifest_opens_at_today_with_icons_for_every_launcher(app: Flask) -> None:
    made = app.test_client().get("/manifest.webmanifest").get_json(force=True)

    assert made["start_url"] == "/today"
    assert {icon["sizes"] for icon in made["icons"]} >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in made["icons"])


def test_the_gallery_is_for_development_only(tmp_path: Path) -> None:
    from app.config import Mode

    settings = settings_in(tmp_path, mode=Mode.PRODUCTION, origin="https://learn.example.org")
    client = create_app(settings).test_client()

    assert client.get("/gallery", base_url="https://learn.example.org").status_code == 404
