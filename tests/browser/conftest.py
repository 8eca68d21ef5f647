"""A prepared server for each browser test, and the browsers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.support.engines import Engine, Firefox, WebKit, screen, start_chromium
from tests.support.fault_proxy import FaultProxy
from tests.support.faulty import Faulty
from tests.support.site import ROOT, Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a real browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with tables and lessons, and nobody; copied, as publishing takes ten seconds."""
    folder = tmp_path_factory.mktemp("published")
    Site(folder).prepare()
    return folder


@pytest.fixture(scope="session")
def prepared(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one provider and its manager; copied for each test."""
    folder = tmp_path_factory.mktemp("prepared") / "instance"
    shutil.copytree(published, folder)
    site = Site(folder)
    password = folder / "password"
    password.write_text("kettle-window-lemon-42")
    site.flask(
        "provider",
        "add",
        "Bramble Home Care",
        "--manager",
        "Priya Nair",
        "--sign-in",
        "priya",
        "--password-file",
        str(password),
    )
    return folder


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A running server of its own, with nobody but the manager. One process: starting each takes a second or two, and
    what two of them do to each other is tried in `faulty` and without a browser (tests/integration/sync)."""
    folder = tmp_path / "instance"
    shutil.copytree(prepared, folder)
    site = Site(folder, settings={"BV_WORKERS": "1"})
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Playwright, once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def faulty_place(prepared: Path, tmp_path_factory: pytest.TempPathFactory, playwright: Any) -> Iterator[Faulty]:
    """Server, proxy and browser, once."""
    folder = tmp_path_factory.mktemp("faulty") / "instance"
    shutil.copytree(prepared, folder)
    site = Site(folder)
    site.start()
    browser = start_chromium(playwright)
    with FaultProxy(site.port) as proxy:
        yield Faulty(site, proxy, browser)
    browser.close()
    site.stop()


@pytest.fixture
def faulty(faulty_place: Faulty) -> Iterator[Faulty]:
    """The shared place with a clean line; what a test leaves open or broken is put right after it."""
    before = len(faulty_place.browser.contexts)
    yield faulty_place
    faulty_place.proxy.mend()
    for context in faulty_place.browser.contexts[before:]:
        context.close()


@pytest.fixture(params=["webkit", "firefox"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """WebKitGTK and Firefox ESR in turn."""
    home = tmp_path / "home"
    home.mkdir()
    if request.param == "firefox":
        browser: Engine = Firefox(home)
        yield browser
        browser.close()
        return
    with screen() as display:
        browser = WebKit(home, display)
        yield browser
        browser.close()


@pytest.fixture
def own(prepared: Path, tmp_path: Path, faulty_place: Faulty) -> Iterator[Faulty]:
    """A server whose program and lessons can be changed, behind a line of its own, in the shared browser."""
    shutil.copytree(prepared, tmp_path / "instance")
    shutil.copytree(ROOT / "content", tmp_path / "content")
    site = Site(tmp_path / "instance", settings={"BV_CONTENT": str(tmp_path / "content"), "BV_WORKERS": "1"})
    site.start()
    before = len(faulty_place.browser.contexts)
    with FaultProxy(site.port) as proxy:
        yield Faulty(site, proxy, faulty_place.browser)
    for context in faulty_place.browser.contexts[before:]:
        context.close()
    site.stop()
