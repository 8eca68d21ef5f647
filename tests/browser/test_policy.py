"""The page's policy stops nothing of ours, on any screen, and stops what is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_journey import MODULES, invite
from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site

LISTEN = """document.addEventListener('securitypolicyviolation', (event) =>
  blocked(`${event.effectiveDirective} ${event.blockedURI} ${event.sample} on ${location.pathname}`));"""
CARER_PAGES = (
    "/today",
    "/learn",
    "/waiting",
    "/record",
    "/me",
    "/pocket",
    "/look-back",
    "/offline",
    "/assess",
    "/confirm",
)
PUBLIC_PAGES = ("/", "/help", "/self-test", "/words", "/join", "/staff/sign-in", "/no-such-page")


@dataclass
class Watched:
    """A browser that notes whatever a policy refused, in pages and in the worker."""

    browser: Chromium
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        context = self.browser.context
        context.expose_function("blocked", lambda words: self.refused.append(words))
        context.add_init_script(LISTEN)
        context.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if (
            "Content Security Policy" in message.text
            or "TrustedHTML" in message.text
            or "TrustedScript" in message.text
        ):
            self.refused.append(message.text)


@pytest.fixture
def watched(playwright: Any, tmp_path: Path) -> Iterator[Watched]:
    """A new Chromium profile, watched from its first page."""
    made = Watched(Chromium(playwright, tmp_path / "profile"))
    yield made
    made.browser.close()


def test_the_policy_refuses_nothing_on_the_whole_journey(site: Site, watched: Watched) -> None:
    browser = watched.browser
    for path in PUBLIC_PAGES:
        browser.open(site.origin + path)
    carer = Carer(browser, site)
    carer.join(invite(site))
    wait_until(browser, "!!navigator.serviceWorker.controller")
    for path in CARER_PAGES:
        carer.go(path)
        carer.wait_for("main h1")
    for module in MODULES:
        carer.start(module)
        carer.play_to_end()
    # And once more out of the phone itself: the pages the worker composes carry the same policy.
    site.kill()
    for path in CARER_PAGES:
        carer.go(path)
        carer.wait_for("main h1")
    kept = "const kept = await caches.match('/shell/lesson.html'); return kept.headers.get('content-security-policy')"
    assert "trusted-types bv" in browser.page.evaluate(f"async () => {{ {kept} }}")
    carer.start(MODULES[0])
    carer.play_to_end()
    assert watched.refused == []


def test_the_policy_refuses_nothing_on_staff_pages(site: Site, watched: Watched) -> None:
    page = watched.browser.page
    person = site.flask("person", "add", "Ngozi Okafor")["person"]
    page.goto(f"{site.origin}/staff/sign-in")
    page.locator("[name=name]").fill("priya")
    page.locator("[name=password]").fill("kettle-window-lemon-42")
    page.locator("main form button.bv-button--main").click()
    page.locator("[name=password]").fill("three quiet teapots")
    page.locator("[name=again]").fill("three quiet teapots")
    page.locator("main form button.bv-button--main").click()
    page.wait_for_url("**/staff/people**")
    for path in ("/staff/people", f"/staff/people/{person}", "/staff/modules", "/staff/password"):
        page.goto(site.origin + path)
        assert page.locator("main h1").count() == 1
    assert watched.refused == []


def test_what_is_not_ours_is_refused(site: Site, watched: Watched) -> None:
    """So that silence above means something: each way in is tried, and each try is heard."""
    page = watched.browser.page
    page.goto(f"{site.origin}/today")
    for attack in (
        "document.body.innerHTML = '<b>x</b>'",
        "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
        "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
        "trustedTypes.createPolicy('another', { createHTML: (text) => text })",
        "trustedTypes.createPolicy('bv', { createHTML: (text) => text })",
        "navigator.serviceWorker.register('/static/build/other.js')",
    ):
        said = page.evaluate(
            f"async () => {{ try {{ await ({attack}); return 'ran' }} catch (error) {{ return error.name }} }}"
        )
        assert said == "TypeError", attack
    scripts = "() => { const s = document.createElement('script'); s.setAttribute('src', 'https://example.org/x.js'); }"
    with pytest.raises(Exception, match="TrustedScriptURL"):
        page.evaluate(scripts)
    page.evaluate("() => { const s = document.createElement('style'); s.textContent = 'b{}'; document.head.append(s) }")
    page.wait_for_timeout(200)
    heard = " ".join(watched.refused)
    assert "require-trusted-types-for" in heard
    assert "style-src" in heard
