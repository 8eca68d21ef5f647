"""The fault catalogue, network: whatever the line does, what was saved arrives once, and learning goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.carer import Carer
from tests.support.engines import wait_until
from tests.support.faulty import MAIN, MODULE, PIN, SAYS, Faulty, Phone
from tests.support.screens import Tab

MODULES = (
    *(MODULE, "what-a-stroke-changes", "recovery-and-the-next-stroke", "barriers-and-checking", "keeping-it-private"),
    *("how-people-communicate", "what-works-for-this-person", "a-clear-call", "after-the-call", "not-their-usual-self"),
)
NO_SIGNAL = "No signal. Carry on."
OUR_END = "Something went wrong at our end."
STAYS = "1 still waiting."


@pytest.fixture(scope="module")
def ada(faulty_place: Faulty) -> Iterator[Phone]:
    """One phone that meets all the broken lines, one after the other."""
    phone = faulty_place.phone(*MODULES)
    yield phone
    phone.close()


@dataclass(kw_only=True)
class Line:
    """A fault on the way to the API, what it says on screen, and whether the server has the record all the same."""

    mode: str
    says: str = NO_SIGNAL
    more: dict[str, Any]
    arrives: bool = False


LINES = {
    "request-lost": Line(mode="refuse", more={}),
    "reply-lost-after-commit": Line(mode="drop-reply", more={}, arrives=True),
    "reply-cut": Line(mode="cut", more={"value": -20}, arrives=True),
    "portal-page": Line(mode="portal", more={}),
    "portal-redirect": Line(mode="redirect", more={}),
    "portal-401": Line(mode="401", more={}),
    "portal-403": Line(mode="403", more={}),
    "another-server": Line(mode="wrong-server", more={}, arrives=True),
    "another-batch": Line(mode="wrong-batch", more={}, arrives=True),
    "500s-in-a-row": Line(mode="500", more={}, says=STAYS),
    "gateway-error": Line(mode="502", more={}),
    "413-of-a-front-proxy": Line(mode="413", more={}, says=STAYS),
    "429": Line(mode="429", more={"value": 600, "ours": True}, says=OUR_END),
    "503": Line(mode="503", more={"value": 600}, says=OUR_END),
}


@pytest.mark.parametrize("fault", LINES)
def test_a_broken_line_delivers_nothing_and_loses_nothing(faulty: Faulty, ada: Phone, fault: str) -> None:
    line = LINES[fault]
    ada.all_sent()
    before = faulty.stored(ada.uuid)
    with faulty.proxy.failing(line.mode, "^/api/v1/records", **line.more):
        ada.read_lesson()
        ada.send_now()
        assert line.says in ada.carer.words()
        assert "Waiting to send" in ada.carer.words()
        assert ada.kept() == 1
        assert len(faulty.stored(ada.uuid)) == len(before) + line.arrives
        assert faulty.proxy.hits("/records", line.mode) >= 1
    # Nothing a stranger on the line says ends a person's sending.
    assert [person["paused"] for person in ada.people()] == [None]
    ada.all_sent()
    assert len(faulty.stored(ada.uuid)) == len(before) + 1


def test_a_request_that_arrives_twice_at_once_is_stored_once(faulty: Faulty, ada: Phone) -> None:
    ada.all_sent()
    before = faulty.stored(ada.uuid)
    with faulty.proxy.failing("twice", "^/api/v1/records"):
        ada.read_lesson()
        ada.all_sent()
    assert len(faulty.stored(ada.uuid)) == len(before) + 1


def test_a_wait_the_server_asked_for_outlives_the_app(faulty: Faulty, ada: Phone) -> None:
    ada.all_sent()
    with faulty.proxy.failing("503", "^/api/v1/records", value=600):
        ada.read_lesson()
        ada.send_now()
    asked = faulty.proxy.hits("/records")
    # Page after page: each starts the sender anew, and none asks before the time has come.
    for path in ("/today", "/learn", "/me", "/waiting"):
        ada.carer.go(path)
        ada.carer.wait_for("main")
        time.sleep(0.4)
    assert faulty.proxy.hits("/records") == asked
    # A person's own tap counts more.
    ada.all_sent()


def test_in_plane_mode_in_mid_quiz_everything_goes_on(faulty: Faulty) -> None:
    phone = faulty.phone()
    phone.carer.start(MODULE)
    while phone.carer.part()["kind"] != "question":
        phone.carer.next()
    phone.tab.context.set_offline(True)
    kinds = phone.carer.play_to_end()
    assert kinds
    assert "Saved on this phone" in phone.carer.words()
    assert [record["kind"] for record in phone.records()].count("quiz.answered") == 1
    phone.carer.go("/today")
    wait_until(phone.tab, SAYS, NO_SIGNAL)
    wait_until(phone.tab, SAYS, "waiting")
    phone.tab.context.set_offline(False)
    # By itself: nobody has to press anything.
    wait_until(phone.tab, SAYS, "Sent ", seconds=40)
    phone.all_sent()


def test_in_a_black_hole_nobody_waits(faulty: Faulty) -> None:
    phone = faulty.phone()
    carer = phone.carer
    faulty.proxy.fault("black-hole")
    assert phone.tab.script("return navigator.onLine") is True
    carer.start(MODULE)
    while carer.part()["kind"] != "question":
        began = time.monotonic()
        carer.next()
        assert time.monotonic() - began < 3
    began = time.monotonic()
    carer.answer()
    assert time.monotonic() - began < 3
    # What is not on this phone is given up after a while, in words.
    began = time.monotonic()
    carer.go("/learn/money-in-your-hands")
    wait_until(phone.tab, f"{MAIN}.includes('not on this phone')")
    assert time.monotonic() - began < 6
    faulty.proxy.mend()
    phone.all_sent(seconds=45)


def test_at_two_kilobytes_a_second_reading_is_instant_and_results_arrive(faulty: Faulty) -> None:
    phone = faulty.phone()
    faulty.proxy.fault("trickle", value=2048)
    began = time.monotonic()
    phone.carer.start(MODULE)
    kinds = phone.carer.play_to_end()
    assert time.monotonic() - began < 20
    assert kinds
    phone.all_sent(seconds=40)


def test_two_kilobytes_a_second_still_bring_a_lesson(faulty: Faulty) -> None:
    phone = faulty.phone()
    faulty.proxy.fault("trickle", "^/(e|m|together)/", value=2048)
    phone.carer.go("/learn/money-in-your-hands")
    wait_until(phone.tab, f"{MAIN}.includes('On this phone')", seconds=40)
    faulty.proxy.fault("black-hole")
    phone.carer.go("/learn/money-in-your-hands/1/1")
    phone.carer.wait_for("main .bv-prose p")
    assert phone.carer.part()["title"] in phone.carer.words()


PORTALS = {"page": "portal", "redirect": "redirect", "trouble": "503"}


@pytest.mark.parametrize("kind", PORTALS)
def test_a_portal_while_the_worker_installs_leaves_nothing_broken(faulty: Faulty, kind: str) -> None:
    """The signal goes over to a cafe's between the PIN and the pages: the shell must not be made of its words."""
    _, code = faulty.person()
    tab = Tab(faulty.browser, faulty.proxy.origin)
    carer = Carer(tab, faulty.site, origin=faulty.proxy.origin)
    faulty.proxy.fault(PORTALS[kind], "^/(shell|static/build/icons)")
    tab.open(f"{faulty.proxy.origin}/join/{code}")
    tab.click("main a.bv-button--main")
    carer.wait_for("[name=pin]")
    tab.type("[name=pin]", PIN)
    tab.type("[name=again]", PIN)
    tab.click("main button.bv-button--main")
    wait_until(tab, "!!document.querySelector('[data-getting]')")
    deadline = time.monotonic() + 40
    while not faulty.proxy.hits("^/(shell|static/build/icons)", PORTALS[kind]):
        assert time.monotonic() < deadline, faulty.proxy.log[-20:]
        time.sleep(0.2)
    wait_until(tab, "navigator.serviceWorker.getRegistration().then(one => !one || !one.installing)")
    wait_until(tab, "caches.keys().then(names => !names.some(name => name.startsWith('shell-')))")
    faulty.proxy.mend()
    carer.go("/today")
    wait_until(tab, SAYS, "Hello, Ada", seconds=30)
    tab.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    carer.go("/today")
    wait_until(tab, "!!navigator.serviceWorker.controller")
    faulty.proxy.fault("black-hole")
    carer.go(f"/learn/{MODULE}/1/1")
    carer.wait_for("main .bv-prose p")
    assert "Cafe" not in tab.script("return document.body.innerText")


@pytest.mark.parametrize("kind", PORTALS)
def test_a_portal_for_the_worker_itself_changes_nothing(faulty: Faulty, ada: Phone, kind: str) -> None:
    ada.carer.go("/today")
    with faulty.proxy.failing(PORTALS[kind], "^/sw.js"):
        ended = ada.tab.page.evaluate(
            "navigator.serviceWorker.getRegistration()"
            ".then(one => one.update()).then(() => 'updated', error => error.name)"
        )
        assert ended in ("SecurityError", "TypeError")
        assert faulty.proxy.hits("/sw.js", PORTALS[kind]) >= 1
        ada.carer.go("/learn")
        wait_until(ada.tab, "!!navigator.serviceWorker.controller")
    ada.all_sent()


def test_a_portal_for_everything_shows_its_page_nowhere(faulty: Faulty, ada: Phone) -> None:
    with faulty.proxy.failing("portal"):
        for path in ("/today", "/learn", f"/learn/{MODULE}", f"/learn/{MODULE}/1/1", "/waiting", "/record", "/me"):
            ada.carer.go(path)
            ada.carer.wait_for("main h1")
            assert "Cafe" not in ada.tab.script("return document.body.innerText")
        assert faulty.proxy.hits("", "portal") >= 1
    kept = ada.tab.page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(async name => { const cache = await caches.open(name);"
        "return Promise.all((await cache.keys()).map(async key => (await (await cache.match(key)).text())))})))"
    )
    assert not any("Cafe" in text for texts in kept for text in texts)


def test_a_clock_the_line_lies_about_harms_nothing(faulty: Faulty, ada: Phone) -> None:
    ada.all_sent()
    with faulty.proxy.failing("wrong-date", "^/api/v1/", value=2 * 365 * 86_400):
        ada.read_lesson()
        ada.all_sent()
    ada.read_lesson()
    ada.all_sent()
