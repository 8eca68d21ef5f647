"""One person, one phone, two providers: she adds the second with her PIN, learns at both with no signal, sees it all.

Each manager sees only what was done there, and hears nothing of the other.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.carer import Carer
from tests.support.engines import start_chromium, wait_until
from tests.support.manager import at_the_desk
from tests.support.screens import Looker, Tab, press
from tests.support.site import Site

MODULE, OTHER = "stroke-first-minutes", "what-a-stroke-changes"
BRAMBLE, THISTLE = "Bramble Home Care", "Thistle Care"
PIN = "280417"
SAYS = "document.querySelector('main').innerText.includes(arguments[0])"
# What shows two places is kept for when there is no signal.
KEPT = "caches.match(document.body.dataset.places).then(one => !!one)"
# What each provider was sent, of whom.
STORED = """
SELECT providers.name, persons.uuid, COUNT(*) FROM records
JOIN persons ON persons.id = records.person_id JOIN providers ON providers.id = records.provider_id
WHERE kind = 'quiz.answered' GROUP BY 1, 2 ORDER BY 1
"""


@dataclass
class Two:
    """Ngozi's phone, on which she works at Bramble; Thistle has added her anew and made her a code."""

    site: Site
    browser: Any
    carer: Carer
    tab: Tab
    code: str
    looker: Looker = field(default_factory=Looker)

    @property
    def page(self) -> Any:
        """What she sees."""
        return self.tab.page

    def look(self, name: str) -> None:
        """Look at it, light and dark."""
        self.looker.look(self.tab, name)

    def add(self) -> None:
        """Open Thistle's invite and add it to her record, with her PIN."""
        self.carer.go(f"/join/{self.code}")
        self.page.locator("[data-add-place]").click()
        self.page.locator("#place-pin").fill(PIN)
        self.page.locator("[data-place-now]").click()
        self.page.locator("[data-added]").click()
        wait_until(self.tab, SAYS, f"You are at {THISTLE}.", seconds=40)

    def go_to(self, provider: str) -> None:
        """From Today of one place to that of the other; no PIN is asked for."""
        self.carer.go("/today")
        self.page.locator("[data-switch]", has_text=provider).click()
        wait_until(self.tab, SAYS, f"You are at {provider}.")

    def rows(self, words: str) -> list[Any]:
        """What the server's database says."""
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database:
            return database.execute(words).fetchall()


def invited(site: Site, provider: str, *modules: str, due: str | None = None) -> str:
    """Add Ngozi at a provider, ask her for modules, and give the code of her invite."""
    where = ("--provider", provider)
    code: str = site.flask("person", "add", "Ngozi Obi", *where)["link"].rsplit("/", 1)[1]
    for module in modules:
        site.flask("person", "assign", "Ngozi Obi", module, *where, *(("--due", due) if due else ()))
    return code


@pytest.fixture
def two(site: Site, playwright: Any) -> Iterator[Two]:
    """Ngozi has joined at Bramble; Thistle's code waits."""
    password = site.folder / "password"
    password.write_text("kettle-window-lemon-42")
    site.flask(
        "provider", "add", THISTLE, "--manager", "Maya Lind", "--sign-in", "maya", "--password-file", str(password)
    )
    codes = [invited(site, BRAMBLE, MODULE), invited(site, THISTLE, MODULE, OTHER, due="2027-12-12")]
    browser = start_chromium(playwright)
    tab = Tab(browser, site.origin)
    carer = Carer(tab, site)
    carer.join(codes[0], PIN)
    wait_until(tab, "!!navigator.serviceWorker.controller")
    yield Two(site, browser, carer, tab, codes[1])
    browser.close()


def test_she_adds_a_place_learns_at_both_without_signal_and_each_manager_sees_only_theirs(two: Two) -> None:
    page, carer, tab = two.page, two.carer, two.tab
    # One place: nothing of all this is on her screens.
    assert page.locator("[data-at], [data-also]").count() == 0

    carer.go(f"/join/{two.code}")
    wait_until(tab, SAYS, f"Ngozi O. is on this phone, at {BRAMBLE}.")
    expect(page.get_by_role("link", name="Yes, that is me")).to_be_hidden()
    two.look("the offer")
    page.locator("[data-add-place]").click()
    page.locator("#place-pin").fill("111222")
    page.locator("[data-place-now]").click()
    wait_until(tab, SAYS, "That PIN does not match.")
    two.look("a wrong PIN for a place")
    page.locator("#place-pin").fill(PIN)
    page.locator("[data-place-now]").click()
    page.locator("[data-added]").wait_for()
    expect(page.locator("h1")).to_have_text(f"{THISTLE} is added")
    two.look("a place added")
    page.locator("[data-added]").click()

    wait_until(tab, SAYS, f"You are at {THISTLE}.", seconds=40)
    wait_until(tab, SAYS, "1 to do.", seconds=40)
    expect(page.locator("[data-also]")).to_contain_text(f"Also at {BRAMBLE}")
    two.look("today at the second place")
    wait_until(tab, KEPT, seconds=40)
    carer.go("/learn")
    wait_until(tab, f"!!document.querySelector('[href=\"/learn/{OTHER}\"]')")
    # Its lessons come by themselves, as those of the first place did.
    here = "caches.open('editions').then(one => one.keys()).then(all => all.length >= 2)"
    wait_until(tab, here, seconds=60)

    page.context.set_offline(True)
    carer.start(MODULE)
    carer.play_to_end()
    two.go_to(BRAMBLE)
    expect(page.locator("[data-also]")).to_contain_text("1 to do, next by 12 December 2027.")
    carer.go(f"/learn/{MODULE}")
    told = f"You passed this at {THISTLE}. {BRAMBLE} asks for it too: show them your record."
    wait_until(tab, SAYS, told)
    two.look("a module passed at the other place")
    carer.start(MODULE)
    carer.play_to_end()

    carer.go("/waiting")
    wait_until(tab, SAYS, THISTLE)
    assert page.locator("main h2.bv-section__title").all_inner_texts() == [BRAMBLE, THISTLE]
    two.look("waiting at two places")
    carer.go("/record")
    page.locator("h2[data-place]").nth(1).wait_for()
    assert page.locator("h2[data-place]").all_inner_texts() == [BRAMBLE, THISTLE]
    two.look("the record of two places")
    with page.expect_download() as taken:
        page.locator("[data-take-record]").click()
    text = taken.value.path().read_text()
    assert [line for line in (BRAMBLE, THISTLE) if line not in text] == []
    assert text.count("Finished modules") == 2
    carer.go("/me")
    page.locator("[data-places-list]").wait_for()
    two.look("me with two places")

    page.context.set_offline(False)
    carer.go("/waiting")
    wait_until(tab, SAYS, "Everything is sent", seconds=40)
    stored = two.rows(STORED)
    assert [(name, number) for name, _, number in stored] == [(BRAMBLE, 1), (THISTLE, 1)]
    assert stored[0][1] == stored[1][1], "one person on the server"
    assert two.looker.wrong == []

    for sign_in, own, foreign in (("priya", BRAMBLE, "Thistle"), ("maya", THISTLE, "Bramble")):
        desk = at_the_desk(two.site, two.browser, sign_in)
        desk.page.goto(f"{two.site.origin}/staff/people")
        assert own in desk.page.content()
        press(desk.page.locator("main").get_by_role("link", name="Ngozi Obi").first)
        words = desk.page.content()
        assert "Spot a stroke" in words
        assert foreign not in words
        desk.context.close()


def test_one_entry_at_the_door_one_pin_for_both_and_a_place_taken_off_leaves_the_other(two: Two) -> None:
    page, carer, tab = two.page, two.carer, two.tab
    two.add()
    code = two.site.flask("person", "add", "Kofi Mensah", "--provider", BRAMBLE)["link"].rsplit("/", 1)[1]
    # Nobody is asked whether he is her: she has a place at Bramble already.
    carer.join(code, "613902")
    carer.go("/who")
    carer.wait_for("[data-person]")
    assert page.locator("[data-person]").count() == 2
    hers = page.locator("[data-person]", has_text="Ngozi O.")
    expect(hers).to_contain_text(f"{BRAMBLE}, {THISTLE}")
    two.look("the door with two places")
    hers.click()
    page.locator("#who-pin").fill(PIN)
    page.locator("[data-who-now]").click()
    # She comes in where she was last.
    wait_until(tab, "location.pathname !== '/who' && document.readyState === 'complete'")
    carer.go("/today")
    wait_until(tab, SAYS, f"You are at {THISTLE}.")
    two.go_to(BRAMBLE)

    carer.go("/me")
    page.get_by_role("button", name=f"Take {THISTLE} off this phone").click()
    page.locator("[data-remove-now]").wait_for()
    two.look("taking a place off")
    page.locator("[data-remove-now]").click()
    expect(page.locator("h1")).to_have_text(f"{THISTLE} is off this phone")
    two.look("a place is off")
    page.get_by_role("button", name="Go on").click()
    wait_until(tab, SAYS, "Hello, Ngozi.")
    assert page.locator("[data-at], [data-also]").count() == 0
    assert two.looker.wrong == []


def test_somebody_else_joins_with_the_code_as_ever(two: Two) -> None:
    page, carer, tab = two.page, two.carer, two.tab
    carer.go(f"/join/{two.code}")
    page.locator("[data-as-somebody-else]").click()
    page.get_by_role("link", name="Yes, that is me").click()
    page.locator("[name=pin]").fill("613902")
    page.locator("[name=again]").fill("613902")
    wait_until(tab, "!!document.querySelector('[data-show-pin]:not([hidden])')")
    page.locator("main button.bv-button--main").click()
    carer.lessons_come()
    carer.go("/who")
    carer.wait_for("[data-person]")
    assert page.locator("[data-person]").count() == 2
    assert len(two.rows("SELECT uuid FROM persons WHERE name = 'Ngozi Obi'")) == 2
