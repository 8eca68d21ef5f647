"""The fault catalogue, versions: new and old programs and new editions, met by a phone in the middle of things."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from tests.support.carer import Carer
from tests.support.engines import wait_until
from tests.support.faulty import MAIN, MODULE, PIN, SAYS, Faulty, Phone
from tests.support.screens import Tab
from tests.support.site import ROOT

BUILD = "Promise.resolve(document.querySelector('script[src*=\"/app-\"]').src)"
UPDATE = "navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => 1, () => 0)"
WAITING = "navigator.serviceWorker.getRegistration().then(one => !!one.waiting)"
CACHES = "caches.keys().then(names => names.length)"
RIGHT = "- [x] Ring 999 beside her"
WRONG = "- [ ] Ring her daughter"


def next_release(folder: Path) -> Path:
    """A copy of the program whose scripts have another text, and so another name, as a release has."""
    for name in ("app", "migrations", "content"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / name, folder / name)
    build = folder / "app/static/build"
    names = json.loads((build / "manifest.json").read_text())
    old = build / names["app.js"]
    names["app.js"] = "app-0123456789.js"
    (build / names["app.js"]).write_text(old.read_text() + "\nglobalThis.release = 2;\n")
    for file in build.glob(f"{old.name}*"):
        file.unlink()
    (build / "manifest.json").write_text(json.dumps(names))
    return folder


def install_release(own: Faulty, root: Path) -> None:
    """Put another program in the running one's place."""
    own.site.stop()
    own.site.root = root
    own.site.start()


def published(own: Faulty, *changes: tuple[str, str]) -> None:
    """Publish another edition of the module with these changes to its text."""
    (file,) = Path(own.site.settings["BV_CONTENT"]).rglob(f"{MODULE}/module.md")
    text = file.read_text()
    number = int(text.split("edition: ", 1)[1].split("\n", 1)[0])
    numbered = (f"edition: {number}\n", f"edition: {number + 1}\nchange: major\n")
    for old, new in (numbered, *changes):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text)
    own.site.flask("content", "publish")


def ask_anew(phone: Phone) -> None:
    """Open the app anew: a tab asks what is new once in a while only."""
    phone.tab.script("sessionStorage.clear()")
    phone.carer.go("/today")
    phone.carer.wait_for("main h1")


def test_an_update_waits_for_an_open_quiz_reloads_once_and_goes_both_ways(own: Faulty, tmp_path: Path) -> None:
    phone = own.phone()
    tab, carer = phone.tab, phone.carer
    before = tab.page.evaluate(BUILD)
    carer.start(MODULE)
    while carer.part()["kind"] != "question":
        carer.next()
    carer.answer()
    place = carer.on()

    install_release(own, next_release(tmp_path / "release"))
    assert tab.page.evaluate(UPDATE) == 1
    wait_until(tab, WAITING)
    # The open page, the next ones and Today go on with what they are; nobody is asked in the middle of a go.
    assert carer.on() == place
    carer.next()
    carer.go("/today")
    wait_until(tab, SAYS, "Carry on")
    assert "Update ready" not in carer.words()
    assert tab.page.evaluate(BUILD) == before
    carer.start(MODULE)
    carer.play_to_end()
    phone.all_sent()

    # A second tab stays on its old lesson while the first one updates, and finds its old files.
    reader = Phone(own, Tab.__new__(Tab), carer, phone.uuid, (MODULE,))
    reader.tab.context, reader.tab.page = tab.context, tab.context.new_page()
    reading = Carer(reader.tab, own.site, origin=own.proxy.origin)
    reading.go(f"/learn/{MODULE}/1/1")
    reading.wait_for("main .bv-prose p")

    carer.go("/today")
    wait_until(tab, SAYS, "Update ready")
    loads: list[str] = []
    tab.page.on("load", lambda: loads.append("load"))
    tab.click("[data-update] button")
    wait_until(tab, "globalThis.release === 2")
    time.sleep(1.5)
    assert loads == ["load"]
    assert reader.tab.script("return globalThis.release") is None
    assert reading.on() == f"/learn/{MODULE}/1/1"
    old = reader.tab.page.evaluate(
        "Promise.all([...document.querySelectorAll('script[src], link[rel=stylesheet]')]"
        ".map(one => fetch(one.src || one.href).then(reply => reply.status)))"
    )
    assert set(old) == {200}
    reading.next()
    reading.wait_for("main h1")
    wait_until(reader.tab, "globalThis.release === 2")
    reader.tab.page.close()

    # The server goes back to the release before: a newer phone still reads, keeps and sends.
    install_release(own, ROOT)
    carer.go(f"/learn/{MODULE}")
    carer.start(MODULE)
    carer.play_to_end()
    phone.all_sent()


def test_a_page_that_reloaded_for_an_update_does_not_do_so_again(own: Faulty) -> None:
    """Browsers have told of a new controller over and over; a loop would make the app unusable."""
    phone = own.phone()
    loads: list[str] = []
    phone.tab.page.on("load", lambda: loads.append("load"))
    told = "navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))"
    phone.tab.page.evaluate(told)
    wait_until(phone.tab, "sessionStorage.getItem('bv-reloaded')")
    phone.tab.page.wait_for_load_state()
    for _ in range(5):
        time.sleep(0.3)
        phone.carer.wait_for("main h1")
        phone.tab.page.evaluate(told)
    time.sleep(0.5)
    assert len(loads) == 1


def test_the_kill_switch_takes_caches_leaves_records_and_can_be_taken_back(own: Faulty) -> None:
    phone = own.phone()
    with own.proxy.failing("refuse"):
        phone.read_lesson()
    (own.site.folder / "worker-off").touch()
    kept = [record["id"] for record in phone.records()]
    assert len(kept) == 1
    own.proxy.fault("refuse", "^/api/")
    phone.tab.page.evaluate(UPDATE)
    wait_until(phone.tab, f"{CACHES}.then(many => many === 0)")
    wait_until(phone.tab, "navigator.serviceWorker.getRegistration().then(one => !one)")
    assert [record["id"] for record in phone.records()] == kept
    own.proxy.mend()
    # Pages now come from the server, and go on sending what waits.
    phone.carer.go("/today")
    assert phone.tab.script("return navigator.serviceWorker.controller") is None
    wait_until(phone.tab, SAYS, "Hello, Ada")
    phone.all_sent()
    assert own.stored(phone.uuid) == kept

    (own.site.folder / "worker-off").unlink()
    phone.carer.go("/today")
    wait_until(phone.tab, "navigator.serviceWorker.ready.then(() => true)")
    phone.carer.go("/today")
    wait_until(phone.tab, "!!navigator.serviceWorker.controller")
    ask_anew(phone)
    wait_until(phone.tab, "caches.open('editions').then(cache => cache.keys()).then(keys => keys.length > 0)")
    own.proxy.fault("refuse")
    phone.carer.start(MODULE)
    phone.carer.wait_for("main .bv-prose p, main .bv-question__group")


def test_a_quiz_edited_meanwhile_counts_and_the_next_go_is_the_new_one(own: Faulty) -> None:
    """A wrong answer was marked as right; the mend is a new edition. A pass stays, a running go keeps its own."""
    phone = own.phone()
    own.proxy.fault("refuse")
    phone.carer.start(MODULE)
    while phone.carer.part()["kind"] != "question":
        phone.carer.next()
    phone.carer.answer()
    published(own, (RIGHT, RIGHT.replace("[x]", "[ ]")), (WRONG, WRONG.replace("[ ]", "[x]")))
    own.proxy.mend()
    ask_anew(phone)
    # The new edition is here beside the old one; the go under way is still at its own.
    wait_until(phone.tab, "caches.open('editions').then(cache => cache.keys()).then(keys => keys.length >= 2)")
    phone.carer.start(MODULE)
    assert phone.carer.on().startswith(f"/learn/{MODULE}/1/")
    phone.carer.next()
    phone.carer.play_to_end()
    phone.all_sent()
    (passed,) = [record for record in phone.records() if record["kind"] == "quiz.answered"]
    assert passed["data"]["edition_no"] == 1
    phone.carer.go("/record")
    wait_until(phone.tab, SAYS, "Spot a stroke, ring 999")
    assert own.rows("SELECT count(*) FROM attempt_results WHERE passed")[0][0] == 1

    ask_anew(phone)
    fresh = Carer(phone.tab, own.site, origin=own.proxy.origin)
    wait_until(phone.tab, "fetch('/learn/stroke-first-minutes').then(r => r.text()).then(t => t.includes('/2/'))")
    fresh.start(MODULE)
    assert fresh.on().startswith(f"/learn/{MODULE}/2/")
    fresh.play_to_end()
    Phone(own, phone.tab, fresh, phone.uuid, (MODULE,)).all_sent()
    assert own.rows("SELECT count(*) FROM attempt_results WHERE passed")[0][0] == 2


def test_a_module_withdrawn_is_taken_away_and_a_running_go_still_counts(own: Faulty) -> None:
    phone = own.phone(MODULE, "barriers-and-checking")
    phone.carer.start(MODULE)
    phone.carer.next()
    reason = "The number to ring has changed."
    own.site.flask("content", "withdraw", "barriers-and-checking", "1", "--reason", "It is being written again.")
    own.site.flask("content", "withdraw", MODULE, "1", "--reason", reason, "--safety")
    ask_anew(phone)
    wait_until(phone.tab, SAYS, reason)
    assert "Safety" in phone.carer.words()
    wait_until(phone.tab, "caches.open('editions').then(cache => cache.keys()).then(keys => keys.length <= 1)")
    own.proxy.fault("refuse")
    phone.carer.go("/learn/barriers-and-checking")
    wait_until(phone.tab, f"{MAIN}.includes('not on this phone')")
    phone.carer.go(f"/learn/{MODULE}/1/2")
    phone.carer.wait_for(".bv-question__group")
    phone.carer.play_to_end()
    own.proxy.mend()
    phone.all_sent()


def test_a_phone_twelve_months_behind_catches_up_after_one_pin(own: Faulty, tmp_path: Path) -> None:
    phone = own.phone()
    own.proxy.fault("refuse")
    phone.read_lesson()
    # A year: tokens have run out, the lesson has another edition, and the program another release.
    own.rows("UPDATE tokens SET issued_at = datetime(issued_at, '-1 year'), expires_at = datetime('now', '-180 days')")
    published(own, (RIGHT, RIGHT + " at once"))
    install_release(own, next_release(tmp_path / "release"))
    phone.forget_waits()
    own.proxy.mend()
    ask_anew(phone)
    wait_until(phone.tab, SAYS, "Sign in to send", seconds=40)
    assert own.stored(phone.uuid) == []
    phone.tab.click("main a[data-sign-in]")
    phone.carer.wait_for("#sign-in-pin")
    phone.tab.type("#sign-in-pin", PIN)
    phone.tab.click("[data-sign-in-now]")
    wait_until(phone.tab, SAYS, "Everything is sent")
    assert own.stored(phone.uuid) == [record["id"] for record in phone.records()]
    ask_anew(phone)
    wait_until(phone.tab, f"{WAITING} || globalThis.release === 2", seconds=30)


@pytest.mark.parametrize(("fault", "value"), [("damage", 0), ("cut", 5000)])
def test_an_edition_that_came_damaged_or_cut_is_not_kept_and_comes_again(own: Faulty, fault: str, value: float) -> None:
    uuid, code = own.person()
    tab = Tab(own.browser, own.proxy.origin)
    carer = Carer(tab, own.site, origin=own.proxy.origin)
    own.proxy.fault(fault, "^/(e|together)/", value=value)
    carer.open_invite(code, PIN)
    wait_until(tab, "!!document.querySelector('[data-getting=later]')", seconds=40)
    assert own.proxy.hits("^/(e|together)/", fault) >= 1
    assert tab.page.evaluate("caches.open('editions').then(cache => cache.keys()).then(keys => keys.length)") == 0
    carer.go("/today")
    wait_until(tab, SAYS, "Not on this phone")
    own.proxy.mend()
    phone = Phone(own, tab, carer, uuid, (MODULE,))
    ask_anew(phone)
    wait_until(tab, f"{MAIN}.includes('On this phone')", seconds=30)
    own.proxy.fault("refuse")
    carer.start(MODULE)
    carer.wait_for("main .bv-prose p")
