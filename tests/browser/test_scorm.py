"""A module for other learning systems is played by another system's player, which is told how it went.

scorm-again stands for that system. It is an independent implementation of the run-time environment.
"""

from __future__ import annotations

import functools
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.kernel import prepare_engine
from tests.support.editions import edition, pick_one
from tests.support.engines import start_chromium
from tests.support.publishing import publish
from tests.support.site import ROOT, Site

PLAYER = ROOT / "node_modules/scorm-again/dist/scorm12.min.js"
SYSTEM = """<!doctype html><html lang="en"><title>A learning system</title>
<script src="player.js"></script><script src="system.js"></script><iframe id="sco" title="Module"></iframe></html>"""
STARTED = """
window.told = [];
window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
window.API.cmi.core.credit = 'credit';
for (const name of ['LMSInitialize', 'LMSSetValue', 'LMSFinish'])
  window.API.on(name, (element, value) => window.told.push([name, String(element ?? ''), String(value ?? '')]));
if (localStorage.kept) window.API.cmi.suspend_data = localStorage.kept;
document.addEventListener('DOMContentLoaded', () => { document.getElementById('sco').src = 'index.html'; });
"""
KEY = "on-the-step"
NEXT, WRONG = ".bv-bar__next", "a"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_words: object) -> None:
        pass


@dataclass
class Played:
    """A learning system in a browser, with the module in a frame."""

    page: Any
    origin: str
    asked: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(f"{self.origin}/system.html")
        self.sco.locator(NEXT).wait_for()

    @property
    def sco(self) -> Any:
        return self.page.frame_locator("#sco")

    def answer(self, key: str) -> None:
        """Go through the module from its start to its end with this answer."""
        for _ in ("start", "lesson"):
            self.sco.locator(NEXT).click()
        self.sco.locator(f'.bv-answers__row[data-key="{key}"]').click()
        self.sco.locator("[data-check]").click()
        self.sco.locator("[data-feedback]").wait_for()
        on = self.sco.get_by_text("Go on without") if key == WRONG else self.sco.locator(NEXT)
        on.click()
        self.sco.locator("[data-result]").wait_for()

    def value(self, name: str) -> str:
        return str(self.page.evaluate("name => window.API.LMSGetValue(name)", name))

    def left(self) -> list[list[str]]:
        """Close the module, and return what the system was told."""
        self.page.evaluate("document.getElementById('sco').remove()")
        self.page.wait_for_function("window.told.some(([name]) => name === 'LMSFinish')")
        told: list[list[str]] = self.page.evaluate("window.told")
        return told


@pytest.fixture
def package(site: Site, tmp_path: Path) -> Path:
    """A module of one question, exported by the command line."""
    engine = create_engine(f"sqlite:///{site.folder / 'between-visits.sqlite'}")
    prepare_engine(engine)
    with Session(engine) as session:
        publish(session, edition(KEY, title='Mind the "step" & <gate>', questions=[pick_one()]))
    engine.dispose()
    made = tmp_path / "package.zip"
    site.flask("content", "export", KEY, "--scorm", "--out", str(made))
    return made


@pytest.fixture
def played(package: Path, playwright: Any, tmp_path: Path) -> Iterator[Played]:
    """The package unpacked beside a page with the other system's player."""
    folder = tmp_path / "system"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    (folder / "player.js").write_bytes(PLAYER.read_bytes())
    (folder / "system.js").write_text(STARTED, encoding="utf-8")
    (folder / "system.html").write_text(SYSTEM, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = start_chromium(playwright)
    shown = Played(browser.new_page(locale="en-GB"), f"http://127.0.0.1:{server.server_port}")
    shown.open()
    yield shown
    browser.close()
    server.shutdown()
    server.server_close()


def test_a_pass_is_told_with_its_score_and_its_time(played: Played) -> None:
    assert played.value("cmi.core.lesson_status") == "incomplete"
    played.answer("b")
    assert played.value("cmi.core.lesson_status") == "passed"
    assert [played.value(f"cmi.core.score.{name}") for name in ("raw", "min", "max")] == ["100", "0", "100"]
    assert "Told to the system this module runs in." in played.sco.locator("main").inner_text()
    told = played.left()
    assert told[0][0] == "LMSInitialize"
    assert told[-1][0] == "LMSFinish"
    assert next(value for _, name, value in told if name.endswith("session_time")).startswith("0000:00:")
    assert [name for name, *_ in told].count("LMSFinish") == 1


def test_a_failure_is_told_and_a_later_worse_go_takes_no_pass_away(played: Played) -> None:
    played.answer("a")
    assert (played.value("cmi.core.lesson_status"), played.value("cmi.core.score.raw")) == ("failed", "0")
    kept = played.value("cmi.suspend_data")
    assert kept == "0 failed"
    played.left()
    played.page.evaluate("localStorage.kept = '100 passed'")
    played.page.goto(f"{played.origin}/system.html")
    played.answer("a")
    assert (played.value("cmi.core.lesson_status"), played.value("cmi.core.score.raw")) == ("passed", "100")


def test_it_asks_nobody_else_for_anything(played: Played) -> None:
    played.answer("b")
    assert {f"{urlsplit(each).scheme}://{urlsplit(each).netloc}" for each in played.asked} == {played.origin}


def test_without_a_learning_system_it_plays_and_says_so(played: Played) -> None:
    played.page.goto(f"{played.origin}/index.html")
    main = played.page.locator("main")
    for _ in ("start", "lesson"):
        played.page.locator(NEXT).click()
    played.page.locator('.bv-answers__row[data-key="b"]').click()
    played.page.locator("[data-check]").click()
    played.page.locator("[data-feedback]").wait_for()
    played.page.locator(NEXT).click()
    main.locator("[data-result]").wait_for()
    assert "your result goes nowhere" in main.inner_text()


def test_the_manifest_names_every_file_and_the_mark_to_pass(package: Path) -> None:
    space = {"i": "http://www.imsproject.org/xsd/imscp_rootv1p1p2", "a": "http://www.adlnet.org/xsd/adlcp_rootv1p2"}
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        root = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    assert names[0] == "imsmanifest.xml"
    assert [each.get("href") for each in root.iterfind(".//i:file", space)] == names[1:]
    [resource] = root.iterfind(".//i:resource", space)
    assert (resource.get(f"{{{space['a']}}}scormtype"), resource.get("href")) == ("sco", "index.html")
    assert root.findtext(".//a:masteryscore", namespaces=space) == "80"
    assert root.findtext(".//i:item/i:title", namespaces=space) == 'Mind the "step" & <gate>'
    assert json.dumps(names).count("index.html") == 1
