"""Practice observed in a kitchen with no signal: an assessor's phone, a carer's, and the server that joins them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.carer import Carer
from tests.support.engines import start_chromium, wait_until
from tests.support.manager import Manager
from tests.support.screens import Looker, Tab
from tests.support.site import Site

ANDROID = "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def codes(site: Site, playwright: Any) -> dict[str, str]:
    """Ngozi, and Dawn whom the manager named to watch her; a code for each."""
    people = {"Dawn Marsh": ("--role", "assessor", "--role", "learner"), "Ngozi Obi": ()}
    made = {name: site.flask("person", "add", name, *roles) for name, roles in people.items()}
    manager = Manager(playwright, site)
    page = manager.page
    page.goto(f"{site.origin}/staff/practice/assessors")
    page.locator("main [name=person]").select_option(label="Dawn Marsh")
    page.locator("main [name=scope][value=all]").check()
    page.locator("main [name=basis]").fill("Level 3, eight years of visits")
    page.locator("main form button.bv-button--main").click()
    page.locator(".bv-alert--done").wait_for()
    manager.close()
    return {name: one["link"].rsplit("/", 1)[1] for name, one in made.items()}


@pytest.fixture
def phones(site: Site, playwright: Any, codes: dict[str, str]) -> Iterator[dict[str, Carer]]:
    """Both phones, joined, with what practice needs on them."""
    browser = start_chromium(playwright)
    made = {}
    for name, code in codes.items():
        carer = Carer(Tab(browser, site.origin, user_agent=ANDROID), site)
        carer.join(code)
        wait_until(carer.engine, "!!navigator.serviceWorker.controller")
        wait_until(carer.engine, "caches.has('practice')", seconds=40)
        made[name] = carer
    yield made
    browser.close()


def see(dawn: Carer, looker: Looker) -> str:
    """Watch Ngozi's first standard, all of it shown but one criterion; the link of the squares is what comes back."""
    tab, page = dawn.engine, dawn.engine.page
    dawn.go("/assess")
    dawn.wait_for("main a[href='#who']")
    looker.look(tab, "assess")
    page.click("main a[href='#who']")
    page.click("main a:has-text('Ngozi Obi')")
    page.click("main a[href^='#see']")
    dawn.wait_for(".bv-watch")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.click("[data-check]")
    dawn.wait_for("[data-problems]")
    looker.look(tab, "assess-problems")
    for place, row in enumerate(page.locator(".bv-watch").all()):
        row.locator("label.bv-answers__row").nth(1 if place == 0 else 0).click()
    page.fill("#watch-saw", "I was with Mrs Adeyemi. She followed the plan.")
    page.locator("#watch-saw").blur()
    page.locator("[role=status]:has-text('Take it out?')").first.wait_for()
    page.fill("#watch-saw", "She followed the plan, step by step.")
    page.locator("#watch-saw").blur()
    page.fill("#watch-next_step", "Read the plan before going in.")
    page.fill("#watch-next_on", "2099-01-04")
    page.locator("#watch-next_on").blur()
    # Stopped in the middle: all of it is still there.
    page.wait_for_timeout(800)
    page.reload()
    dawn.wait_for(".bv-watch")
    assert page.input_value("#watch-saw") == "She followed the plan, step by step."
    assert page.locator(".bv-watch input:checked").count() == page.locator(".bv-watch").count()
    looker.look(tab, "assess-filled")
    page.click("[data-check]")
    page.locator("[data-keep]").wait_for()
    looker.look(tab, "assess-check")
    page.click("[data-keep]")
    dawn.wait_for("[data-short]")
    wait_until(tab, "document.querySelector('[data-standing]').innerText.includes('Saved on this phone')")
    looker.look(tab, "assess-show")
    return str(page.get_attribute("[data-link]", "data-link"))


def test_both_keep_it_in_the_kitchen_and_the_server_joins_it_once(site: Site, phones: dict[str, Carer]) -> None:
    looker = Looker()
    dawn, ngozi = phones["Dawn Marsh"], phones["Ngozi Obi"]
    for phone in (dawn, ngozi):
        phone.engine.context.set_offline(True)

    link = see(dawn, looker)

    page = ngozi.engine.page
    page.goto(link)
    ngozi.wait_for("[data-agree]")
    assert "Dawn Marsh saw you work" in ngozi.words()
    assert "work in line with the ways of working" in ngozi.words(), "the words of the criteria are on her phone"
    assert "Read the plan before going in." in ngozi.words()
    looker.look(ngozi.engine, "confirm")
    page.click("[data-agree]")
    wait_until(ngozi.engine, "document.querySelector('[data-said=waiting]')")
    looker.look(ngozi.engine, "confirmed-here")

    # Her word is there before what it is about.
    ngozi.engine.context.set_offline(False)
    ngozi.go("/confirm" + link[link.index("#") :])
    wait_until(ngozi.engine, "document.querySelector('[data-said=sent]')", seconds=40)
    dawn.engine.context.set_offline(False)
    dawn.engine.page.reload()
    wait_until(
        dawn.engine,
        "document.querySelector('[data-standing]')?.innerText.includes('Ngozi confirmed it')",
        seconds=60,
    )
    looker.look(dawn.engine, "assess-confirmed")

    dawn.go("/assess")
    dawn.wait_for("[data-seen]")
    assert dawn.engine.page.locator("[data-seen] li").count() == 1
    ngozi.engine.script("sessionStorage.clear()")
    ngozi.go("/record")
    wait_until(ngozi.engine, "document.querySelector('[data-shown]')?.innerText.includes('Dawn Marsh')", seconds=40)
    wait_until(ngozi.engine, "document.querySelector('[data-next-steps]')?.innerText.includes('Read the plan')")
    looker.look(ngozi.engine, "record-shown")
    assert not looker.wrong, "\n".join(looker.wrong)
