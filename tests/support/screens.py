"""Looks at one screen after the other: at its names, its size, its targets, its colours, and where it calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.support.engines import Chromium

SMALL = {"width": 360, "height": 740}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
THEMES = ("light", "dark")

# Light is looked at for everything, dark for what differs there: the elements are the same ones. Targets are measured
# below: axe takes one that has just scrolled under the bottom bar for a small one.
AXE = {
    "light": {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": False}}},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]},
}

NAMES = """() => ({
    title: document.title,
    headings: [...document.querySelectorAll('h1')].map(h1 => h1.innerText.replace(/\\s+/g, ' ').trim()),
    lang: document.documentElement.lang,
    mains: document.querySelectorAll('main').length,
})"""

# What is pressed, with the box one can press: the whole row of a tick, not its dot. A link in the middle of a sentence
# is as tall as its line; so is a word that opens its meaning.
TARGETS = """() => {
    const seen = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && !element.closest('.bv-hidden, .bv-skip');
    const inSentence = element => getComputedStyle(element).display === 'inline'
        && element.matches('a, .bv-word')
        && element.parentElement.textContent.trim().length > element.textContent.trim().length;
    const named = element => (element.getAttribute('aria-label') || element.innerText || element.id || element.tagName)
        .trim().replace(/\\s+/g, ' ').slice(0, 40);
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(element => seen(element) && !inSentence(element))
        .map(element => {
            const box = (element.matches('input') && element.closest('label') || element).getBoundingClientRect();
            const main = element.matches('.bv-button--main');
            return { named: named(element), main, width: box.width, height: box.height };
        });
}"""

# Where a text is cut off or sticks out sideways, outside the boxes that may scroll.
SIDEWAYS = """() => {
    const wide = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll('body *')].filter(element => {
        if (!element.checkVisibility() || element.closest('.bv-table, .bv-hidden, .bv-skip, pre')) return false;
        const box = element.getBoundingClientRect();
        return box.width && (box.right > wide + 1 || box.left < -1);
    });
    const page = document.scrollingElement.scrollWidth;
    const called = element => `${element.className} ${element.textContent.trim().slice(0, 30)}`;
    return page > wide || out.length ? `${page} px wide: ${out.slice(0, 3).map(called)}` : null;
}"""


def press(what: Any) -> None:
    """Press what leads to another page, and wait for that: until it comes the old one answers."""
    with what.page.expect_navigation():
        what.click()


class Tab(Chromium):
    """One person's browser window in a browser that several share, with an ear for errors and stray requests."""

    def __init__(self, browser: Any, origin: str, **options: Any) -> None:
        self.context = browser.new_context(
            **{"viewport": SMALL, "locale": "en-GB", "has_touch": True, "timezone_id": "Europe/London", **options}
        )
        self.page = self.context.new_page()
        self.origin = origin
        self.trouble: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.trouble.append(f"error in the page: {error}"))
        self.context.on("request", self._asked)

    def _said(self, message: Any) -> None:
        # The browser itself notes each reply that is no success, as when there is no signal; no script said it.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.trouble.append(f"on the console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.origin + "/", "blob:", "data:")):
            self.trouble.append(f"asked somebody else: {request.url}")


class Looker:
    """Collects everything that is wrong on the screens it is shown. With a `folder` it takes their pictures too."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.wrong: list[str] = []
        self.seen: list[str] = []
        self._axe = Axe()

    def look(self, tab: Tab, name: str, *, desk: bool = False) -> None:
        """Look at what `tab` shows now; `name` is what the screen is called in a list of what is wrong."""
        page = tab.page
        assert name not in self.seen, f"{name} was looked at already"
        self.seen.append(name)
        problems = [*self._names(page), *self._targets(page)]
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            problems += [f"{theme}: {line}" for line in self._colours(page, theme)]
            self._picture(page, f"{name}-{theme}", full=True)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        problems += self._large(page, name)
        if desk:
            page.set_viewport_size(DESK)
            problems += [f"at a desk: {line}" for line in self._sideways(page)]
            self._picture(page, f"{name}-desk", full=False)
        page.set_viewport_size(SMALL)
        problems += tab.trouble
        tab.trouble.clear()
        self.wrong += [f"{name}: {problem}" for problem in problems]

    def _names(self, page: Any) -> list[str]:
        found = page.evaluate(NAMES)
        problems = []
        if len(found["headings"]) != 1:
            problems.append(f"has {len(found['headings'])} main headings")
        heading = (found["headings"] or [""])[0]
        first = found["title"].split(" · ")[0].strip()
        if not heading or not first or not (first.startswith(heading) or heading.startswith(first)):
            problems.append(f"is titled {found['title']!r} under the heading {heading!r}")
        if found["lang"] != "en" or found["mains"] != 1:
            problems.append("does not say its language, or has not one main part")
        return problems

    def _targets(self, page: Any) -> list[str]:
        return [
            f"{one['named']!r} is {one['width']:.0f} by {one['height']:.0f} px to press"
            for one in page.evaluate(TARGETS)
            if min(one["width"], one["height"]) < (48 if one["main"] else 44) - 0.5
        ]

    def _colours(self, page: Any, theme: str) -> list[str]:
        # Half a megabyte of script: a page is given it once.
        if not page.evaluate("'axe' in window"):
            page.evaluate(self._axe.axe_script)
        found = page.evaluate("async options => (await axe.run(options)).violations", AXE[theme])
        return [_axe_line(one) for one in found]

    def _large(self, page: Any, name: str) -> list[str]:
        page.set_viewport_size(NARROW)
        before = page.evaluate("document.documentElement.dataset.text ?? ''")
        page.evaluate("document.documentElement.dataset.text = '200'")
        problems = [f"large letters, 320 px: {line}" for line in self._sideways(page)]
        self._picture(page, f"{name}-large", full=False)
        page.evaluate(
            "was => was ? document.documentElement.dataset.text = was : delete document.documentElement.dataset.text",
            before,
        )
        return problems

    def _sideways(self, page: Any) -> list[str]:
        found = page.evaluate(SIDEWAYS)
        return [f"goes sideways, {found}"] if found else []

    def _picture(self, page: Any, name: str, *, full: bool) -> None:
        if self.folder is not None:
            page.screenshot(path=self.folder / f"{name}.png", full_page=full, animations="disabled")


def _axe_line(violation: Any) -> str:
    first = violation["nodes"][0]
    element, why = (" ".join((first.get(key) or "").split())[:200] for key in ("html", "failureSummary"))
    return f"axe {violation['id']}: {violation['help']}. {element} {why}"
