"""Several people, one phone: each behind their own PIN, each sent with their own token, and off it when they like."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.carer import Carer
from tests.support.engines import SHELL, Chromium, Engine, wait_until
from tests.support.site import Site

MODULE = "stroke-first-minutes"
SAYS = "document.querySelector('main').innerText.includes(arguments[0])"
NGOZI, KOFI = "280417", "613902"
LATER = """async ms => {
    const [person, at] = localStorage.getItem('bv-open').split(' ');
    localStorage.setItem('bv-open', `${person} ${Number(at) - ms}`);
}"""
ELEVEN_MINUTES = 660_000
# What it takes to leave this phone is on it.
KEPT = "caches.match(document.body.dataset.places).then(one => !!one)"


def code_for(site: Site, name: str) -> str:
    """Add somebody and give the code of their invite."""
    code: str = site.flask("person", "add", name)["link"].rsplit("/", 1)[1]
    return code


def new_code(site: Site, name: str) -> str:
    """Another code for somebody who has joined."""
    code: str = site.flask("person", "invite", name)["link"].rsplit("/", 1)[1]
    return code


def stored(site: Site) -> list[tuple[str, str]]:
    """Who did what, of every record in the server's log."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        words = "SELECT persons.name, kind FROM records JOIN persons ON persons.id = records.person_id ORDER BY 1, 2"
        return [(name, kind) for name, kind in database.execute(words)]


def living(site: Site) -> set[str]:
    """Whose tokens still open something."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        words = (
            "SELECT persons.name FROM tokens JOIN devices ON devices.id = tokens.device_id"
            " JOIN persons ON persons.id = devices.person_id WHERE tokens.revoked_at IS NULL"
        )
        return {name for (name,) in database.execute(words)}


def choose(carer: Carer, name: str) -> None:
    """Press somebody's name at the door."""
    carer.wait_for("[data-person]")
    carer.engine.script(
        "[...document.querySelectorAll('[data-person]')].find(one => one.innerText.includes(arguments[0])).click()",
        name,
    )
    carer.wait_for("#who-pin")


def unlock(carer: Carer, name: str, pin: str) -> None:
    """Come in by name and PIN."""
    choose(carer, name)
    carer.engine.type("#who-pin", pin)
    carer.engine.click("[data-who-now]")
    wait_until(carer.engine, "location.pathname !== '/who' && document.readyState === 'complete'")


def look_later(carer: Carer) -> None:
    """Open the app a while later, when nothing is new: then what it takes to leave comes onto the phone."""
    carer.engine.script("sessionStorage.clear()")
    carer.go("/today")
    wait_until(carer.engine, KEPT)


def change_person(carer: Carer) -> None:
    """Me, "Not you? Change person"."""
    carer.go("/me")
    carer.wait_for("[data-change-person]")
    carer.engine.click("[data-change-person]")
    wait_until(carer.engine, "location.pathname === '/who'")


@pytest.fixture
def phone(site: Site, playwright: Any, tmp_path: Path) -> Iterator[Chromium]:
    """A browser that is closed at the end."""
    browser = Chromium(playwright, tmp_path / "profile", executable=SHELL)
    yield browser
    browser.close()


def shared(site: Site, engine: Engine) -> Carer:
    """A phone Ngozi joined on, and then Kofi, who has it now."""
    codes = [code_for(site, name) for name in ("Ngozi Okafor", "Kofi Mensah")]
    for name in ("Ngozi Okafor", "Kofi Mensah"):
        site.flask("person", "assign", name, MODULE)
    carer = Carer(engine, site)
    carer.join(codes[0], NGOZI)
    carer.join(codes[1], KOFI)
    carer.wait_for("[data-main-card]")
    wait_until(engine, "!!navigator.serviceWorker.controller")
    return carer


# That it is kept: the tick itself is there before.
ASKS = """new Promise((done) => {
    const open = indexedDB.open('phone');
    open.onsuccess = () => {
        const all = open.result.transaction('people').objectStore('people').getAll();
        all.onsuccess = () => { open.result.close(); done(all.result.some((one) => one.ask === true)); };
    };
})"""


def test_one_person_alone_is_not_asked_until_she_wants_it(site: Site, phone: Chromium) -> None:
    carer = Carer(phone, site)
    carer.join(code_for(site, "Ngozi Okafor"), NGOZI)
    phone.script("localStorage.clear()")
    carer.go("/today")
    wait_until(phone, SAYS, "Hello, Ngozi.")
    carer.go("/me")
    carer.wait_for("#ask")
    phone.click("label[for=ask]")
    wait_until(phone, ASKS)
    carer.go("/today")
    wait_until(phone, SAYS, "Hello, Ngozi.")
    phone.page.evaluate(LATER, ELEVEN_MINUTES)
    carer.go("/record")
    wait_until(phone, "location.pathname === '/who'")
    carer.wait_for("#who-pin")
    assert phone.script("return document.activeElement.id") == "who-pin"
    phone.page.locator("#who-pin").press_sequentially(NGOZI)
    phone.page.keyboard.press("Enter")
    wait_until(phone, "location.pathname === '/record'")
    wait_until(phone, SAYS, "Take my record with me")


def test_a_shared_phone_shows_nobody_anything_before_the_pin(site: Site, phone: Chromium) -> None:
    carer = shared(site, phone)
    wait_until(phone, SAYS, "Hello, Kofi.")
    change_person(carer)
    site.kill()
    for path in ("/today", "/record", "/me", "/waiting", "/learn", "/pocket", "/look-back", f"/learn/{MODULE}"):
        carer.go(path)
        wait_until(phone, "location.pathname === '/who'")
    carer.wait_for("[data-person]")
    assert "Okafor" not in carer.words()

    choose(carer, "Ngozi O.")
    for pin, words in (("12345", "Type all 6 digits"), ("111 222", "You have 4 more tries."), (KOFI, "3 more tries.")):
        phone.type("#who-pin", pin)
        phone.click("[data-who-now]")
        wait_until(phone, SAYS, words)
    assert "Forgot it? Ask Priya for a new code." in carer.words()
    assert phone.script("return document.activeElement.id") == "who-pin"
    phone.type("#who-pin", "280 417")
    phone.click("[data-who-now]")
    # Back to the page she had asked for; it was Kofi's phone, so it is Today.
    wait_until(phone, "location.pathname === '/today'")
    wait_until(phone, SAYS, "Hello, Ngozi.")


def test_wrong_tries_cost_a_wait_that_outlives_the_browser(
    site: Site, phone: Chromium, playwright: Any, tmp_path: Path
) -> None:
    carer = shared(site, phone)
    change_person(carer)
    choose(carer, "Ngozi O.")
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try", "Wait 1 minute"):
        phone.type("#who-pin", "111222")
        phone.click("[data-who-now]")
        wait_until(phone, SAYS, left)
    phone.kill()
    again = Chromium(playwright, tmp_path / "profile", executable=SHELL)
    carer = Carer(again, site)
    carer.go("/today")
    choose(carer, "Ngozi O.")
    again.type("#who-pin", NGOZI)
    again.click("[data-who-now]")
    wait_until(again, SAYS, "Too many tries. Wait 1 minute, then try again. Forgot it? Ask Priya for a new code.")
    again.click("[data-somebody-else]")
    unlock(carer, "Kofi M.", KOFI)
    wait_until(again, SAYS, "Hello, Kofi.")
    again.close()


def test_locking_in_the_middle_of_a_lesson_loses_nothing(site: Site, phone: Chromium) -> None:
    carer = shared(site, phone)
    carer.start(MODULE)
    while carer.part()["kind"] != "question":
        carer.next()
    carer.answer()
    place = carer.on()
    site.kill()
    phone.page.evaluate(LATER, ELEVEN_MINUTES)
    # A touch after the ten minutes opens nothing.
    phone.page.locator("h1").first.click()
    wait_until(phone, "location.pathname === '/who'")
    unlock(carer, "Kofi M.", KOFI)
    assert carer.on() == place
    carer.wait_for("[data-feedback]")
    carer.next()
    carer.play_to_end()
    assert "Saved on this phone" in carer.words()


def test_what_one_left_unsent_goes_with_her_own_token_while_the_other_learns(site: Site, phone: Chromium) -> None:
    carer = shared(site, phone)
    change_person(carer)
    unlock(carer, "Ngozi O.", NGOZI)
    site.kill()
    carer.start(MODULE)
    carer.play_to_end()
    change_person(carer)
    carer.wait_for("[data-person]")
    wait_until(phone, SAYS, "waiting")
    assert stored(site) == []
    unlock(carer, "Kofi M.", KOFI)
    wait_until(phone, SAYS, "Hello, Kofi.")
    assert "waiting" not in carer.words()

    sent: list[str] = []
    phone.page.on(
        "request", lambda request: "/records" in request.url and sent.append(request.headers.get("authorization", ""))
    )
    site.start()
    carer.go("/today")
    wait_until(phone, SAYS, "Hello, Kofi.")
    phone.page.wait_for_timeout(500)
    deadline = 120
    while not stored(site) and deadline:
        phone.page.wait_for_timeout(500)
        deadline -= 1
    assert {name for name, _ in stored(site)} == {"Ngozi Okafor"}
    assert ("Ngozi Okafor", "quiz.answered") in stored(site)
    assert len(set(sent)) >= 1


def test_two_tabs_agree_on_who_is_there(site: Site, phone: Chromium) -> None:
    carer = shared(site, phone)
    carer.start(MODULE)
    carer.next()
    lesson = phone.page
    second = phone.context.new_page()
    second.goto(f"{site.origin}/me")
    second.locator("[data-change-person]").click()
    second.wait_for_url("**/who")
    lesson.wait_for_url("**/who")
    second.locator("[data-person]", has_text="Ngozi").click()
    second.locator("#who-pin").fill(NGOZI)
    second.locator("[data-who-now]").click()
    second.wait_for_url("**/today")
    second.get_by_text("Hello, Ngozi.").wait_for()
    lesson.goto(f"{site.origin}/today")
    lesson.get_by_text("Hello, Ngozi.").wait_for()
    # And when the other one comes back, her page is not his.
    second.goto(f"{site.origin}/me")
    second.locator("[data-change-person]").click()
    second.locator("[data-person]", has_text="Kofi").click()
    second.locator("#who-pin").fill(KOFI)
    second.locator("[data-who-now]").click()
    second.get_by_text("Hello, Kofi.").wait_for()
    lesson.wait_for_url("**/who")


COVERED = """() => {
    document.dispatchEvent(new Event('visibilitychange'));
    return getComputedStyle(document.body).visibility;
}"""


def test_whoever_picks_the_phone_up_later_sees_nothing_for_a_moment_either(site: Site, phone: Chromium) -> None:
    carer = shared(site, phone)
    wait_until(phone, SAYS, "Hello, Kofi.")
    # A page that does not know yet whose it is covers itself too; then it shows.
    wait_until(phone, f"({COVERED})() === 'visible'")
    # In one go: a look of the page's own may find the time over, and leave, before the next.
    assert phone.page.evaluate(f"ms => {{ ({LATER})(ms); return ({COVERED})(); }}", ELEVEN_MINUTES) == "hidden"
    wait_until(phone, "location.pathname === '/who'")
    unlock(carer, "Kofi M.", KOFI)

    # A page the browser kept aside, shown again when the other one is there.
    kept = "() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    wait_until(phone, SAYS, "Hello, Kofi.")
    phone.page.evaluate(kept)
    wait_until(phone, "getComputedStyle(document.body).visibility === 'visible'")
    ngozi = phone.script("return indexedDB.databases().then(all => all.map(one => one.name))")
    kofi = phone.script("return localStorage.getItem('bv-open').split(' ')[0]")
    other = next(name[len("person-") :] for name in ngozi if name.startswith("person-") and kofi not in name)
    phone.page.evaluate(
        """([other]) => new Promise((done, failed) => {
            const open = indexedDB.open('phone');
            open.onsuccess = () => {
                const put = open.result.transaction('kv', 'readwrite').objectStore('kv').put(other, 'person');
                put.onsuccess = () => { open.result.close(); done(); };
                put.onerror = failed;
            };
        }).then(() => localStorage.setItem('bv-open', `${other} ${Date.now()}`))""",
        [other],
    )
    phone.page.evaluate(
        """() => {
            dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
            const look = () => {
                sessionStorage.seen = `${sessionStorage.seen ?? ''} ${getComputedStyle(document.body).visibility}`;
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    wait_until(phone, SAYS, "Hello, Ngozi.")
    seen = phone.script("return sessionStorage.seen").split()
    assert set(seen) == {"hidden"}, seen


def test_the_sign_in_of_the_browser_opens_nothing_on_a_shut_phone(site: Site, phone: Chromium) -> None:
    carer = shared(site, phone)
    change_person(carer)
    tab = phone.context.new_page()
    tab.add_init_script(
        "new MutationObserver(() => document.querySelector('[data-getting]') && (sessionStorage.told = 'lessons'))"
        ".observe(document, { childList: true, subtree: true })"
    )
    tab.goto(f"{site.origin}/join/home-screen")
    tab.wait_for_url("**/who")
    assert tab.evaluate("sessionStorage.told ?? null") is None


def test_leaving_a_phone_sends_first_and_asks_for_a_word_when_something_would_be_lost(
    site: Site, phone: Chromium
) -> None:
    carer = shared(site, phone)
    change_person(carer)
    unlock(carer, "Ngozi O.", NGOZI)
    look_later(carer)
    site.kill()
    carer.start(MODULE)
    carer.play_to_end()
    carer.go("/me")
    carer.wait_for("[data-remove]")
    phone.click("[data-remove]")
    wait_until(phone, SAYS, "Some of it is only on this phone.")
    assert "waiting to send." in carer.words()
    assert "It has to be sent before you leave, or it is lost." in carer.words()
    with phone.page.expect_download() as saved:
        phone.click("[data-part=me] [data-save-copy]")
    assert saved.value.suggested_filename == "between-visits-waiting.json"
    phone.click("[data-remove-now]")
    wait_until(phone, SAYS, "Type the word DELETE first.")

    site.start()
    phone.click("[data-part=me] [data-again]")
    wait_until(phone, SAYS, "Everything is sent.")
    assert ("Ngozi Okafor", "quiz.answered") in stored(site)
    phone.click("[data-remove-now]")
    wait_until(phone, SAYS, "You are off this phone")
    # With signal the server has ended her tokens here, and nobody else's.
    for _ in range(50):
        if (alive := living(site)) == {"Kofi Mensah"}:
            break
        time.sleep(0.1)
    assert alive == {"Kofi Mensah"}
    names = "async () => (await indexedDB.databases()).map(one => one.name).filter(one => one.startsWith('person-'))"
    assert len(phone.page.evaluate(names)) == 1
    editions = phone.page.evaluate("async () => (await (await caches.open('editions')).keys()).length")
    assert editions > 0

    # Whoever is left goes on being asked.
    phone.click("main a.bv-button--main")
    carer.wait_for("#who-pin")
    assert "Kofi M." in carer.words()
    assert "Ngozi" not in carer.words()
    phone.type("#who-pin", KOFI)
    phone.click("[data-who-now]")
    wait_until(phone, SAYS, "Hello, Kofi.")
    carer.go(f"/learn/{MODULE}/1/1")
    carer.wait_for(".bv-prose p")

    # The browser is still signed in as the one who came last; that alone puts nobody on the phone.
    carer.go("/join/home-screen")
    wait_until(phone, "!!document.querySelector('[data-getting=done]')", seconds=40)


def test_a_typed_word_deletes_what_nobody_else_has(site: Site, phone: Chromium) -> None:
    carer = Carer(phone, site)
    code = code_for(site, "Ngozi Okafor")
    site.flask("person", "assign", "Ngozi Okafor", MODULE)
    carer.join(code, NGOZI)
    wait_until(phone, "!!navigator.serviceWorker.controller")
    look_later(carer)
    carer.start(MODULE)
    site.kill()
    carer.play_to_end()
    carer.go("/me")
    carer.wait_for("[data-remove]")
    phone.click("[data-remove]")
    carer.wait_for("#the-word")
    phone.type("#the-word", "delete")
    phone.click("[data-remove-now]")
    wait_until(phone, SAYS, "You are off this phone")
    carer.go("/today")
    wait_until(phone, SAYS, "Have you got a code?")

    # The sign-in of the browser is not enough to come back: the server asks for the PIN.
    site.start()
    carer.go("/join")
    phone.click("main a.bv-button--main")
    carer.wait_for("#who-pin")
    carer.go("/today")
    wait_until(phone, SAYS, "Have you got a code?")
    carer.go("/join/home-screen")
    carer.wait_for("#who-pin")
    phone.type("#who-pin", "111222")
    phone.click("[data-who-now]")
    wait_until(phone, SAYS, "That PIN does not match.")
    phone.type("#who-pin", NGOZI)
    phone.click("[data-who-now]")
    carer.lessons_come()
    carer.go("/today")
    wait_until(phone, SAYS, "Hello, Ngozi.")


def test_somebody_who_left_is_told_and_what_waits_is_still_sent(site: Site, phone: Chromium) -> None:
    carer = Carer(phone, site)
    carer.join(code_for(site, "Ngozi Okafor"), NGOZI)
    wait_until(phone, "!!navigator.serviceWorker.controller")
    site.flask("person", "archive", "Ngozi Okafor")
    carer.start(MODULE)
    carer.play_to_end()
    wait_until(phone, "!!document.querySelector('[data-end-sending] [data-sent]')", seconds=30)
    # The tab asks what is new every two minutes; another tab asks at once.
    phone.script("sessionStorage.clear()")
    carer.go("/today")
    wait_until(phone, SAYS, "You left Bramble Home Care on")
    assert ("Ngozi Okafor", "quiz.answered") in stored(site)


# The drivers of these two engines lean on deprecated things and leave files to be closed; that is not ours to mend.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_other_engines_keep_two_people_apart(site: Site, engine: Engine) -> None:
    carer = shared(site, engine)
    wait_until(engine, SAYS, "Hello, Kofi.")
    change_person(carer)
    site.kill()
    carer.go("/record")
    wait_until(engine, "location.pathname === '/who'")
    choose(carer, "Ngozi O.")
    engine.type("#who-pin", "111222")
    engine.click("[data-who-now]")
    wait_until(engine, SAYS, "You have 4 more tries.")
    engine.script("document.querySelector('#who-pin').value = ''")
    engine.type("#who-pin", NGOZI)
    engine.click("[data-who-now]")
    wait_until(engine, SAYS, "Hello, Ngozi.")
    carer.go("/me")
    carer.wait_for("[data-remove]")
    engine.click("[data-remove]")
    carer.wait_for("[data-remove-now]")
    engine.click("[data-remove-now]")
    wait_until(engine, SAYS, "You are off this phone")
    carer.go("/today")
    wait_until(engine, "location.pathname === '/who'")
    carer.wait_for("#who-pin")
    assert "Kofi M." in carer.words()
