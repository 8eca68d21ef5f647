"""What a carer waits for: a first visit and an offline cold start, on a slow link and a slow processor."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.link import Shape, SlowLink
from tests.support.carer import Carer
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site

SLOWER = 4  # a five-year-old phone against this machine's processor
ROUNDS = 3


class Visitor(Chromium):
    """Chromium as a slow phone."""

    def __init__(self, playwright: Any, profile: Path) -> None:
        super().__init__(playwright, profile)
        tools = self.context.new_cdp_session(self.page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def first_lesson(playwright: Any, site: Site, module: str) -> dict[str, float]:
    """Open a shared link to a lesson with nothing on the phone; seconds to its words, bytes, requests."""
    with tempfile.TemporaryDirectory() as folder, SlowLink(site.port, Shape()) as link:
        browser = Visitor(playwright, Path(folder))
        began = time.perf_counter()
        browser.page.goto(f"http://localhost:{link.port}/learn/{module}/1/1", wait_until="commit")
        browser.page.locator("main .bv-prose p").first.wait_for()
        seconds = time.perf_counter() - began
        seen = {"seconds": seconds, "bytes": link.received, "requests": link.requests}
        browser.close()
        return seen


def join_and_learn(playwright: Any, site: Site, code: str, module: str) -> dict[str, float]:
    """From the invite's link to the first lesson, on a fast link (typing is not timed): bytes and requests.

    Then the server is gone and the browser opens anew: seconds until Today is drawn.
    """
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder)
        with SlowLink(site.port, Shape(rate=50_000_000, delay=0.0)) as link:
            browser = Chromium(playwright, profile)
            origin = f"http://localhost:{link.port}"
            carer = Carer(browser, site, origin=origin)
            carer.join(code)
            carer.start(module)
            seen = {"bytes": link.received, "requests": link.requests}
            wait_until(browser, "!!navigator.serviceWorker.controller")
            browser.close()
            port = link.port
        browser = Visitor(playwright, profile)
        began = time.perf_counter()
        browser.page.goto(f"http://localhost:{port}/today", wait_until="commit")
        browser.page.locator("main .bv-card").first.wait_for()
        seen["offline_seconds"] = time.perf_counter() - began
        browser.close()
        return seen


def run(site: Site, codes: list[str], module: str) -> dict[str, float]:
    """Medians of a few rounds."""
    with sync_playwright() as playwright:
        cold = [first_lesson(playwright, site, module) for _ in range(ROUNDS)]
        joined = [join_and_learn(playwright, site, code, module) for code in codes[:ROUNDS]]

    def middle(rows: list[dict[str, float]], key: str) -> float:
        return statistics.median(row[key] for row in rows)

    return {
        "shared link: seconds to first lesson": round(middle(cold, "seconds"), 2),
        "shared link: bytes": middle(cold, "bytes"),
        "shared link: requests": middle(cold, "requests"),
        "joining to first lesson: bytes": middle(joined, "bytes"),
        "joining to first lesson: requests": middle(joined, "requests"),
        "offline cold start: seconds": round(middle(joined, "offline_seconds"), 2),
    }
