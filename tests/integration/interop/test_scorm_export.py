"""A module leaves as one package that needs nothing from here and can mark every question."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from tests.support.editions import edition, pick_one
from tests.support.publishing import publish, publish_core
from tests.support.website import Browser

ADDRESS = "/staff/modules/falls/export/scorm"


def unpacked(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def held(page: str) -> dict[str, Any]:
    """What the page holds of the module."""
    found = re.search(r"data-preview>(.*?)</script>", page, flags=re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.fixture
def falls(app: Flask) -> str:
    """A module whose one question's answers stay on the server."""
    publish_core(db.session())
    question = pick_one()
    key = {question["id"]: {"options": [{n: o[n] for n in ("key", "right", "feedback")} for o in question["options"]]}}
    bare = {
        **question,
        "feedback": "after-sync",
        "options": [{"key": each["key"], "html": each["html"]} for each in question["options"]],
    }
    return publish(db.session(), edition("falls", title="Falls", questions=[bare]), answer_key=key)


def test_a_manager_saves_it_from_the_modules_page(priya: Browser, falls: str) -> None:
    page = priya.get("/staff/modules/falls")
    assert ADDRESS in [each.get("href") for each in page.all(".//a")]
    reply = priya.get(ADDRESS).reply
    assert (reply.mimetype, reply.headers["Cache-Control"]) == ("application/zip", "private, no-store")
    files = unpacked(reply.get_data())
    assert sorted(name.rpartition(".")[2] for name in files) == ["css", "html", "js", "xml"]


def test_what_phones_never_hold_is_in_it_so_that_it_can_be_marked(priya: Browser, falls: str) -> None:
    data = held(unpacked(priya.get(ADDRESS).reply.get_data())["index.html"])
    [question] = [part["question"] for part in data["edition"]["parts"] if part["kind"] == "question"]
    assert [each["right"] for each in question["options"]] == [False, True]
    assert question["feedback"] == "instant"


def test_the_page_may_ask_nobody_else_and_names_only_files_beside_it(priya: Browser, falls: str) -> None:
    files = unpacked(priya.get(ADDRESS).reply.get_data())
    page = files["index.html"]
    assert "default-src 'none'" in page
    assert page.index("default-src 'none'") < page.index("<script")
    named = re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"]*)"', page.partition("data-preview>")[0])
    assert set(re.findall(r'<(?:script src|link rel="stylesheet" href)="([^"]*)"', page)) <= files.keys()
    assert not [each for each in named if "//" in each]


def test_the_command_line_gives_the_same_bytes(app: Flask, priya: Browser, falls: str, tmp_path: Any) -> None:
    body = priya.get(ADDRESS).reply.get_data()
    out = tmp_path / "falls.zip"
    done = app.test_cli_runner().invoke(args=["content", "export", "falls", "--scorm", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert unpacked(out.read_bytes()) == unpacked(body)


def test_what_is_not_offered_cannot_be_saved(priya: Browser, falls: str) -> None:
    assert priya.get("/staff/modules/nothing-here/export/scorm").status == 404
