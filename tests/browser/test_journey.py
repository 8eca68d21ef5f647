"""The whole promise in one journey, in each engine: join, learn without a server, be killed, come back, be credited."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.support.carer import Carer
from tests.support.engines import Chromium, Engine, wait_until
from tests.support.manager import Manager
from tests.support.site import Site

MODULES = ("barriers-and-checking", "how-people-communicate", "stroke-first-minutes")
"""Three modules that between them use every kind of question."""

KINDS = {"single", "multiple", "truefalse", "ordering", "matching", "reflection", "branching"}


def invite(site: Site, name: str = "Ngozi Okafor", modules: tuple[str, ...] = MODULES) -> str:
    """Add a carer with these modules to do and give their code."""
    code: str = site.flask("person", "add", name)["link"].rsplit("/", 1)[1]
    for module in modules:
        site.flask("person", "assign", name, module)
    return code


def stored(site: Site) -> list[tuple[str, str]]:
    """Kind and module of every record in the server's log."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        rows = database.execute("SELECT kind, json_extract(body, '$.data.module') FROM records").fetchall()
    return [(kind, module) for kind, module in rows]


def finished(site: Site) -> list[str]:
    """Modules with a finished go in the server's log, one entry a record."""
    return sorted(module for kind, module in stored(site) if kind == "quiz.answered")


def saved_offline(carer: Carer, modules: tuple[str, ...]) -> set[str]:
    """Play modules to their end while the server is gone; give the kinds of question met."""
    met: set[str] = set()
    for module in modules:
        carer.start(module)
        met |= set(carer.play_to_end())
        assert "Saved on this phone" in carer.words()
    return met


def test_what_a_carer_learns_without_a_server_is_credited_once(site: Site, playwright: Any, tmp_path: Path) -> None:
    code = invite(site)
    browser = Chromium(playwright, tmp_path / "profile")
    carer = Carer(browser, site)
    carer.join(code)
    wait_until(browser, "!!navigator.serviceWorker.controller")

    site.kill()
    browser.kill()
    browser = Chromium(playwright, tmp_path / "profile")
    carer = Carer(browser, site)
    carer.go("/today")
    wait_until(browser, "document.querySelector('main').innerText.includes('Hello, Ngozi')")

    first, second, last = MODULES
    met = saved_offline(carer, (first, second))
    carer.start(last)
    while True:
        part = carer.part()
        if part["kind"] == "question":
            carer.answer()
            met.add(part["question"]["kind"])
            break
        carer.next()
    # Killed right after "Saved on this phone", in the middle of a question's screen.
    place = carer.on()
    browser.kill()
    browser = Chromium(playwright, tmp_path / "profile")
    carer = Carer(browser, site)
    carer.start(last)
    assert carer.on() == place
    carer.wait_for("[data-feedback]")
    carer.next()
    met |= set(carer.play_to_end())
    assert "Saved on this phone" in carer.words()
    assert met == KINDS
    # And once more killed, right after the end said "Saved on this phone".
    browser.kill()
    browser = Chromium(playwright, tmp_path / "profile")
    carer = Carer(browser, site)
    carer.go("/waiting")
    carer.wait_for("main [data-try-again]")
    assert finished(site) == []

    site.start()
    carer.go("/today")
    wait_until(browser, "document.body.innerText.includes('Sent ')", seconds=40)
    carer.go("/waiting")
    wait_until(browser, "document.body.innerText.includes('Everything is sent')", seconds=40)
    assert finished(site) == sorted(MODULES)
    assert len([kind for kind, _ in stored(site) if kind == "reflection.saved"]) == 1
    browser.close()

    manager = Manager(playwright, site)
    page = manager.person("Ngozi Okafor")
    for title in ("Clear the way, then check", "More than words", "Spot a stroke, ring 999"):
        assert "100" in page.row(title)
        assert "In date" in page.row(title)
    manager.close()


# The drivers of these two engines lean on deprecated things and leave files to be closed; that is not ours to mend.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_other_engines_learn_without_a_server_too(site: Site, engine: Engine) -> None:
    modules = MODULES[:1]
    carer = Carer(engine, site)
    carer.join(invite(site, modules=modules))
    wait_until(engine, "!!navigator.serviceWorker.controller")
    site.kill()
    saved_offline(carer, modules)
    assert finished(site) == []
    site.start()
    carer.go("/today")
    wait_until(engine, "document.body.innerText.includes('Sent ')", seconds=40)
    assert finished(site) == list(modules)
