"""The fault catalogue, files that only some need: one that does not come takes nothing away and decides nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.browser.test_phone_passkey import FORGET
from tests.support.carer import Carer
from tests.support.engines import Firefox, wait_until
from tests.support.faulty import MODULE, PIN, SAYS, Faulty, Phone
from tests.support.screens import Tab

# Firefox's own driver leaves a socket behind.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
MOBILE_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true, type: 'cellular'}})"
NO_WORKERS = (
    "return navigator.serviceWorker.getRegistrations().then(all => Promise.all(all.map(one => one.unregister())))"
    ".then(() => caches.keys()).then(all => Promise.all(all.map(name => caches.delete(name))))"
)


def asked_for_pin(phone: Phone, wanted: bool) -> None:
    """Wait until the phone has kept it: who leaves the page sooner may take the tick back with it."""
    deadline = time.monotonic() + 20
    while phone.people()[0].get("ask", False) is not wanted:
        assert time.monotonic() < deadline, f"not kept within 20 s: asks for the PIN {wanted}"
        time.sleep(0.1)


def test_where_a_new_phone_cannot_ask_it_takes_no_lessons(faulty: Faulty) -> None:
    others = sorted({one["key"] for one in faulty.site.editions().values()} - {MODULE})[:6]
    first = faulty.phone(MODULE, *others)
    first.carer.start(MODULE)
    first.carer.play_to_end()
    first.all_sent()
    tab = Tab(faulty.browser, faulty.proxy.origin)
    tab.context.add_init_script(MOBILE_DATA)
    second = Carer(tab, faulty.site, origin=faulty.proxy.origin)
    with faulty.proxy.failing("503", "again-"):
        second.open_invite(faulty.new_code(first.uuid), PIN)
        wait_until(tab, "!!document.querySelector('[data-later]')", seconds=20)
    assert "Your record is here." in second.words()
    second.go("/me")
    second.wait_for("[data-get-all]")
    assert tab.script("return caches.open('editions').then(here => here.keys()).then(all => all.length)") == 0
    tab.context.close()
    first.close()


def test_firefox_asks_again_for_a_file_that_did_not_come(faulty: Faulty, tmp_path: Path) -> None:
    uuid, code = faulty.person()
    assert uuid
    firefox = Firefox(tmp_path)
    try:
        carer = Carer(firefox, faulty.site, origin=faulty.proxy.origin)
        carer.join(code, PIN)
        firefox.script(NO_WORKERS)
        firefox.script(FORGET)
        with faulty.proxy.failing("503", "again-"):
            carer.go("/join/home-screen")
            wait_until(firefox, "!!document.querySelector('[data-when=no-signal]:not([hidden])')", seconds=20)
        firefox.click("[data-when=no-signal] [data-again]")
        wait_until(firefox, "!!document.querySelector('#who-pin')", seconds=20)
        firefox.script("dispatchEvent(new Event('online'))")
        assert firefox.script("return document.querySelectorAll('#who-pin').length") == 1
    finally:
        firefox.close()


def test_a_record_is_taken_along_where_nothing_can_be_fetched(faulty: Faulty) -> None:
    phone = faulty.phone(MODULE)
    phone.carer.go("/record")
    phone.carer.wait_for("[data-take-record]")
    phone.tab.script("return caches.delete('places')")
    with faulty.proxy.failing("refuse", ""), phone.tab.page.expect_download() as came:
        phone.tab.click("[data-take-record]")
    assert came.value.suggested_filename == "my-record.txt"
    assert "Learning record of" in Path(came.value.path()).read_text("utf-8")
    phone.close()


def test_a_form_to_sign_in_that_does_not_come_says_so_and_is_asked_for_again(faulty: Faulty) -> None:
    phone = faulty.phone(MODULE)
    faulty.rows("UPDATE tokens SET revoked_at = CURRENT_TIMESTAMP")
    with faulty.proxy.failing("503", "again-"):
        phone.carer.start(MODULE)
        phone.carer.next()
        phone.carer.go("/waiting")
        wait_until(phone.tab, SAYS, "Carry on. Sign in later: what you did is safe on this phone.", seconds=20)
        press = phone.tab.page.get_by_role("button", name="Try again").first
        press.click()
        wait_until(phone.tab, "document.querySelector('[data-live]').textContent === 'Still no signal.'")
    press.click()
    wait_until(phone.tab, "!!document.querySelector('#sign-in-pin')", seconds=20)
    assert "Sign in later" not in phone.carer.words()
    phone.tab.type("#sign-in-pin", PIN)
    phone.tab.click("[data-sign-in-now]")
    wait_until(phone.tab, SAYS, "You are signed in.", seconds=20)
    phone.close()


def test_a_phone_that_cannot_fetch_what_asks_for_a_pin_does_not_begin_to_ask(faulty: Faulty) -> None:
    phone = faulty.phone(MODULE)
    phone.carer.go("/me")
    phone.carer.wait_for("#ask")
    with faulty.proxy.failing("503", "again-"):
        phone.tab.click("label[for=ask]")
        wait_until(phone.tab, SAYS, "This needs signal: try again later.", seconds=20)
        assert not phone.tab.page.locator("#ask").is_checked()
    # Ticked, and taken back before the file is here.
    phone.tab.script("const box = document.querySelector('#ask'); box.click(); box.click()")
    wait_until(phone.tab, "caches.has('again')", seconds=20)
    phone.carer.go("/me")
    phone.carer.wait_for("#ask:not(:checked)")
    with faulty.proxy.failing("503", "again-"):
        phone.tab.click("label[for=ask]")
        wait_until(phone.tab, SAYS, "After 10 minutes without a touch.", seconds=20)
        wait_until(phone.tab, "document.querySelector('#ask').checked")
        asked_for_pin(phone, True)
    phone.tab.click("label[for=ask]")
    asked_for_pin(phone, False)
    phone.carer.go("/who")
    phone.carer.wait_for("[data-person]")
    phone.close()


ANOTHER_PERSON = """return new Promise((done, failed) => {
    const asked = indexedDB.open('phone');
    asked.onerror = failed;
    asked.onsuccess = () => {
        const rows = asked.result.transaction('people', 'readwrite').objectStore('people');
        rows.getAll().onsuccess = ({target}) => rows.put({...target.result[0], id: 'tom', name: 'Tom Reid'});
        rows.transaction.oncomplete = () => { asked.result.close(); done(); };
    };
})"""


def test_a_door_that_came_late_begins_once_and_takes_nobody_out_of_their_place(faulty: Faulty) -> None:
    phone = faulty.phone(MODULE)
    phone.tab.script(ANOTHER_PERSON)
    with faulty.proxy.failing("503", "again-"):
        phone.carer.go("/who")
        wait_until(phone.tab, SAYS, "This needs signal just once.", seconds=20)
    # Two taps, as where nothing seems to happen after the first, and the signal comes back in that moment.
    phone.tab.page.get_by_role("button", name="Try again").focus()
    twice = "const press = document.activeElement; press.click(); press.click();"
    phone.tab.script(f"{twice} dispatchEvent(new Event('online'))")
    phone.carer.wait_for("[data-person]")
    assert phone.tab.page.locator("[data-component=who]:focus").count() == 1, "the focus is where the names came"
    phone.tab.click("[data-person=tom]")
    phone.carer.wait_for("#who-pin")
    phone.tab.type("#who-pin", "12")
    phone.tab.script("document.dispatchEvent(new Event('bv-changed'))")
    phone.tab.page.wait_for_timeout(300)
    assert phone.tab.page.locator("#who-pin").input_value() == "12", "a PIN half typed stays"
    phone.close()
