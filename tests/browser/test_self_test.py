"""The page anybody opens on a real phone: it tells the truth in each engine, names nobody and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.carer import Carer
from tests.support.engines import Engine, Firefox, WebKit, screen, wait_until
from tests.support.faulty import PIN, Faulty
from tests.support.screens import Looker, Tab

# The drivers of WebKitGTK and Firefox lean on deprecated things and leave files to be closed; that is not ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
NEEDED = {"Storage", "Strict write", "Pages and lessons kept", "Pieces of a file", "Proof by hash", "Server and clock"}
ROWS = "[...document.querySelectorAll('[data-check]')]"
ENDS = f"Object.fromEntries({ROWS}.map(row => [row.dataset.check, row.dataset.end]))"
TEXT = "return document.querySelector('#self-test-text').value"


def outcome(engine: Engine, faulty: Faulty) -> dict[str, str]:
    """Open the page and wait for the end of the checks."""
    engine.open(f"{faulty.proxy.origin}/self-test")
    wait_until(engine, "!!document.querySelector('[data-outcome]')", seconds=60)
    ends: dict[str, str] = engine.script(f"return {ENDS}")
    assert {name for name, end in ends.items() if end == "works"} >= NEEDED, engine.script(TEXT)
    assert engine.script("return document.querySelector('[data-outcome]').dataset.outcome") == "works"
    return ends


def test_chromium_works_and_a_phone_in_use_is_left_as_it_was(faulty: Faulty) -> None:
    tab = Tab(faulty.browser, faulty.proxy.origin)
    assert outcome(tab, faulty)["Worker"] == "absent"
    phone = faulty.phone(tab=tab, name="Zora Zealand")
    before = [person["lastUsed"] for person in phone.people()]
    assert outcome(tab, faulty)["Worker"] == "works"
    text = str(tab.script(TEXT))
    assert "Zora" not in text
    assert phone.uuid not in text
    assert [person["lastUsed"] for person in phone.people()] == before
    left = tab.page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert "self-test" not in left
    assert not tab.page.evaluate("caches.has('self-test')")
    looker = Looker()
    looker.look(tab, "self-test")
    assert looker.wrong == []


def test_what_does_not_work_is_said(faulty: Faulty) -> None:
    tab = Tab(faulty.browser, faulty.proxy.origin)
    tab.context.add_init_script("Object.defineProperty(globalThis, 'indexedDB', {value: undefined})")
    faulty.proxy.fault("portal", "^/api/")
    tab.open(f"{faulty.proxy.origin}/self-test")
    wait_until(tab, "!!document.querySelector('[data-outcome=fails]')", seconds=60)
    ends = tab.script(f"return {ENDS}")
    assert {name for name, end in ends.items() if end == "fails"} == {"Storage", "Strict write", "Server and clock"}


def test_webkit(faulty: Faulty, tmp_path: Path) -> None:
    with screen() as display:
        webkit = WebKit(tmp_path, display)
        try:
            outcome(webkit, faulty)
        finally:
            webkit.close()


def test_firefox(faulty: Faulty, tmp_path: Path) -> None:
    firefox = Firefox(tmp_path)
    try:
        _, code = faulty.person()
        Carer(firefox, faulty.site, origin=faulty.proxy.origin).join(code, PIN)
        ends = outcome(firefox, faulty)
        assert ends["Worker"] == "works"
        assert ends["One sender at a time"] == "works"
    finally:
        firefox.close()
