"""The fault catalogue, storage: dying, full, blocked and private, in each engine, as each fails in its own way."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.carer import Carer
from tests.support.engines import Engine, Firefox, WebKit, screen, wait_until
from tests.support.faulty import MAIN, MODULE, PIN, SAYS, Faulty
from tests.support.screens import Tab
from tests.support.site import ROOT

# The drivers of WebKitGTK and Firefox lean on deprecated things and leave files to be closed; that is not ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# Connections are closed behind the app's back, as WebKit does in the background; what follows is the engine's own
# error. Firefox shows its driver a page through glass; `wrappedJSObject` is the page itself.
DYING = """
    const page = window.wrappedJSObject ?? window;
    page.dying = arguments[0];
    if (page.died === undefined) {
        page.died = 0;
        const real = page.IDBDatabase.prototype.transaction;
        page.IDBDatabase.prototype.transaction = function (...given) {
            if (page.dying > 0) { page.dying -= 1; page.died += 1; this.close(); }
            return real.apply(this, given);
        };
    }
"""
DIED = "(window.wrappedJSObject ?? window).died"
NOT_SAVED = "!!document.querySelector('[data-not-saved]')"


@pytest.fixture(scope="module", params=["chromium", "webkit", "firefox"])
def engine(request: pytest.FixtureRequest, faulty_place: Faulty, tmp_path_factory: Any) -> Iterator[Engine]:
    """Each engine in turn, started once."""
    home = tmp_path_factory.mktemp(request.param)
    if request.param == "chromium":
        tab = Tab(faulty_place.browser, faulty_place.proxy.origin)
        yield tab
        tab.context.close()
    elif request.param == "firefox":
        firefox = Firefox(home)
        yield firefox
        firefox.close()
    else:
        with screen() as display:
            webkit = WebKit(home, display)
            yield webkit
            webkit.close()


@pytest.fixture(scope="module")
def bea(engine: Engine, faulty_place: Faulty) -> Carer:
    """A carer who has joined on this engine."""
    _, code = faulty_place.person(MODULE, "barriers-and-checking")
    carer = Carer(engine, faulty_place.site, origin=faulty_place.proxy.origin)
    carer.join(code, PIN)
    carer.go("/today")
    wait_until(engine, "!!navigator.serviceWorker.controller")
    return carer


def to_next_question(carer: Carer) -> None:
    """Read on to the next question."""
    carer.next()
    while carer.part()["kind"] != "question":
        carer.next()
    carer.wait_for(".bv-question__group")


def test_storage_that_dies_is_opened_again_or_said_to_be_dead(faulty: Faulty, bea: Carer) -> None:
    engine = bea.engine
    bea.start(MODULE)
    if bea.part()["kind"] != "question":
        to_next_question(bea)
    for times in (1, 2):
        engine.script(DYING, times)
        bea.answer()
        assert engine.script(f"return {DIED}") == times
        to_next_question(bea)
    # Thrice: nothing was saved, and that is said; the next try stores it all.
    engine.script(DYING, 10**9)
    bea.choose_and_check()
    wait_until(engine, NOT_SAVED)
    assert "Not saved: do not close" in bea.words()
    assert "Saved on this phone" not in bea.words()
    engine.script(DYING, 3)
    engine.script("[...document.querySelectorAll('[data-not-saved] button')][0].click()")
    wait_until(engine, "(window.wrappedJSObject ?? window).dying === 0")
    wait_until(engine, NOT_SAVED)
    engine.script("[...document.querySelectorAll('[data-not-saved] button')][0].click()")
    wait_until(engine, f"!({NOT_SAVED})")
    here = bea.on()
    bea.go(here)
    bea.wait_for("[data-feedback]")


@pytest.mark.parametrize("fault", ["portal", "redirect"])
def test_a_portal_reaches_neither_pages_nor_records(faulty: Faulty, bea: Carer, fault: str) -> None:
    engine = bea.engine
    lesson = {"portal": 1, "redirect": 3}[fault]
    faulty.proxy.fault(fault)
    for path in ("/today", "/learn", "/waiting", f"/learn/barriers-and-checking/1/{lesson}"):
        bea.go(path)
        bea.wait_for("main h1")
        assert "Cafe" not in engine.script("return document.body.innerText")
    while bea.part()["kind"] != "lesson":
        bea.next()
    bea.next()
    bea.go("/waiting")
    bea.wait_for("main [data-try-again]")
    assert "Waiting to send" in bea.words()
    faulty.proxy.mend()
    engine.script("document.querySelector('main [data-try-again]')?.click()")
    wait_until(engine, SAYS, "Everything is sent", seconds=40)


@pytest.fixture(scope="module")
def store() -> str:
    """The phone's own door to IndexedDB, as a script that gives it to a page as `store`."""
    esbuild = ROOT / "node_modules/.bin/esbuild"
    made = subprocess.run(
        [esbuild, "service_worker/store/open.ts", "--bundle", "--format=iife", "--global-name=made"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return f"{made.stdout}; window.store = made;"


UPGRADES = """
    const notes = database => { database.createObjectStore('notes'); };
    const more = database => { database.createObjectStore('more'); };
    const broken = () => { throw new Error('half way'); };
    const put = (schema, key) => store.write(schema, ['notes'], notes => store.done(notes.put('kept', key)));
    const keys = schema => store.read(schema, 'notes', notes => notes.getAllKeys());
    window.told = null;
    (async () => {
        const said = {};
        const first = {name: 'upgrade-test', steps: [notes]};
        await put(first, 'before');
        store.closeAll();
        // The step of a new release fails half way: the old version goes on.
        await put({name: 'upgrade-test', steps: [notes, broken]}, 'after a failed upgrade');
        store.closeAll();
        // A tab of somebody else's that never heard of versions holds the database.
        const old = await new Promise(resolve => {
            const asked = indexedDB.open('upgrade-test'); asked.onsuccess = () => resolve(asked.result);
        });
        const second = {name: 'upgrade-test', steps: [notes, more]};
        said.blocked = await put(second, 'blocked').then(() => 'stored', error => error.why);
        old.close();
        await put(second, 'after the tab closed');
        said.keys = await keys(second);
        said.stores = await store.access(second, db => [...db.objectStoreNames]);
        store.closeAll();
        // And one release back: a newer database still takes records.
        await put(first, 'one release back');
        said.back = (await keys(first)).length;
        await store.deleteDatabase('upgrade-test');
        window.told = said;
    })().catch(error => { window.told = String(error); });
"""


def test_an_upgrade_that_fails_or_is_held_up_loses_nothing(faulty: Faulty, engine: Engine, store: str) -> None:
    """With the engine's own IndexedDB: engines differ in what an aborted upgrade leaves behind."""
    engine.open(f"{faulty.proxy.origin}/help")
    engine.script(store)
    engine.script(UPGRADES)
    told = wait_until(engine, "window.told", seconds=30)
    assert told == {
        "blocked": "blocked",
        "keys": ["after a failed upgrade", "after the tab closed", "before"],
        "stores": ["more", "notes"],
        "back": 4,
    }


ROOM = """async () => {
    const database = await new Promise(resolve => {
        const asked = indexedDB.open('photos');
        asked.onupgradeneeded = () => asked.result.createObjectStore('photos', {autoIncrement: true});
        asked.onsuccess = () => resolve(asked.result);
    });
    const change = database.transaction('photos', 'readwrite');
    change.objectStore('photos').put('a');
    const room = await new Promise(resolve => {
        change.oncomplete = () => resolve(true);
        change.onabort = () => resolve(false);
    });
    database.close();
    return room;
}"""


def test_a_full_phone_takes_no_lesson_and_says_not_saved_until_there_is_room(faulty: Faulty) -> None:
    phone = faulty.phone()
    tab = phone.tab
    quota: dict[str, Any] = {"origin": faulty.proxy.origin, "quotaSize": 2000}
    tools = tab.context.new_cdp_session(tab.page)
    tools.send("Storage.overrideQuotaForOrigin", quota)
    # Lessons: what is not here does not come, in words, and what is here opens.
    phone.carer.go("/learn/money-in-your-hands")
    phone.carer.wait_for(".bv-get button")
    tab.click(".bv-get button")
    wait_until(tab, f"/full|room/.test({MAIN})")
    # Records: not saved, said so, and saved once there is room. Chromium's IndexedDB looks at it every half minute.
    wait_until(tab, f"({ROOM})().then(room => !room)", seconds=45)
    phone.carer.go(f"/learn/{MODULE}/1/2")
    phone.carer.wait_for(".bv-question__group")
    phone.carer.choose_and_check()
    wait_until(tab, NOT_SAVED)
    assert "This phone is full" in phone.carer.words()
    assert "Saved on this phone" not in phone.carer.words()
    del quota["quotaSize"]
    tools.send("Storage.overrideQuotaForOrigin", quota)
    tab.click("[data-not-saved] button")
    wait_until(tab, f"!({NOT_SAVED})")
    phone.carer.go(f"/learn/{MODULE}/1/2")
    phone.carer.wait_for("[data-feedback]")
    phone.carer.next()
    phone.carer.play_to_end()
    phone.all_sent()


def test_a_private_window_of_firefox_promises_nothing_it_cannot_keep(faulty: Faulty, tmp_path: Path) -> None:
    """What was done is gone with the window, unless it was sent. Whether a worker stands there, the browser decides."""
    firefox = Firefox(tmp_path, browser_privatebrowsing_autostart=True)
    try:
        uuid, code = faulty.person()
        carer = Carer(firefox, faulty.site, origin=faulty.proxy.origin)
        carer.open_invite(code, PIN)
        wait_until(firefox, "!!document.querySelector('[data-when=ready]:not([hidden])')", seconds=40)
        carer.go("/today")
        wait_until(firefox, f"{MAIN}.includes('Hello')")
        carer.start(MODULE)
        carer.play_to_end()
        carer.go("/waiting")
        wait_until(firefox, SAYS, "Everything is sent", seconds=40)
        assert len(faulty.stored(uuid)) >= 1
    finally:
        firefox.close()
