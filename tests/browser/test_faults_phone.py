"""The fault catalogue, phone: tabs closed, workers and storage killed, profiles copied, caches emptied. In Chromium."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.faulty import MAIN, MODULE, PIN, SAYS, Faulty, Phone
from tests.support.screens import Tab


def a_question(phone: Phone) -> None:
    """Go to the first question of the module."""
    phone.carer.start(MODULE)
    while phone.carer.part()["kind"] != "question":
        phone.carer.next()
    phone.carer.wait_for(".bv-question__group")


def second_tab(phone: Phone) -> Phone:
    """One more tab of the same browser and person."""
    tab = Tab.__new__(Tab)
    tab.context, tab.page = phone.tab.context, phone.tab.context.new_page()
    return Phone(
        phone.place, tab, Carer(tab, phone.place.site, origin=phone.place.proxy.origin), phone.uuid, phone.modules
    )


def wait_for_hits(faulty: Faulty, paths: str, mode: str, at_least: int) -> None:
    """Wait until the line was hit so often."""
    deadline = time.monotonic() + 20
    while faulty.proxy.hits(paths, mode) < at_least:
        assert time.monotonic() < deadline, faulty.proxy.log[-20:]
        time.sleep(0.05)


def test_a_tab_closed_while_sending_loses_and_doubles_nothing(faulty: Faulty) -> None:
    phone = faulty.phone()
    faulty.proxy.fault("delay", "/records$", value=1.5)
    before = faulty.proxy.hits("/records", "delay")
    phone.read_lesson()
    phone.carer.go("/today")
    wait_for_hits(faulty, "/records", "delay", before + 1)
    phone.tab.page.close()
    time.sleep(2)
    # The server has it; the phone never heard so.
    assert len(faulty.stored(phone.uuid)) == 1
    faulty.proxy.mend()
    again = second_tab(phone)
    again.all_sent()
    assert len(faulty.stored(phone.uuid)) == 1


def test_two_tabs_finish_one_go_and_send_it_once(faulty: Faulty) -> None:
    phone = faulty.phone()
    phone.carer.start(MODULE)
    while True:
        if phone.carer.part()["kind"] == "question":
            phone.carer.answer()
        address = str(phone.tab.script("return document.querySelector('[data-next]').getAttribute('href')"))
        if address.endswith("/end"):
            break
        phone.carer.next()
    other = second_tab(phone)
    other.carer.go(phone.carer.on())
    other.carer.wait_for("[data-feedback]")
    faulty.proxy.fault("delay", "/records$", value=0.3)
    for tab in (phone, other):
        tab.tab.page.evaluate("setTimeout(() => document.querySelector('[data-next]').click(), 200)")
    for tab in (phone, other):
        wait_until(tab.tab, "location.pathname.endsWith('/end')")
        wait_until(tab.tab, "!!document.querySelector('[data-sent]')", seconds=40)
    kinds = [record["kind"] for record in phone.records()]
    assert kinds.count("quiz.answered") == 1
    assert phone.drafts() == []
    phone.all_sent()


def test_a_worker_killed_while_sending_loses_and_doubles_nothing(faulty: Faulty) -> None:
    """Chromium wakes the worker to send while the app is closed, and ends it when it pleases."""
    phone = faulty.phone()
    tools = phone.tab.context.new_cdp_session(phone.tab.page)
    found: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    tools.send("ServiceWorker.enable")
    with faulty.proxy.failing("refuse", "/api/"):
        phone.read_lesson()
        phone.tab.page.wait_for_timeout(300)
    phone.tab.page.goto(f"{faulty.proxy.origin}/help")
    # Waits for a signal that was lost are over by then.
    phone.forget_waits()
    faulty.proxy.fault("delay", "/records$", value=1.5)
    (registration,) = {one["registrationId"] for one in found if one["scopeURL"].startswith(faulty.proxy.origin)}
    before = faulty.proxy.hits("/records", "delay")
    wake = {"origin": faulty.proxy.origin, "registrationId": registration, "tag": "bv-send", "lastChance": False}
    tools.send("ServiceWorker.dispatchSyncEvent", wake)
    wait_for_hits(faulty, "/records", "delay", before + 1)
    tools.send("ServiceWorker.stopAllWorkers")
    time.sleep(2)
    assert len(faulty.stored(phone.uuid)) == 1
    assert phone.kept() == 1
    faulty.proxy.mend()
    phone.all_sent()
    assert len(faulty.stored(phone.uuid)) == 1


def evict(phone: Phone, what: str) -> None:
    """Clear this origin's storage, as a browser does that needs the room."""
    tools = phone.tab.context.new_cdp_session(phone.tab.page)
    phone.tab.page.goto("about:blank")
    tools.send("Storage.clearDataForOrigin", {"origin": phone.place.proxy.origin, "storageTypes": what})


def test_an_origin_evicted_whole_says_so_and_a_new_code_brings_the_record_back(faulty: Faulty) -> None:
    phone = faulty.phone(name="Eve Evicted")
    phone.carer.start(MODULE)
    phone.carer.play_to_end()
    phone.all_sent()
    sent = faulty.stored(phone.uuid)
    evict(phone, "all")
    phone.carer.go("/today")
    wait_until(phone.tab, f"{MAIN}.includes('code')")
    assert "Eve" not in phone.carer.words()
    phone.carer.join(faulty.new_code(phone.uuid), PIN)
    phone.carer.go("/record")
    wait_until(phone.tab, SAYS, "Spot a stroke, ring 999")
    assert faulty.stored(phone.uuid) == sent


def test_caches_alone_evicted_lose_no_record_and_fill_again(faulty: Faulty) -> None:
    phone = faulty.phone()
    with faulty.proxy.failing("refuse"):
        phone.read_lesson()
    evict(phone, "cache_storage")
    with faulty.proxy.failing("refuse"):
        phone.carer.go("/today")
        assert "What you did is kept apart" in phone.tab.script("return document.body.innerText")
    phone.tab.page.close()
    phone = second_tab(phone)
    phone.carer.go("/today")
    wait_until(phone.tab, SAYS, "Hello, Ada")
    phone.all_sent()
    # Pages and lessons come back by themselves, and then open with no signal.
    wait_until(phone.tab, "caches.match('/shell/offline.html').then(found => !!found)")
    wait_until(phone.tab, "caches.open('editions').then(cache => cache.keys()).then(keys => keys.length > 0)")
    with faulty.proxy.failing("refuse"):
        phone.carer.start(MODULE)
        phone.carer.wait_for(".bv-question__group")


def test_a_database_alone_evicted_leaves_lessons_readable_and_asks_for_a_code(faulty: Faulty) -> None:
    phone = faulty.phone(name="Ida Evicted")
    phone.read_lesson()
    phone.all_sent()
    evict(phone, "indexeddb")
    with faulty.proxy.failing("refuse"):
        phone.carer.go(f"/learn/{MODULE}/1/1")
        phone.carer.wait_for("main .bv-prose p")
        phone.carer.go("/today")
        wait_until(phone.tab, f"{MAIN}.includes('code')")
        assert "Ida" not in phone.tab.script("return document.body.innerText")
    phone.carer.join(faulty.new_code(phone.uuid), PIN)
    phone.carer.go("/today")
    wait_until(phone.tab, SAYS, "Hello, Ida")


def test_a_private_window_that_closes_takes_only_itself(faulty: Faulty) -> None:
    """A Chromium context without a profile is what its private window is: everything works until it closes."""
    phone = faulty.phone()
    phone.read_lesson()
    phone.all_sent()
    phone.close()
    after = Tab(faulty.browser, faulty.proxy.origin)
    after.open(f"{faulty.proxy.origin}/today")
    wait_until(after, f"{MAIN}.includes('code')")
    assert len(faulty.stored(phone.uuid)) == 1


def test_with_no_worker_at_all_learning_goes_on_with_signal(faulty: Faulty) -> None:
    tab = Tab(faulty.browser, faulty.proxy.origin, service_workers="block")
    uuid, code = faulty.person()
    carer = Carer(tab, faulty.site, origin=faulty.proxy.origin)
    carer.open_invite(code, PIN)
    wait_until(tab, "!!document.querySelector('[data-getting]')", seconds=40)
    carer.start(MODULE)
    carer.play_to_end()
    wait_until(tab, "!!document.querySelector('[data-sent]')")
    phone = Phone(faulty, tab, carer, uuid, (MODULE,))
    phone.all_sent()


def test_with_no_indexed_db_at_all_lessons_are_read_and_nothing_is_promised(faulty: Faulty) -> None:
    tab = Tab(faulty.browser, faulty.proxy.origin)
    tab.context.add_init_script("Object.defineProperty(globalThis, 'indexedDB', {value: undefined})")
    _, code = faulty.person()
    carer = Carer(tab, faulty.site, origin=faulty.proxy.origin)
    carer.open_invite(code, PIN)
    wait_until(tab, "!document.querySelector('[data-when=no-storage]').hidden")
    carer.go("/today")
    wait_until(tab, f"{MAIN}.includes('code') || {MAIN}.includes('cannot keep')")
    carer.go(f"/learn/{MODULE}/1/1")
    carer.wait_for("main .bv-prose p")
    # Said once that nothing can be kept; after that nobody is locked in.
    tab.click("[data-next]")
    carer.wait_for("[data-not-saved]")
    carer.next()
    assert carer.on() == f"/learn/{MODULE}/1/2"
    carer.wait_for(".bv-question__group")
    assert "Saved on this phone" not in carer.words()


def test_a_phone_copied_or_put_back_keeps_everything_of_both(faulty: Faulty, playwright: Any, tmp_path: Path) -> None:
    """A profile folder copied is a cloned phone, and the older copy put in its place a restored one."""
    uuid, code = faulty.person()

    def opened(name: str) -> Phone:
        browser = Chromium(playwright, tmp_path / name)
        carer = Carer(browser, faulty.site, origin=faulty.proxy.origin)
        carer.go("/help")
        return Phone(faulty, browser, carer, uuid, (MODULE,))  # type: ignore[arg-type]

    phone = opened("first")
    phone.carer.join(code, PIN)
    phone.read_lesson()
    phone.all_sent()
    phone.close()
    shutil.copytree(tmp_path / "first", tmp_path / "copy", symlinks=True, ignore=shutil.ignore_patterns("Singleton*"))
    phone = opened("first")
    phone.read = [(MODULE, 1)]
    phone.read_lesson()
    phone.all_sent()
    phone.close()

    # The older copy in its place: it has not heard of the second record, and gives the next one its number again. With
    # signal it might hear of it first, and nothing would be given twice.
    with faulty.proxy.failing("refuse", "^/api/"):
        clone = opened("copy")
        shared = {person["dev"] for person in clone.people()}
        clone.read = [(MODULE, 1)]
        clone.read_lesson()
    clone.carer.go("/waiting")
    wait_until(clone.tab, SAYS, "Everything is sent", seconds=40)
    assert len(faulty.stored(uuid)) == 3
    # It asks for an id of its own once that was sent.
    deadline = time.monotonic() + 40
    while {person["dev"] for person in clone.people()} == shared:
        assert time.monotonic() < deadline, faulty.proxy.log[-20:]
        time.sleep(0.2)
    clone.close()

    # And the first one goes on beside it.
    phone = opened("first")
    assert {person["dev"] for person in phone.people()} == shared
    phone.read = [(MODULE, 1), (MODULE, 3)]
    phone.read_lesson()
    phone.carer.go("/waiting")
    wait_until(phone.tab, SAYS, "Everything is sent", seconds=40)
    stored = faulty.stored(uuid)
    assert len(stored) == len(set(stored))
    assert {record["id"] for record in phone.records()} <= set(stored)
    phone.close()
