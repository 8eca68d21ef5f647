"""The provider's day: a manager at a desk, an assessor and a carer in a kitchen with no signal, and proof of it all."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support import commands
from tests.support.carer import Carer
from tests.support.engines import start_chromium, wait_until
from tests.support.manager import at_the_desk
from tests.support.screens import DESK, Looker, Tab, press
from tests.support.site import Site

ANDROID = "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
LIST = """\
Name,Email,Role
Ngozi Obi,ngozi,Carer
Dawn Marsh,dawn@example.org,"Assessor, Carer"
Ada Bell,,Carer
"""
WATCHED, OUTSIDE = "Moving people, watched", "Fire safety"
STANDARD, CODE = "13", "13.3c"
NUDGE = "Hello [name]. Well done in the kitchen. When you have a few minutes: Today has the next one."
TO_NGOZI = NUDGE.replace("[name]", "Ngozi")
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
SIGN_OFF = """address => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = address;
    form.append(document.querySelector('[name=csrf_token]').cloneNode());
    document.body.append(form);
    form.submit();
}"""
# A busy machine takes its time.
expect.set_options(timeout=20_000)


@dataclass
class Day:
    """Three people, each in a window of their own, and whoever looks over their shoulders."""

    site: Site
    browser: Any
    desk: Tab
    looker: Looker = field(default_factory=Looker)

    @property
    def page(self) -> Any:
        """What the manager sees."""
        return self.desk.page

    def open(self, path: str) -> None:
        """The manager goes to one of the staff pages."""
        self.page.goto(f"{self.site.origin}/staff/{path}")

    def press(self, words: str) -> None:
        """The manager presses the button of these words, and another page comes."""
        press(self.page.locator("main").get_by_role("button", name=words, exact=True))

    def look(self, name: str) -> None:
        """Look at the manager's page, small and at a desk."""
        self.looker.look(self.desk, name, desk=True)
        self.page.set_viewport_size(DESK)

    def says(self, words: str) -> None:
        """The manager's page says so."""
        expect(self.page.locator("main")).to_contain_text(words)

    def cell(self, person: str, training: str) -> str:
        """The words of one cell of the matrix, which is open."""
        titles = self.page.locator(".bv-matrix__grid thead th").all_inner_texts()
        row = self.page.locator(".bv-matrix__grid tbody tr", has_text=person).locator("th, td")
        return str(row.nth(titles.index(training)).inner_text())

    def phone(self, code: str) -> Carer:
        """Somebody joins on a phone of their own."""
        carer = Carer(Tab(self.browser, self.site.origin, user_agent=ANDROID), self.site)
        carer.join(code)
        wait_until(carer.engine, "!!navigator.serviceWorker.controller")
        wait_until(carer.engine, "caches.has('practice')", seconds=40)
        return carer


@pytest.fixture
def day(site: Site, playwright: Any) -> Iterator[Day]:
    """Priya has signed in; nobody else is here yet."""
    browser = start_chromium(playwright)
    yield Day(site, browser, at_the_desk(site, browser, "priya"))
    browser.close()


def take_up_what_is_needed(day: Day) -> None:
    """The usual list, and a training of the provider's own that is met by what was seen at work."""
    page = day.page
    day.open("needed/usual")
    day.press("Take up the usual list")
    day.look("what is needed")
    day.open("needed/trainings/new")
    page.locator("#title").fill(WATCHED)
    page.locator(f"details:has(input[name=practice][value='{CODE}']) > summary").click()
    page.locator(f"input[name=practice][value='{CODE}']").check()
    page.locator("input[name=elsewhere][value=no]").check()
    page.get_by_label("Care worker", exact=True).check()
    day.press("See who this concerns")
    day.press("Add it")
    day.says(WATCHED)


def paste_people(day: Day) -> dict[str, str]:
    """Three people, one row mended, and the code of each from the sheet to print."""
    page = day.page
    day.open("people/import")
    page.locator("#list").fill(LIST)
    day.look("a list pasted")
    day.press("See what will happen")
    day.says("1 new, 0 to update, 2 that need you. Nothing is saved yet.")
    day.look("a row to mend")
    page.locator("#row0-email").fill("ngozi@example.org")
    # An assessor's rights are given by a tick of their own.
    page.get_by_label(re.compile("Make Dawn")).check()
    day.press("Look again")
    day.says("3 new, 0 to update. Nothing is saved yet.")
    day.press("Add 3 people")
    day.says("3 people are added.")
    assert page.locator("[name=people]:checked").count() == 3
    day.press("Make the codes")
    expect(page.locator("h1")).to_have_text("Codes for 3 people")
    day.look("codes to print")
    cards = page.locator(".bv-cards__card").all()
    return {
        card.locator(".bv-cards__name").inner_text(): re.sub(r"\W", "", card.locator(".bv-cards__code").inner_text())
        for card in cards
    }


def give_jobs(day: Day) -> None:
    """All three are care workers, and Dawn may watch one standard."""
    page = day.page
    day.open("needed/profiles")
    page.locator("li.bv-list__item", has=page.get_by_role("heading", name="Care worker", exact=True)).get_by_role(
        "link", name=re.compile("Who has it")
    ).click()
    for name in ("Ngozi Obi", "Dawn Marsh", "Ada Bell"):
        page.get_by_label(re.compile(name)).check()
    day.press("See what changes")
    day.says("This concerns 3 people.")
    day.look("whom a profile concerns")
    day.press("Save")
    day.open("practice/assessors")
    page.locator("#person").select_option(label="Dawn Marsh")
    page.locator("#scope-some").check()
    page.locator(f"#standard-{STANDARD}").check()
    page.locator("#basis").fill("Level 3, eight years of visits")
    day.press("Name them")
    day.says("Dawn Marsh")
    day.look("assessors")


def watch(day: Day, dawn: Carer) -> str:
    """Dawn sees Ngozi work and keeps it; the code on her screen, as it is read out."""
    tab, page = dawn.engine, dawn.engine.page
    dawn.go("/assess")
    dawn.wait_for("main a[href='#who']")
    page.click("main a[href='#who']")
    page.click("main a:has-text('Ngozi Obi')")
    page.click("main a[href^='#see']")
    dawn.wait_for(".bv-watch")
    for row in page.locator(".bv-watch").all():
        shown = row.get_attribute("data-code") == CODE
        row.locator(f"label:has(input[value={'yes' if shown else 'not-seen'}])").click()
    page.fill("#watch-saw", "She checked the sling and talked it through first.")
    page.locator("#watch-saw").blur()
    day.looker.look(tab, "what was seen")
    page.click("[data-check]")
    page.locator("[data-keep]").click()
    dawn.wait_for("[data-short]")
    wait_until(tab, "document.querySelector('[data-standing]').innerText.includes('Saved on this phone')")
    day.looker.look(tab, "the code to show")
    return str(page.locator("[data-short]").inner_text())


def confirm(day: Day, ngozi: Carer, code: str) -> None:
    """Ngozi types what stands on Dawn's screen and says that it is right."""
    tab, page = ngozi.engine, ngozi.engine.page
    ngozi.go("/confirm")
    page.locator("#code").fill(code.lower())
    page.locator("main form button").click()
    ngozi.wait_for("[data-agree]")
    day.looker.look(tab, "is it right")
    page.click("[data-agree]")
    wait_until(tab, "document.querySelector('[data-said=waiting]')")
    day.looker.look(tab, "said without signal")


def in_the_kitchen(day: Day, dawn: Carer, ngozi: Carer) -> None:
    """No signal and no server: both keep it. Then both send, the carer first."""
    for phone in (dawn, ngozi):
        phone.engine.context.set_offline(True)
    day.site.kill()
    confirm(day, ngozi, watch(day, dawn))

    day.site.start()
    ngozi.engine.context.set_offline(False)
    ngozi.engine.page.reload()
    wait_until(ngozi.engine, "document.querySelector('[data-said=sent]')", seconds=40)
    assert observed(day.site) == ["observation.confirmed"], "her word is there before what it is about"
    dawn.engine.context.set_offline(False)
    dawn.engine.page.reload()
    wait_until(
        dawn.engine, "document.querySelector('[data-standing]')?.innerText.includes('Ngozi confirmed it')", seconds=60
    )
    day.looker.look(dawn.engine, "confirmed by her")
    assert observed(day.site) == ["observation.confirmed", "observation.made"]


def observed(site: Site) -> list[str]:
    """What the server's log holds about practice, in the order it came."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        words = "SELECT kind FROM records WHERE kind LIKE 'observation.%' ORDER BY id"
        return [kind for (kind,) in database.execute(words)]


def see_it_count(day: Day) -> None:
    """It stands on the carer's practice page and in the matrix; the standard itself is not there yet, and why."""
    page = day.page
    day.open("practice")
    page.locator("main a", has_text="Ngozi Obi").first.click()
    section = page.locator(f"#standard-{STANDARD}")
    line = section.locator("li", has_text=f"{CODE}: ").first
    expect(line).to_contain_text("Shown")
    expect(line).to_contain_text("Dawn Marsh")
    assert section.get_by_role("button", name=re.compile("Sign standard")).count() == 0
    expect(section).to_contain_text("To be seen at work: 13.6b.")
    day.look("practice of Ngozi")
    # As from a page that somebody left open.
    with page.expect_navigation():
        page.evaluate(SIGN_OFF, f"{page.url}/standards/{STANDARD}/sign-off")
    expect(page.locator(".bv-summary")).to_contain_text(f"Standard {STANDARD} is not there yet.")
    expect(page.locator(".bv-summary")).to_contain_text("13.6b")
    day.look("a sign-off that is too early")
    day.open("matrix")
    assert "In date" in day.cell("Ngozi Obi", WATCHED)
    assert "Needs watching" in day.cell("Ada Bell", WATCHED)
    day.look("matrix")


def accept_a_certificate(day: Day) -> None:
    """A paper from elsewhere counts once it is accepted with a reason."""
    page = day.page
    day.open("matrix")
    assert "Not started" in day.cell("Ngozi Obi", OUTSIDE)
    page.locator(".bv-matrix__grid tbody a", has_text="Ngozi Obi").click()
    page.get_by_role("link", name=f"Note a certificate for {OUTSIDE}").click()
    page.locator("#taught_by").fill("Thistle Training")
    page.locator("#taken_on").fill(f"{datetime.now(UTC) - timedelta(days=9):%Y-%m-%d}")
    page.locator("#file").set_input_files({"name": "fire.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#decision").check()
    page.locator("#reason").fill("I have seen the certificate")
    day.look("a certificate")
    day.press("Note it")
    day.says("is noted and accepted.")
    day.look("Ngozi's page")
    day.open("matrix")
    assert "In date" in day.cell("Ngozi Obi", OUTSIDE)


def nudge(day: Day, ngozi: Carer) -> None:
    """The very words are seen before they go, and stand on Today."""
    page, tab = day.page, ngozi.engine
    day.open("messages/nudge")
    page.locator("#who-ticked").check()
    page.locator("details:has(input[name=people])").evaluate("one => one.open = true")
    page.get_by_label(re.compile("Ngozi Obi")).check()
    page.locator("#text").fill(NUDGE)
    day.press("See what they will read")
    expect(page.locator("#letters")).to_contain_text(TO_NGOZI)
    day.look("the words of a reminder")
    day.press("Send to 1 person")
    day.says(TO_NGOZI)
    the_night_is_over(day.site)
    tab.script("sessionStorage.clear()")
    ngozi.go("/today")
    wait_until(tab, "document.querySelector('[data-message]')?.innerText.includes(arguments[0])", TO_NGOZI, seconds=40)
    day.looker.look(tab, "today with a reminder")


def the_night_is_over(site: Site) -> None:
    """What was sent in quiet hours may be seen; by day there is nothing to change."""
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite", timeout=20)) as database, database:
        database.execute("UPDATE messages SET visible_from = made_at")


def prove_it(day: Day, folder: Path) -> None:
    """A pack is asked for, made by the worker, saved, and whole."""
    page, site = day.page, day.site
    day.open("evidence/new")
    day.look("a pack to ask for")
    day.press("Make it")
    day.says("Waiting.")
    done = commands.run(("worker", "--once"), site.environment)
    assert done.returncode == 0, done.stdout + done.stderr
    day.open("evidence")
    day.says("Ready, ")
    day.look("a pack that is made")
    with page.expect_download() as saved:
        page.get_by_role("button", name=re.compile("Save the file")).click()
    pack = folder / saved.value.suggested_filename
    saved.value.save_as(pack)
    verdict = site.flask("evidence", "verify", str(pack))
    assert (verdict["whole"], verdict["known"]) == (True, True)
    assert verdict["files"] > 0


def test_from_a_pasted_list_to_proof_for_an_inspector(day: Day, tmp_path: Path) -> None:
    take_up_what_is_needed(day)
    codes = paste_people(day)
    give_jobs(day)
    ngozi, dawn = day.phone(codes["Ngozi Obi"]), day.phone(codes["Dawn Marsh"])
    in_the_kitchen(day, dawn, ngozi)
    see_it_count(day)
    accept_a_certificate(day)
    nudge(day, ngozi)
    prove_it(day, tmp_path)
    assert not day.looker.wrong, "\n".join(day.looker.wrong)
