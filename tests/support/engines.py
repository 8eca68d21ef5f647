"""WebKitGTK and Firefox ESR behind the few acts a smoke journey needs, so that both take the very same journey."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from tests.support.site import free_port

WHERE = """
const found = document.querySelector(arguments[0]);
found?.scrollIntoView({block: 'center'});
return found ? `${found.getBoundingClientRect().top} ${document.body.scrollHeight}` : null;
"""


class Engine(Protocol):
    """One real browser with one profile."""

    def open(self, address: str) -> None:
        """Go to an address and wait for the page."""

    def script(self, body: str, *words: Any) -> Any:
        """Run the body of a function in the page; `words` are its `arguments`."""

    def click(self, selector: str) -> None:
        """Click the first element a CSS selector finds."""

    def type(self, selector: str, text: str) -> None:
        """Type into the first element a CSS selector finds."""

    def close(self) -> None:
        """End the browser."""


def wait_until(engine: Engine, condition: str, *words: Any, seconds: float = 20) -> Any:
    """Poll a page expression until it is true; the error shows what was on screen instead."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # A page that is just being replaced answers with an error of its engine's own kind.
        with contextlib.suppress(Exception):
            if found := engine.script(f"return ({condition})", *words):
                return found
        time.sleep(0.1)
    seen = engine.script("return location.href + '\\n' + document.body.innerText")
    raise AssertionError(f"waited {seconds} s for {condition} {words}; on screen:\n{seen}")


def into_view(engine: Engine, selector: str) -> str:
    """Scroll as a thumb does, and press as one does, once the page stands still.

    These two drivers click where the bottom bar lies over a button, or where a button was before something came above.
    """
    stood, deadline = None, time.monotonic() + 5
    while time.monotonic() < deadline:
        stands = engine.script(WHERE, selector)
        if stands is None or stands == stood:
            break
        stood = stands
        time.sleep(0.15)
    return selector


class WebKit:
    """MiniBrowser of WebKitGTK, driven by WebKitWebDriver on a screen of its own."""

    def __init__(self, home: Path, display: str) -> None:
        from selenium import webdriver
        from selenium.webdriver.webkitgtk.options import Options
        from selenium.webdriver.webkitgtk.service import Service

        options = Options()
        options.binary_location = str(max(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")))
        options.add_argument("--automation")
        # WebKit's own sandbox needs namespaces that containers rarely give.
        environment = {
            **os.environ,
            "DISPLAY": display,
            "HOME": str(home),
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        }
        self._driver = webdriver.WebKitGTK(
            options=options, service=Service("/usr/bin/WebKitWebDriver", env=environment)
        )
        self._driver.set_window_size(400, 800)

    def open(self, address: str) -> None:
        self._driver.get(address)

    def script(self, body: str, *words: Any) -> Any:
        return self._driver.execute_script(body, *words)

    def click(self, selector: str) -> None:
        self._driver.find_element("css selector", into_view(self, selector)).click()

    def type(self, selector: str, text: str) -> None:
        self._driver.find_element("css selector", selector).send_keys(text)

    def close(self) -> None:
        self._driver.quit()


class Firefox:
    """Firefox ESR without a window, driven by Mozilla's own protocol."""

    def __init__(self, home: Path, **more: Any) -> None:
        """Start it with a profile in `home`; `more` are preferences with `_` for `.`."""
        with warnings.catch_warnings():
            # Mozilla's own driver leans on things Python has since deprecated; that is not ours to mend.
            warnings.simplefilter("ignore")
            from marionette_driver.marionette import Marionette

        preferences = {"dom.storageManager.prompt.testing": True, "dom.storageManager.prompt.testing.allow": True}
        preferences |= {name.replace("_", "."): value for name, value in more.items()}
        self._driver = Marionette(
            bin="/usr/bin/firefox-esr",
            headless=True,
            port=free_port(),
            prefs=preferences,
            workspace=str(home),
            gecko_log=str(home / "gecko.log"),
        )
        self._driver.start_session()
        self._driver.set_window_rect(width=420, height=820)

    def open(self, address: str) -> None:
        self._driver.navigate(address)

    def script(self, body: str, *words: Any) -> Any:
        return self._driver.execute_script(body, script_args=words, new_sandbox=False)

    def click(self, selector: str) -> None:
        self._driver.find_element("css selector", into_view(self, selector)).click()

    def type(self, selector: str, text: str) -> None:
        self._driver.find_element("css selector", selector).send_keys(text)

    def close(self) -> None:
        self._driver.quit()
        self._driver.cleanup()
        del self._driver
        gc.collect()  # its finaliser must not run while Python is shutting down


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; yields its DISPLAY name."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "500x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


# Chromium's engine alone, of the same version. Beside each window the whole browser keeps two processes for pages of
# its own, and a window takes three times as much of the processor.
SHELL = "/usr/lib/chromium/chromium-headless-shell"


def start_chromium(playwright: Any) -> Any:
    """Chromium's engine for several people's windows, each of which forgets all when it is closed."""
    return playwright.chromium.launch(
        executable_path=SHELL,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    )


class Chromium:
    """The whole Chromium through Playwright, its profile outliving it, so that it can be killed and opened again.

    With `executable=SHELL` its engine alone.
    """

    def __init__(
        self, playwright: Any, profile: Path, *, executable: str = "/usr/bin/chromium", **options: Any
    ) -> None:
        self.profile = profile
        self.context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=executable,
            headless=True,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                "--disable-sync",
            ],
            **{"viewport": {"width": 360, "height": 740}, "locale": "en-GB", "has_touch": True, **options},
        )
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()

    def open(self, address: str) -> None:
        self.page.goto(address)

    def script(self, body: str, *words: Any) -> Any:
        return self.page.evaluate(
            f"async words => {{ return (function () {{ {body} }}).apply(null, words) }}", list(words)
        )

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def type(self, selector: str, text: str) -> None:
        self.page.locator(selector).first.fill(text)

    def close(self) -> None:
        self.context.close()

    def kill(self) -> None:
        """End every process of this browser at once, as a phone does that needs the memory."""
        mark = f"--user-data-dir={self.profile}"
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                if mark in (folder / "cmdline").read_bytes().decode(errors="replace").split("\0"):
                    os.kill(int(folder.name), signal.SIGKILL)
        with contextlib.suppress(Exception):
            self.context.close()
