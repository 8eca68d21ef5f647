"""A delegated task on a phone: there with no signal, and the pinned word that it was withdrawn once signal is back."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import timedelta
from typing import Any

from app.kernel import day_of, utc_now
from tests.support.carer import Carer
from tests.support.engines import start_chromium, wait_until
from tests.support.manager import at_the_desk
from tests.support.screens import Looker, Tab
from tests.support.site import Site

ANDROID = "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
FIELDS = {
    "task": "Give insulin by pen",
    "alias": "Maple 14",
    "limits": "Only the dose on the chart. Drowsy: stop and ring.",
    "clinician": "Dawn Hill",
    "profession": "district nurse",
    "organisation": "Leeds Community Healthcare",
    "reach": "0113 496 0000",
}

# The server was last heard thirteen hours ago.
HALF_A_DAY_AGO = """async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('person-'));
    const database = await new Promise((done, failed) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => done(opening.result);
        opening.onerror = failed;
    });
    await new Promise((done, failed) => {
        const change = database.transaction('state', 'readwrite');
        change.objectStore('state').put(Date.now() - 13 * 3600_000, 'asked');
        change.oncomplete = done;
        change.onerror = failed;
    });
    database.close();
}"""


def test_a_withdrawal_reaches_the_phone_that_had_no_signal(site: Site, playwright: Any) -> None:
    code = site.flask("person", "add", "Ngozi Obi")["link"].rsplit("/", 1)[1]
    browser = start_chromium(playwright)
    looker, desk = Looker(), at_the_desk(site, browser, "priya")
    page = desk.page
    note(page, site)
    looker.look(desk, "delegated", desk=True)
    ngozi = Carer(Tab(browser, site.origin, user_agent=ANDROID), site)
    ngozi.join(code)
    wait_until(ngozi.engine, "!!navigator.serviceWorker.controller")
    # She never opened the page, and it is there: the file keeps itself where something is delegated.
    wait_until(ngozi.engine, "caches.has('plan')", seconds=40)
    ngozi.engine.context.set_offline(True)
    ngozi.go("/plan")
    ngozi.wait_for("[data-task=may]")
    assert "Give insulin by pen, for Maple 14" in ngozi.words()
    assert "Drowsy: stop and ring." in ngozi.words()
    assert "0113 496 0000" not in ngozi.words()
    assert "This list is from" not in ngozi.words()
    looker.look(ngozi.engine, "tasks")
    ngozi.engine.page.evaluate(HALF_A_DAY_AGO)
    ngozi.go("/plan")
    ngozi.wait_for("[data-tasks] .bv-alert")
    assert "This list is from" in ngozi.words()
    looker.look(ngozi.engine, "an old list")

    page.locator("details.bv-more summary").click()
    page.locator("details textarea").fill("Their needs changed")
    page.locator("details button").click()
    page.locator(".bv-alert--done").first.wait_for()
    assert "They have not said yet that they read it." in page.inner_text("main")
    looker.look(desk, "withdrawn", desk=True)

    ngozi.engine.context.set_offline(False)
    # The app is opened anew: what is new is asked at once. A page left open asks within five minutes.
    ngozi.engine.script("sessionStorage.clear()")
    ngozi.go("/today")
    ngozi.wait_for("[data-message].bv-alert--warning", seconds=40)
    assert "Stop. Do not do this task any more: Give insulin by pen, for Maple 14." in ngozi.words()
    looker.look(ngozi.engine, "pinned")
    ngozi.engine.context.set_offline(True)
    ngozi.go("/plan")
    ngozi.wait_for("[data-task=withdrawn]")
    assert "Do not do it. Ring the office." in ngozi.words()
    assert "Drowsy" not in ngozi.words()
    ngozi.go("/today")
    ngozi.wait_for("[data-message].bv-alert--warning")
    ngozi.engine.page.click("[data-answer='notice.read']")
    wait_until(ngozi.engine, "!document.querySelector('[data-message]')")

    ngozi.engine.context.set_offline(False)
    ngozi.go("/today")
    wait_until(ngozi.engine, "!document.querySelector('[data-message]')")
    for _ in range(40):
        if read(site):
            break
        ngozi.engine.page.wait_for_timeout(500)
    page.reload()
    assert "Read on their phone, today" in page.inner_text("main")
    browser.close()


def note(page: Any, site: Site) -> None:
    """The manager notes what the clinician signed."""
    page.goto(f"{site.origin}/staff/practice/delegated/new")
    page.locator("main [name=person]").select_option(label="Ngozi Obi")
    for name, words in FIELDS.items():
        page.locator(f"main [name={name}]").fill(words)
    page.locator("main [name=seen_on]").fill((day_of(utc_now()) - timedelta(days=2)).isoformat())
    page.locator("main [name=paper]").check()
    page.locator("main form button.bv-button--main").click()
    page.locator("article.bv-card").wait_for()


def read(site: Site) -> bool:
    """Whether the server has her word that she read it."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        return bool(database.execute("SELECT count(*) FROM message_marks WHERE kind = 'read'").fetchone()[0])
