"""P8: what Lighthouse 12.8 gives three pages of a phone: a shared lesson, an invite, and Today with forty lessons kept.

`make bench` installs it into bench/lighthouse from its own lock. Its mobile preset slows line and processor by itself.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, sync_playwright

from bench import servers
from bench.visit import MODULE, PIN
from tests.support.forty import forty_lessons, somebody
from tests.support.site import ROOT, Site, free_port

ROUNDS = 3
HOME = ROOT / "bench" / "lighthouse"
# Learners' pages are kept out of search engines on purpose, so what that costs says nothing.
NOT_FOR_SEARCH = "is-crawlable"
COUNTED = ("performance", "accessibility", "best-practices", "seo")


def measure(folder: Path) -> Mapping[str, Sequence[float]]:
    """The lowest of all pages' scores, for each round."""
    if not (HOME / "node_modules").is_dir():
        raise FileNotFoundError("Lighthouse is not installed: npm ci --prefix bench/lighthouse")
    lowest: list[float] = []
    with servers.ours(folder / "ours") as site, sync_playwright() as playwright:
        site.flask("provider", "add", "Bramble Home Care", "--manager", "Priya Nair")
        modules = forty_lessons(site)
        for number in range(ROUNDS):
            invite = f"{site.origin}/join/{somebody(site, f'Not yet {number}', modules[:1]).code}"
            code = somebody(site, f"Carer {number}", modules).code
            pages = [("lesson", f"{site.origin}/learn/{MODULE}/1/1", False), ("join", invite, False)]
            found = [*judged(playwright, folder / f"new-{number}", pages)]
            found += judged(
                playwright, folder / f"joined-{number}", [("today", f"{site.origin}/today", True)], site, code
            )
            lowest.append(min(score for scores in found for score in scores.values()))
    return {"P8.lighthouse": lowest}


def judged(
    playwright: Playwright,
    profile: Path,
    pages: Sequence[tuple[str, str, bool]],
    site: Site | None = None,
    code: str = "",
) -> list[dict[str, int]]:
    """Scores of each page by category, in a browser of its own; with `code`, of somebody who has joined in it."""
    port = free_port()
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path="/usr/bin/chromium",
        headless=True,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--remote-debugging-port={port}"],
    )
    try:
        if site:
            join(context.pages[0], site, code)
        found = []
        for name, address, keep in pages:
            told = run(port, address, keep)
            print(f"  {name}: {told['scores']} {[each['audit'] for each in told['lost']]}", flush=True)
            found.append(counted(told, private=keep))
        return found
    finally:
        context.close()


def join(page: Any, site: Site, code: str) -> None:
    """From the invite to Today, with every lesson on the phone."""
    page.goto(f"{site.origin}/join/{code}")
    page.locator("main a.bv-button--main").click()
    page.locator("[name=pin]").fill(PIN)
    page.locator("[name=again]").fill(PIN)
    page.locator("main button.bv-button--main").click()
    page.locator("[data-getting=done]").wait_for(timeout=60_000)
    page.goto("about:blank")


def run(port: int, address: str, keep: bool) -> dict[str, Any]:
    """What Lighthouse says of a page. Raises CalledProcessError."""
    command = ["node", "run.mjs", str(port), address, *(["keep"] if keep else [])]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True, timeout=180)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def counted(told: dict[str, Any], *, private: bool) -> dict[str, int]:
    """Leave out the score for search engines of a page that is nobody else's, or is kept from them on purpose."""
    hidden = private or any(each["audit"] == NOT_FOR_SEARCH for each in told["lost"])
    return {name: told["scores"][name] for name in COUNTED if not (name == "seo" and hidden)}
