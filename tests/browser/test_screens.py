"""Every screen, looked at in light and dark, small and with large letters, by carers and by staff."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.carer import Carer, good_path
from tests.support.engines import start_chromium, wait_until
from tests.support.screens import SMALL, Looker, Tab, press
from tests.support.site import ROOT, Site

ANDROID = "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6"
    " Mobile/15E148 Safari/604.1"
)
INSIDE = ANDROID + " [FB_IAB/FB4A;FBAV/440.0]"
PASSWORD = "between visits dev"
PIN = "280417"
VOICE = """SpeechSynthesis.prototype.getVoices = () => [
    { lang: 'en-GB', name: 'A British voice', localService: true, default: true, voiceURI: 'a' },
];"""
MIDWAY = "barriers-and-checking"


@dataclass
class Place:
    """One server with believable people, one browser, and the tabs that are open."""

    site: Site
    browser: Any
    tabs: list[Tab] = field(default_factory=list)

    def tab(self, **options: Any) -> Tab:
        """A window of somebody new, on an Android phone unless `options` say otherwise."""
        made = Tab(self.browser, self.site.origin, **{"user_agent": ANDROID, **options})
        made.page.goto(self.site.origin + "/help")
        self.tabs.append(made)
        return made

    def code_for(self, name: str) -> str:
        """A new code for one of the people."""
        code: str = self.site.flask("person", "invite", name, "--provider", "Bramble Home Care")["link"].rsplit("/", 1)[
            1
        ]
        return code

    def joined(self, name: str, *, voice: bool = False, **options: Any) -> Carer:
        """A carer with a phone that has joined; a browser without a screen has no voice of its own."""
        carer = Carer(self.tab(**options), self.site)
        if voice:
            carer.engine.context.add_init_script(VOICE)
        carer.join(self.code_for(name), PIN)
        wait_until(carer.engine, "!!navigator.serviceWorker.controller")
        return carer


@pytest.fixture(scope="module")
def place(published: Path, tmp_path_factory: pytest.TempPathFactory, playwright: Any) -> Iterator[Place]:
    """The seeded provider, and a second one that is still empty."""
    folder = tmp_path_factory.mktemp("screens") / "instance"
    shutil.copytree(published, folder)
    site = Site(folder)
    site.flask("seed")
    password = folder / "password"
    password.write_text(PASSWORD)
    empty = ("--manager", "Sam Okonkwo", "--sign-in", "sam", "--password-file", str(password))
    site.flask("provider", "add", "Thistle Home Care", *empty)
    site.start()
    browser = start_chromium(playwright)
    yield Place(site, browser)
    browser.close()
    site.stop()


@pytest.fixture(scope="module")
def ngozi(place: Place) -> Carer:
    """A carer with half a year behind her, two things to do, and a phone that can read aloud."""
    return place.joined("Ngozi Obi", voice=True)


@pytest.fixture(scope="module")
def callum(place: Place) -> Carer:
    """A carer on his first day."""
    return place.joined("Callum Reid")


@pytest.fixture
def looker() -> Looker:
    """Looks; BV_SCREENS names a folder for pictures of all it saw, for people who want to look too."""
    wanted = os.environ.get("BV_SCREENS")
    if wanted:
        Path(wanted).mkdir(parents=True, exist_ok=True)
    return Looker(Path(wanted) if wanted else None)


def show(carer: Carer, path: str, selector: str) -> None:
    """Go to a page and wait for what is drawn on it."""
    carer.go(path)
    carer.wait_for(selector)


@contextlib.contextmanager
def no_signal(carer: Carer) -> Iterator[None]:
    """Take the signal away for a while."""
    carer.engine.context.set_offline(True)
    yield
    carer.engine.context.set_offline(False)


def test_joining(place: Place, looker: Looker) -> None:
    tab = place.tab()
    page, origin = tab.page, place.site.origin
    code = place.code_for("Chidi Eze")

    page.goto(origin)
    looker.look(tab, "front", desk=True)
    page.goto(f"{origin}/join")
    looker.look(tab, "join")
    press(page.locator("main form button").first)
    looker.look(tab, "join-nothing-typed")
    page.goto(f"{origin}/join?code=AAAAAAAA")
    looker.look(tab, "join-wrong-code")
    page.goto(f"{origin}/join/{code}")
    looker.look(tab, "join-is-that-you")
    press(page.locator('main a:has-text("That\'s not me")').first)
    looker.look(tab, "join-not-me")

    page.goto(f"{origin}/join/{code}")
    press(page.locator("main a.bv-button--main").first)
    looker.look(tab, "pin")
    page.locator("[data-show-pin]").click()
    for pin, again, name in (("123456", "123456", "pin-too-simple"), (PIN, "280418", "pin-no-match")):
        page.locator("[name=pin]").fill(pin)
        page.locator("[name=again]").fill(again)
        press(page.locator("main form button.bv-button--main").first)
        page.locator(".bv-summary").wait_for()
        looker.look(tab, name)

    page.route("**/api/v1/devices", lambda route: route.abort())
    # As from a phone whose database was too slow to say that it keeps things: then the next page asks for its tokens.
    page.locator("[name=phone]").evaluate("field => field.remove()")
    page.locator("[name=pin]").fill(PIN)
    page.locator("[name=again]").fill(PIN)
    press(page.locator("main form button.bv-button--main").first)
    page.locator("[data-when=no-signal]").wait_for()
    looker.look(tab, "home-screen-no-signal")
    page.unroute("**/api/v1/devices")
    page.locator("[data-when=no-signal] [data-again]").click()
    page.locator("[data-getting=done]").wait_for(timeout=40_000)
    looker.look(tab, "home-screen-android")
    page.goto(f"{origin}/join")
    looker.look(tab, "join-joined-already")
    page.goto(f"{origin}/join/{code}")
    looker.look(tab, "join-code-used")

    other = place.code_for("Fatuma Ali")
    inside = place.tab(user_agent=INSIDE)
    inside.page.goto(f"{origin}/join/{other}")
    looker.look(inside, "join-inside-another-app")
    iphone = place.tab(user_agent=IPHONE)
    Carer(iphone, place.site).join(other, PIN)
    iphone.page.goto(f"{origin}/join/home-screen")
    iphone.page.locator("[data-getting=done]").wait_for(timeout=40_000)
    looker.look(iphone, "home-screen-iphone")
    iphone.page.goto(f"{origin}/today")
    iphone.page.locator("[data-main-card]").wait_for()
    looker.look(iphone, "today-nothing-asked")

    old = place.code_for("Delroy Campbell")
    with contextlib.closing(sqlite3.connect(place.site.folder / "between-visits.sqlite", timeout=20)) as database:
        database.execute("UPDATE invites SET expires_at = datetime('now', '-1 day') WHERE used_at IS NULL")
        database.commit()
    tab.page.goto(f"{origin}/join/{old}")
    looker.look(tab, "join-code-run-out")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_a_phone_nobody_has_joined_on(place: Place, looker: Looker) -> None:
    tab = place.tab()
    carer = Carer(tab, place.site)
    for screen in ("today", "learn", "record", "waiting", "me", "pocket", "look-back", "who"):
        show(carer, f"/{screen}", "main a[href='/join']")
        looker.look(tab, f"nobody-{screen}")
    show(carer, f"/learn/{MIDWAY}", "main a[href='/join']")
    looker.look(tab, "nobody-module")
    for screen in ("help", "words"):
        carer.go(f"/{screen}")
        looker.look(tab, screen, desk=True)
    carer.go("/no-such-page")
    looker.look(tab, "not-found")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_the_first_day_and_the_tabs(callum: Carer, looker: Looker) -> None:
    tab = callum.engine
    show(callum, "/today", "[data-main-card]")
    looker.look(tab, "today-first-day")
    show(callum, "/record", "main .bv-section")
    looker.look(tab, "record-empty")
    tab.page.locator("[data-not-begun] summary").click()
    looker.look(tab, "record-standards-not-begun")
    show(callum, "/pocket", "main .bv-card")
    looker.look(tab, "pocket-empty")
    show(callum, "/waiting", "main .bv-card")
    looker.look(tab, "waiting-empty")
    show(callum, "/look-back", "main .bv-card")
    looker.look(tab, "look-back-nothing")
    show(callum, "/me", "main .bv-facts")
    looker.look(tab, "me")
    show(callum, "/learn", ".bv-topic")
    looker.look(tab, "learn")
    tab.page.locator(".bv-topic summary").first.click()
    tab.page.locator(".bv-topic summary").last.click()
    looker.look(tab, "learn-open")
    tab.page.locator("#search").fill("stroke")
    looker.look(tab, "search")
    tab.page.locator("#search").fill("zzz")
    looker.look(tab, "search-nothing")
    assert not looker.wrong, "\n".join(looker.wrong)


def questions_of(carer: Carer) -> dict[str, tuple[str, dict[str, Any]]]:
    """An address and a question of each kind, one that has to be right among those to pick one answer of."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    newest: dict[str, dict[str, Any]] = {}
    for edition in carer._editions.values():
        if edition["edition"] >= newest.get(edition["key"], edition)["edition"]:
            newest[edition["key"]] = edition
    for key in sorted(newest):
        for number, part in enumerate(newest[key]["parts"], 1):
            if part["kind"] == "question" and part["question"]["feedback"] == "instant":
                question = part["question"]
                kind = "must" if question["must"] and question["kind"] == "single" else question["kind"]
                found.setdefault(kind, (f"/learn/{key}/{newest[key]['edition']}/{number}", question))
    return found


def check(carer: Carer) -> None:
    """Press Check and wait for the reason."""
    carer.wait_for("[data-check]")
    carer.engine.click("[data-check]")
    carer.wait_for("[data-feedback]")
    wait_until(carer.engine, "document.querySelector('[data-saved]').innerText.includes('Saved on this phone')")


def pick(carer: Carer, question: dict[str, Any], *, right: bool, most: int = 9) -> None:
    """Choose options that are right, or that are not."""
    for option in [one for one in question["options"] if one["right"] is right][:most]:
        carer.engine.click(f'.bv-answers__row[data-key="{option["key"]}"]')


@pytest.mark.parametrize("kind", ["single", "must", "truefalse", "multiple"])
def test_questions_with_rows(callum: Carer, looker: Looker, kind: str) -> None:
    tab = callum.engine
    address, question = questions_of(callum)[kind]
    show(callum, address, ".bv-question__group")
    looker.look(tab, f"question-{kind}")
    pick(callum, question, right=False, most=1)
    callum.wait_for("[data-check]")
    looker.look(tab, f"question-{kind}-chosen")
    check(callum)
    looker.look(tab, f"question-{kind}-not-quite")
    if kind == "multiple":
        tab.click("[data-try-again]")
        pick(callum, question, right=True, most=1)
        check(callum)
        looker.look(tab, "question-multiple-partly")
    tab.click("[data-try-again]")
    pick(callum, question, right=True)
    check(callum)
    looker.look(tab, f"question-{kind}-right")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_questions_without_rows(callum: Carer, looker: Looker) -> None:
    tab = callum.engine
    questions = questions_of(callum)
    for kind in ("ordering", "matching"):
        address, question = questions[kind]
        show(callum, address, ".bv-question__group")
        looker.look(tab, f"question-{kind}")
        if kind == "ordering":
            callum._answer_ordering(question)
            callum._answer_ordering({"order": list(reversed(question["order"]))})
        else:
            callum._answer_matching({"pairs": dict.fromkeys(question["pairs"], next(iter(question["pairs"].values())))})
        check(callum)
        looker.look(tab, f"question-{kind}-not-yet")
        tab.click("[data-try-again]")
        getattr(callum, f"_answer_{kind}")(question)
        check(callum)
        looker.look(tab, f"question-{kind}-right")

    address, question = questions["reflection"]
    show(callum, address, ".bv-question__group")
    looker.look(tab, "question-reflection")
    callum._answer_reflection(question)
    check(callum)
    looker.look(tab, "question-reflection-saved")

    address, question = questions["branching"]
    show(callum, address, ".bv-question__group")
    looker.look(tab, "question-branching")
    path = good_path(question)
    wrong = next(
        c["key"]
        for s in question["scenes"]
        if s["key"] == question["start"]
        for c in s["choices"]
        if c["key"] != path[0]
    )
    tab.click(f'.bv-scene__choice[data-key="{wrong}"]')
    tab.page.locator("[data-step-back], [data-feedback]").first.wait_for()
    looker.look(tab, "question-branching-wrong-turn")
    tab.page.locator("[data-step-back]").first.click()
    for choice in path:
        tab.click(f'.bv-scene__choice[data-key="{choice}"]')
    callum.wait_for("[data-feedback]")
    looker.look(tab, "question-branching-right")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_carrying_on_without_signal(callum: Carer, looker: Looker) -> None:
    tab = callum.engine
    callum.start(MIDWAY)
    callum.next()
    show(callum, f"/learn/{MIDWAY}", ".bv-start .bv-row")
    wait_until(tab, "document.querySelector('[data-next]').innerText === 'Carry on'")
    looker.look(tab, "module-part-done")
    edition = max(e["edition"] for e in callum._editions.values() if e["key"] == MIDWAY)
    with no_signal(callum):
        show(callum, "/today", "[data-carry-on]")
        looker.look(tab, "today-carry-on-no-signal")
        show(callum, f"/learn/{MIDWAY}/{edition}/end", "[data-before-end]")
        looker.look(tab, "end-one-question-open")
        tab.click("[data-finish]")
        callum.wait_for("[data-result]")
        looker.look(tab, "end-not-passed-waiting")
        show(callum, "/waiting", "main [data-try-again]")
        looker.look(tab, "waiting-with-things")
        show(callum, "/learn", ".bv-topic")
        looker.look(tab, "learn-no-signal")
        show(callum, "/learn/no-such-lesson", "main .bv-lead")
        looker.look(tab, "offline")
        show(callum, "/offline", "main .bv-list")
        looker.look(tab, "offline-itself")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_practice_for_somebody_nobody_asked(place: Place, callum: Carer, looker: Looker) -> None:
    tab = callum.engine
    show(callum, "/assess", "main .bv-card--plain, main a[href='#who']")
    looker.look(tab, "assess-not-asked")
    show(callum, "/confirm", "#code")
    looker.look(tab, "confirm-code")
    tab.page.fill("#code", "ABC")
    tab.page.click("main form button")
    wait_until(tab, "document.querySelector('#code-wrong').innerText.includes('8 letters')")
    looker.look(tab, "confirm-code-wrong")
    stranger = place.tab()
    stranger.page.goto(f"{place.site.origin}/confirm#ABCD2345")
    stranger.page.locator(".bv-watch__code").wait_for()
    looker.look(stranger, "confirm-nobody-here")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_half_a_year_in(place: Place, ngozi: Carer, looker: Looker) -> None:
    tab = ngozi.engine
    show(ngozi, "/today", "[data-main-card]")
    looker.look(tab, "today-next")
    show(ngozi, "/record", "main .bv-list")
    looker.look(tab, "record")
    show(ngozi, f"/learn/{MIDWAY}", ".bv-start .bv-row")
    wait_until(tab, "document.querySelector('.bv-start').innerText.includes('On this phone')")
    looker.look(tab, "module-done-before")
    ngozi.start(MIDWAY)
    looker.look(tab, "lesson")
    ngozi.wait_for(".bv-word")
    tab.click(".bv-word")
    looker.look(tab, "lesson-meaning")
    ngozi.next()
    show(ngozi, "/today", "[data-carry-on]")
    looker.look(tab, "today-carry-on")
    ngozi.start(MIDWAY)
    ngozi.play_to_end()
    wait_until(tab, "!!document.querySelector('[data-end-sending] [data-sent]')", seconds=30)
    looker.look(tab, "end-passed")
    tab.click("[data-pocket]")
    wait_until(tab, "document.querySelector('[data-pocket]').innerText.includes('In your pocket')")
    show(ngozi, "/pocket", "main [data-pocket-line]")
    looker.look(tab, "pocket")
    tab.page.evaluate(DUE_NOW)
    show(ngozi, "/today", "[data-look-back]")
    looker.look(tab, "today-look-back")
    show(ngozi, "/look-back", ".bv-question__group, .bv-card")
    looker.look(tab, "look-back")

    gwen = place.joined("Gwen Pritchard")
    show(gwen, "/today", "[data-main-card]")
    looker.look(gwen.engine, "today-all-done")
    assert not looker.wrong, "\n".join(looker.wrong)


def come_in(carer: Carer, name: str, pin: str = PIN) -> None:
    """By name and PIN at the door."""
    carer.wait_for("[data-person]")
    carer.engine.page.locator("[data-person]", has_text=name).click()
    carer.engine.type("#who-pin", pin)
    carer.engine.click("[data-who-now]")
    wait_until(carer.engine, "location.pathname === '/today'")


def bring(carer: Carer, module: str) -> None:
    """Open a module, so that it comes onto the phone."""
    show(carer, f"/learn/{module}", ".bv-start .bv-row")
    wait_until(carer.engine, "document.querySelector('.bv-start').innerText.includes('On this phone')")


def test_a_phone_that_two_people_share(place: Place, looker: Looker) -> None:
    carer = place.joined("Delroy Campbell")
    carer.join(place.code_for("Fatuma Ali"), PIN)
    tab, page = carer.engine, carer.engine.page
    show(carer, "/me", "[data-change-person]")
    wait_until(tab, "document.querySelector('main').innerText.includes('2 people use this phone')")
    looker.look(tab, "me-shared")
    page.locator("[data-get-copy]").click()
    carer.wait_for("#copy-pin")
    looker.look(tab, "me-copy")
    press(page.locator("[data-change-person]").first)
    carer.wait_for("[data-person]")
    looker.look(tab, "who")
    come_in(carer, "Delroy")
    bring(carer, MIDWAY)
    with no_signal(carer):
        carer.start(MIDWAY)
        carer.next()
        carer.next()
        show(carer, "/me", "[data-change-person]")
        press(page.locator("[data-change-person]").first)
        wait_until(tab, "document.querySelector('main').innerText.includes('waiting')")
        looker.look(tab, "who-one-left-something")
        page.locator("[data-person]", has_text="Delroy").click()
        looker.look(tab, "who-pin")
        for pin, words, name in (("1234", "all 6", "who-pin-short"), ("111222", "4 more tries", "who-pin-wrong")):
            tab.type("#who-pin", pin)
            tab.click("[data-who-now]")
            wait_until(tab, "document.querySelector('main').innerText.includes(arguments[0])", words)
            looker.look(tab, name)
        page.get_by_text("Show the PIN").click()
        for _ in range(4):
            tab.type("#who-pin", "111222")
            tab.click("[data-who-now]")
            wait_until(tab, "!document.querySelector('[data-who-now]').innerText.includes('…')")
        looker.look(tab, "who-pin-wait")
        page.locator("[data-somebody-else]").click()
        come_in(carer, "Fatuma")
        show(carer, "/me", "[data-remove]")
        page.locator("[data-remove]").click()
        carer.wait_for("[data-keep]")
        looker.look(tab, "remove-nothing-lost")
        page.locator("[data-keep]").click()
        show(carer, "/learn", ".bv-topic")
        carer.start(MIDWAY)
        carer.next()
        show(carer, "/me", "[data-remove]")
        page.locator("[data-remove]").click()
        carer.wait_for("#the-word")
        tab.click("[data-remove-now]")
        looker.look(tab, "remove-something-lost")
        tab.type("#the-word", "DELETE")
        tab.click("[data-remove-now]")
        carer.wait_for("[data-gone]")
        looker.look(tab, "removed")
        page.locator("main a.bv-button--main").click()
        carer.wait_for("#who-pin")
        looker.look(tab, "who-alone")
    assert not looker.wrong, "\n".join(looker.wrong)


def test_an_iphone_and_a_second_phone(place: Place, looker: Looker) -> None:
    iphone = place.tab(user_agent=IPHONE)
    iphone.context.add_init_script("Object.defineProperty(navigator, 'standalone', { value: false })")
    carer = Carer(iphone, place.site)
    carer.join(place.code_for("Aisha Rahman"), PIN)
    show(carer, "/me", ".bv-alert")
    assert "7 days" in carer.words()
    iphone.page.get_by_text("Put it on my home screen").click()
    looker.look(iphone, "me-iphone")

    # The app on the home screen starts with the browser's sign-in, and nothing else.
    app = place.tab(user_agent=IPHONE)
    app.context.add_init_script("Object.defineProperty(navigator, 'standalone', { value: true })")
    app.context.add_cookies(iphone.context.cookies())
    installed = Carer(app, place.site)
    show(installed, "/today", "main a[href='/join']")
    assert "Your record is safe on our server" in installed.words()
    looker.look(app, "installed-first-start")
    press(app.page.locator("main a[href='/join']").first)
    press(app.page.locator("main a.bv-button--main").first)
    installed.wait_for("#who-pin")
    looker.look(app, "installed-pin")
    app.type("#who-pin", PIN)
    app.click("[data-who-now]")
    installed.lessons_come()

    mobile = place.tab()
    mobile.context.add_init_script(MOBILE_DATA)
    second = Carer(mobile, place.site)
    mobile.page.goto(f"{place.site.origin}/join/{place.code_for('Ngozi Obi')}")
    press(mobile.page.locator("main a.bv-button--main").first)
    mobile.page.locator("[name=pin]").fill(PIN)
    mobile.page.locator("[name=again]").fill(PIN)
    press(mobile.page.locator("main form button.bv-button--main").first)
    second.wait_for("[data-get-all]")
    assert re.search(r"We will get your lessons again \([\d.]+ [kM]B\)\. Use Wi-Fi\?", second.words())
    looker.look(mobile, "new-phone-asks")
    mobile.click("[data-wait]")
    looker.look(mobile, "new-phone-waits")
    show(second, "/record", "main .bv-list")
    assert "Finished" in second.words()
    wait_until(mobile, "!!navigator.serviceWorker.controller")
    assert kept_lessons(second) == 1
    show(second, "/me", "[data-get-all]")
    looker.look(mobile, "me-lessons-wait")
    mobile.click("[data-get-all]")
    wait_until(mobile, "!document.querySelector('[data-get-all]')")
    for _ in range(100):
        if kept_lessons(second) > 1:
            break
        mobile.page.wait_for_timeout(100)
    assert kept_lessons(second) > 1
    assert not looker.wrong, "\n".join(looker.wrong)


MOBILE_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: false, type: 'cellular' } })"
FULL = "navigator.storage.estimate = async () => ({ quota: 1e9, usage: 1e9 - 1e6 })"
OPENED = """const open = request => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const name = (await indexedDB.databases()).map(one => one.name).find(one => one.startsWith('person-'));
    const database = await open(indexedDB.open(name));"""
WEEK_OLD = f"""async () => {{
    {OPENED}
    const store = database.transaction('records', 'readwrite').objectStore('records');
    const old = Date.now() - 8 * 86400000;
    for (const row of await open(store.getAll())) {{
        if (row.st === 'kept') await open(store.put({{ ...row, since: old, at: new Date(old).toISOString() }}));
    }}
    database.close();
}}"""
THREE_GOES = f"""async module => {{
    {OPENED}
    const store = database.transaction('state', 'readwrite').objectStore('state');
    const snapshot = await open(store.get('snapshot'));
    const at = new Date().toISOString();
    const made = [1, 2, 3].map(place => ({{
        record: `made-up-${{place}}`, module, edition: 1, sha: '', at, received: at, score: 0, passed: false,
        questions: [],
    }}));
    await open(store.put({{ ...snapshot, results: [...snapshot.results, ...made] }}, 'snapshot'));
    database.close();
}}"""
LARGE = f"""async () => {{
    {OPENED}
    const store = database.transaction('state', 'readwrite').objectStore('state');
    const catalogue = await open(store.get('catalogue'));
    for (const module of catalogue.modules) {{
        Object.assign(module, {{ sha: '0'.repeat(8) + module.sha.slice(8), bytes: 1234567 }});
    }}
    await open(store.put(catalogue, 'catalogue'));
    database.close();
    const phone = await open(indexedDB.open('phone'));
    await open(phone.transaction('editions', 'readwrite').objectStore('editions').clear());
    phone.close();
}}"""


def kept_lessons(carer: Carer) -> int:
    """How many editions this phone lists as here."""
    text = """async () => {
        const open = request => new Promise(done => (request.onsuccess = () => done(request.result)));
        const database = await open(indexedDB.open('phone'));
        const rows = await open(database.transaction('editions').objectStore('editions').getAll());
        database.close();
        return rows.length;
    }"""
    return int(carer.engine.page.evaluate(text))


def test_screens_nobody_hopes_to_see(place: Place, looker: Looker) -> None:
    carer = place.joined("Callum Reid")
    tab, page = carer.engine, carer.engine.page
    bring(carer, MIDWAY)
    with no_signal(carer):
        carer.start(MIDWAY)
        carer.play_to_end()
        page.evaluate(WEEK_OLD)
        show(carer, "/waiting", "main .bv-status--late")
        wait_until(tab, "document.querySelector('main').innerText.includes('Not sent')")
        looker.look(tab, "waiting-not-sent")
        show(carer, "/today", ".bv-sending a")
        assert "not sent" in carer.words()
        looker.look(tab, "today-not-sent")
        tab.context.add_init_script(FULL)
        show(carer, "/waiting", "main .bv-alert--warning")
        assert "This phone is nearly full" in carer.words()
        looker.look(tab, "waiting-phone-nearly-full")
        edition = max((e for e in carer._editions.values() if e["key"] == MIDWAY), key=lambda e: e["edition"])
        asked = next(number for number, part in enumerate(edition["parts"], 1) if part["kind"] == "question")
        page.evaluate(THREE_GOES, MIDWAY)
        show(carer, f"/learn/{MIDWAY}/{edition['edition']}/{asked}", "[data-mode=rest]")
        looker.look(tab, "question-three-goes")
        show(carer, f"/learn/{MIDWAY}", ".bv-start .bv-row")
        wait_until(tab, "document.querySelector('.bv-start').innerText.includes('tomorrow')")
        looker.look(tab, "module-three-goes")
        page.evaluate(LARGE)
        show(carer, "/today", "[data-main-card] .bv-get button")
        assert "Get, 1.2 MB" in carer.words()
        looker.look(tab, "today-get-large")
        show(carer, "/learn", ".bv-topic")
        tab.page.locator(".bv-topic summary").first.click()
        looker.look(tab, "learn-get-large")
    assert not looker.wrong, "\n".join(looker.wrong)


DUE_NOW = """async () => {
    const opened = await indexedDB.databases();
    const name = opened.map(one => one.name).find(one => one.startsWith('person-'));
    const open = request => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const database = await open(indexedDB.open(name));
    const store = database.transaction('lookback', 'readwrite').objectStore('lookback');
    for (const row of await open(store.getAll())) {
        await open(store.put({ ...row, due: typeof row.due === 'number' ? 0 : '2026-01-01T00:00:00.000Z' }));
    }
    database.close();
}"""


def test_staff(place: Place, looker: Looker) -> None:
    tab = place.tab(user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537.36", has_touch=False)
    page, staff = tab.page, place.site.origin + "/staff"
    page.goto(f"{staff}/sign-in")
    looker.look(tab, "staff-sign-in", desk=True)
    page.locator("[autocomplete=username]").fill("priya")
    page.locator("main [name=password]").fill("not this one")
    press(page.locator("main form button").first)
    looker.look(tab, "staff-sign-in-wrong")
    sign_in(page, "priya")
    page.goto(f"{staff}/people")
    looker.look(tab, "staff-people", desk=True)
    page.goto(f"{staff}/people?q=zzz")
    looker.look(tab, "staff-people-nobody-found", desk=True)
    page.goto(f"{staff}/people?left=1")
    looker.look(tab, "staff-people-left")
    for name in ("Ngozi Obi", "Kwame Mensah", "Ioana Popescu", "Fatuma Ali", "Bronagh O'Neill"):
        page.goto(f"{staff}/people?left=1")
        press(page.locator("main a", has_text=name).first)
        looker.look(tab, f"staff-person-{name.split()[0].lower()}", desk=True)
    page.goto(f"{staff}/people/add")
    looker.look(tab, "staff-add", desk=True)
    press(page.locator("main form button.bv-button--main").first)
    looker.look(tab, "staff-add-no-name")
    page.locator("main [name=name]").fill("Oluwaseun Adeyemi-Featherstonehaugh")
    press(page.locator("main form button.bv-button--main").first)
    page.locator(".bv-invite").wait_for()
    looker.look(tab, "staff-invite", desk=True)
    page.goto(f"{staff}/modules")
    looker.look(tab, "staff-modules", desk=True)
    page.goto(f"{staff}/people")
    press(page.locator("main a.bv-list__link").first)
    press(page.get_by_role("link", name="Hand in a copy"))
    looker.look(tab, "staff-copy", desk=True)
    page.goto(f"{staff}/people?left=1")
    press(page.locator("main a", has_text="Bronagh").first)
    press(page.get_by_role("link", name="Erase"))
    looker.look(tab, "staff-erase", desk=True)
    page.goto(f"{staff}/audit")
    looker.look(tab, "staff-audit", desk=True)
    page.goto(f"{staff}/audit?kind=content&before=1")
    looker.look(tab, "staff-audit-nothing", desk=True)
    for name in ("matrix", "matrix/print", "figures", "figures/minutes", "figures/handout"):
        page.goto(f"{staff}/{name}")
        looker.look(tab, f"staff-{name.replace('/', '-')}", desk=True)
    page.goto(f"{staff}/no-such-page")
    looker.look(tab, "staff-not-found")
    assert not looker.wrong, "\n".join(looker.wrong)


def sign_in(page: Any, name: str) -> None:
    page.locator("[autocomplete=username]").fill(name)
    page.locator("main [name=password]").fill(PASSWORD)
    press(page.locator("main form button.bv-button--main").first)


def test_staff_of_an_empty_provider(place: Place, looker: Looker) -> None:
    tab = place.tab(user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537.36", has_touch=False)
    page, staff = tab.page, place.site.origin + "/staff"
    page.goto(f"{staff}/sign-in")
    sign_in(page, "sam")
    looker.look(tab, "staff-password", desk=True)
    page.locator("[name=password]").fill("short")
    page.locator("[name=again]").fill("other")
    press(page.locator("main form button.bv-button--main").first)
    looker.look(tab, "staff-password-wrong")
    page.locator("[name=password]").fill("three quiet teapots")
    page.locator("[name=again]").fill("three quiet teapots")
    press(page.locator("main form button.bv-button--main").first)
    page.goto(f"{staff}/people")
    looker.look(tab, "staff-people-empty", desk=True)
    assert not looker.wrong, "\n".join(looker.wrong)


def squeeze(path: Path) -> None:
    """Pack a PNG again, as tightly as its format can: a browser is in a hurry when it takes a picture."""
    whole = path.read_bytes()
    place, chunks = 8, []
    while place < len(whole):
        size, kind = struct.unpack(">I4s", whole[place : place + 8])
        chunks.append((kind, whole[place + 8 : place + 8 + size]))
        place += size + 12
    pixels = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    kept = [chunk for chunk in chunks if chunk[0] in (b"IHDR", b"sRGB")]
    kept += [(b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    packed = [
        struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in kept
    ]
    path.write_bytes(whole[:8] + b"".join(packed))


def test_pictures_for_the_readme(place: Place, tmp_path: Path) -> None:
    folder = ROOT / "docs" / "images" if os.environ.get("BV_WRITE_SCREENSHOTS") == "1" else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    carer = place.joined("Aisha Rahman", voice=True, device_scale_factor=2, viewport=SMALL)
    page = carer.engine.page
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    made = []

    def picture(name: str) -> None:
        page.evaluate("document.activeElement?.blur()")
        time.sleep(0.3)
        page.screenshot(path=folder / f"{name}.png", animations="disabled")
        made.append(folder / f"{name}.png")
        squeeze(made[-1])

    carer.start(MIDWAY)
    while "<img" not in carer.part().get("html", ""):
        if carer.part()["kind"] == "question":
            carer.answer()
        carer.next()
    wait_until(carer.engine, "document.querySelector('main img').complete")
    picture("lesson")
    carer.next()
    while carer.part()["kind"] != "question":
        carer.next()
    carer.answer()
    page.evaluate("scrollTo(0, 0)")
    picture("question")
    show(carer, "/today", "[data-carry-on]")
    picture("today")
    for path in made:
        assert 5_000 < path.stat().st_size < 150_000, path.name
