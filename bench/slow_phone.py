"""A phone of five years ago: Chromium of 360 × 740 with a processor four times slower."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.support.engines import Chromium

# Against this machine's processor. Chromium slows pages down, not workers.
SLOWER = 4


class Phone(Chromium):
    """A browser with a profile that outlives it, slowed down."""

    def __init__(self, playwright: Any, profile: Path, *, slower: int = SLOWER) -> None:
        super().__init__(playwright, profile)
        self.tools = self.context.new_cdp_session(self.page)
        self.tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})

    def seconds(self, address: str, selector: str) -> float:
        """Open an address; seconds until something is on screen."""
        began = time.perf_counter()
        self.page.goto(address, wait_until="commit")
        self.appears(selector)
        return time.perf_counter() - began

    def appears(self, selector: str) -> None:
        """Wait until something is on screen."""
        self.page.locator(selector).first.wait_for(timeout=90_000)

    def press(self, selector: str) -> None:
        """Press as soon as it is there."""
        self.page.locator(selector).first.click(timeout=90_000)


def forget_http_cache(playwright: Any, profile: Path) -> None:
    """Empty the browser's own cache, as a phone does that needs the room; what the app keeps is elsewhere."""
    phone = Phone(playwright, profile, slower=1)
    phone.tools.send("Network.clearBrowserCache")
    phone.close()
