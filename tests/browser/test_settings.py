"""What a carer sets in Me holds on every page, on this phone, with no signal too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site

MODULE = "stroke-first-minutes"
FETCHED = "return performance.getEntriesByType('resource').filter(one => one.name.includes('woff2')).length"
KEPT = "async words => (await (await caches.open('letters')).keys()).length"
DRAWN = "[...document.fonts].filter(one => one.family === 'Andika' && one.status === 'loaded').length > 0"
FONT = "return getComputedStyle(document.body).fontFamily"
VOICE = """
Object.defineProperty(window, 'speechSynthesis', {value: {
    getVoices: () => [{lang: 'en-GB', name: 'Test', localService: true, default: true}],
    addEventListener() {}, removeEventListener() {}, cancel() {},
    speak(said) { (window.said ??= []).push(said.rate); (window.words ??= []).push(said.text) },
}});
window.SpeechSynthesisUtterance = function (text) { this.text = text };
"""


def joined(site: Site, playwright: Any, tmp_path: Path) -> tuple[Chromium, Carer]:
    """A carer whose phone has the lessons."""
    code: str = site.flask("person", "add", "Ngozi Okafor")["link"].rsplit("/", 1)[1]
    site.flask("person", "assign", "Ngozi Okafor", MODULE)
    browser = Chromium(playwright, tmp_path / "profile")
    carer = Carer(browser, site)
    carer.join(code)
    wait_until(browser, "!!navigator.serviceWorker.controller")
    return browser, carer


def test_easy_read_letters_are_fetched_when_asked_for_and_stay(site: Site, playwright: Any, tmp_path: Path) -> None:
    browser, carer = joined(site, playwright, tmp_path)
    carer.go("/me")
    carer.wait_for("#easy-read")
    assert browser.script(FETCHED) == 0
    assert "Andika" not in browser.script(FONT)

    browser.click("label[for=easy-read]")
    wait_until(browser, "document.body.innerText.includes('On this phone.')")
    assert browser.page.evaluate(KEPT) == 6
    wait_until(browser, DRAWN)

    site.kill()
    carer.go(f"/learn/{MODULE}/1/1")
    wait_until(browser, DRAWN)
    assert browser.script(FONT).startswith("Andika")
    # Set by the script in the head, before there is a body to paint.
    assert browser.script("return document.documentElement.dataset.letters") == "easy"

    carer.go("/me")
    carer.wait_for("#easy-read:checked")
    browser.click("label[for=easy-read]")
    wait_until(browser, "!document.documentElement.dataset.letters")
    wait_until(browser, "!document.body.innerText.includes('On this phone.')")
    carer.go("/today")
    assert "Andika" not in browser.script(FONT)
    assert not browser.page.evaluate("caches.has('letters')")
    browser.close()


def test_reading_aloud_goes_as_fast_as_was_chosen_or_away(site: Site, playwright: Any, tmp_path: Path) -> None:
    browser, carer = joined(site, playwright, tmp_path)
    browser.page.add_init_script(VOICE)
    for speed, rate in (("slow", 0.7), ("normal", 0.95)):
        carer.go("/me")
        carer.wait_for("#speed-slow")
        browser.click(f"label[for=speed-{speed}]")
        # Nobody leaves in the same moment; the choice is kept on the phone by then.
        browser.page.wait_for_timeout(500)
        carer.go(f"/learn/{MODULE}/1/1")
        carer.wait_for(".bv-aloud__button")
        browser.click(".bv-aloud__button")
        # The first time it asks whether the car stands; what it answers to the tap is waited for, not guessed.
        parked = "document.querySelector('.bv-aloud').innerText.includes('parked')"
        wait_until(browser, f"window.said || {parked}")
        if not browser.script("return window.said"):
            browser.click(".bv-aloud__button")
        wait_until(browser, "window.said?.[0] === arguments[0]", rate)

    carer.go("/me")
    carer.wait_for("#aloud:checked")
    browser.click("label[for=aloud]")
    carer.go(f"/learn/{MODULE}/1/1")
    wait_until(browser, "!document.querySelector('.bv-aloud')")
    assert "Read aloud" not in carer.words()
    browser.close()


def test_easier_words_that_are_open_are_the_ones_read_aloud(site: Site, playwright: Any, tmp_path: Path) -> None:
    browser = Chromium(playwright, tmp_path / "profile", service_workers="block")
    easier = "<details class='bv-more'><summary>The same in easier words</summary><p>Ring 999.</p></details>"

    def with_easier_words(route: Any) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=re.sub("bv-prose[^>]*>", lambda found: found[0] + easier, reply.text()))

    browser.page.route(f"**/learn/{MODULE}/1/1", with_easier_words)
    browser.page.add_init_script(VOICE)
    carer = Carer(browser, site)
    for opened in (False, True):
        carer.go(f"/learn/{MODULE}/1/1")
        carer.wait_for(".bv-aloud__button")
        if opened:
            browser.click(".bv-prose summary")
        browser.click(".bv-aloud__button")
        if not browser.script("return window.words"):
            browser.click(".bv-aloud__button")
        wait_until(browser, "window.words")
        # The title is its own sentence when the whole lesson is read.
        assert (browser.script("return window.words[0]") == "Ring 999.") is opened
    browser.close()


def test_the_way_to_the_home_screen_is_under_get_help(site: Site, playwright: Any, tmp_path: Path) -> None:
    browser, carer = joined(site, playwright, tmp_path)
    site.kill()
    carer.go("/me#get-help")
    browser.page.get_by_text("Put it on my home screen").click()
    words = carer.words()
    assert "Press the three dots at the top." in words
    assert "Safari and the home screen keep their things apart" in words
    browser.close()
