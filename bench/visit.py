"""What a carer waits for, and pays for in data: a first visit, those after it, and each tap. Beside the floor, in turn.

The line is slow 3G by `tests.support.link`: 400 kbit/s, 400 ms, shared by all connections. See bench/README.md.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from bench import servers, visit_later, visit_taps
from bench.slow_phone import Phone
from tests.support.carer import Carer
from tests.support.forty import forty_lessons, somebody
from tests.support.link import SLOW_3G, SlowLink
from tests.support.site import Site

ROUNDS = 5
MODULE = "stroke-first-minutes"
PIN = "280417"
WORDS = "main .bv-prose p"
NOTE = (
    "Phone: {modules} modules with 40 lessons are asked for. Bytes are those that come to the phone, headers and all, "
    "over HTTP/1.1; a module's own size is its text and pictures packed."
)

Rounds = dict[str, list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is measured: our server, the floor's port, and the modules a person is asked for."""

    playwright: Any
    folder: Path
    site: Site
    floor: int
    modules: tuple[str, ...]

    def profile(self, name: str) -> Path:
        """A folder for a phone's browser."""
        return self.folder / f"phone-{name}"

    def code(self, name: str) -> str:
        """An invite's code for somebody with forty lessons to do."""
        return somebody(self.site, name, self.modules).code


def measure(folder: Path) -> Mapping[str, Sequence[float]]:
    """P1 to P10, but for Lighthouse."""
    rounds: Rounds = defaultdict(list)
    with servers.ours(folder / "ours", BV_CONTENT=str(visit_later.own_content(folder))) as site:
        site.flask("provider", "add", "Bramble Home Care", "--manager", "Priya Nair")
        modules = forty_lessons(site)
        with floor(folder, site, modules) as (port, _), sync_playwright() as playwright:
            place = Place(playwright=playwright, folder=folder, site=site, floor=port, modules=modules)
            for number in range(ROUNDS):
                shared_link(place, number, rounds)
                joining(place, number, rounds)
                forty(place, number, rounds)
                print(f"  first visits: {number + 1} of {ROUNDS}", flush=True)
            visit_later.measure(place, rounds)
            visit_taps.measure(place, rounds)
    return rounds


def floor(folder: Path, site: Site, modules: Sequence[str]) -> Any:
    """The floor's server with the same forty lessons, rendered from the same Markdown."""
    lessons = [
        {"title": part["title"], "html": part["html"], "module": edition["key"]}
        for edition in sorted(site.editions().values(), key=lambda each: str(each["key"]))
        if edition["key"] in modules
        for part in edition["parts"]
        if part["kind"] == "lesson"
    ]
    path = folder / "lessons.json"
    path.write_text(json.dumps(lessons, ensure_ascii=False), encoding="utf-8")
    return servers.floor(folder, program="bench.floor_page:app", FLOOR_LESSONS=str(path))


def shared_link(place: Place, number: int, rounds: Rounds) -> None:
    """P1, P3: a link to a lesson, opened with nothing on the phone."""
    with SlowLink(place.site.port, SLOW_3G) as link:
        phone = Phone(place.playwright, place.profile(f"link-{number}"))
        ours = phone.seconds(f"{link.origin}/learn/{MODULE}/1/1", WORDS)
        rounds["P3.bytes"].append(link.received / 1000)
        rounds["P3.requests"].append(link.requests)
        phone.close()
    with SlowLink(place.floor, SLOW_3G) as link:
        phone = Phone(place.playwright, place.profile(f"link-floor-{number}"))
        least = phone.seconds(f"{link.origin}/lesson/0", "main h1 ~ *")
        phone.close()
    rounds["P1.seconds"].append(ours)
    rounds["P1.floor"].append(ours / least)


def joining(place: Place, number: int, rounds: Rounds) -> None:
    """P2: an invite's link to the first lesson's words, each thing pressed as soon as it is there."""
    code = place.code(f"Joins {number}")
    with SlowLink(place.site.port, SLOW_3G) as link:
        phone = Phone(place.playwright, place.profile(f"joins-{number}"))
        began = time.perf_counter()
        phone.page.goto(f"{link.origin}/join/{code}", wait_until="commit")
        choose_pin(phone)
        phone.press("[data-lessons] a")
        phone.press("[data-main-card] a.bv-button--main")
        phone.page.wait_for_url("**/learn/**", wait_until="commit", timeout=90_000)
        if not phone.page.url.rsplit("/", 1)[1].isdecimal():
            phone.press("[data-next]")
        phone.appears(WORDS)
        rounds["P2.seconds"].append(time.perf_counter() - began)
        phone.close()


def choose_pin(phone: Phone) -> None:
    """From the invite's page to the press that joins, once the script is there that nobody types as fast as."""
    phone.press("main a.bv-button--main")
    phone.appears("[data-show-pin]:not([hidden])")
    phone.page.locator("[name=pin]").fill(PIN, timeout=90_000)
    phone.page.locator("[name=again]").fill(PIN)
    phone.press("main button.bv-button--main")


def forty(place: Place, number: int, rounds: Rounds) -> None:
    """P4, P5, P6: from the press that joins until all forty lessons open with no signal."""
    code = place.code(f"Forty {number}")
    with SlowLink(place.site.port, SLOW_3G) as link:
        phone = Phone(place.playwright, place.profile(f"forty-{number}"))
        hosts: set[str] = set()
        phone.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        # Read before it is pressed: what a page that is left had begun to fetch comes twice.
        phone.page.goto(f"{link.origin}/join/{code}", wait_until="load")
        choose_pin(phone)
        began = time.perf_counter()
        phone.appears("[data-getting=done]")
        ours = time.perf_counter() - began
        rounds["P5.bytes"].append(link.received / 1000)
        rounds["P5.requests"].append(link.requests)
        rounds["P6.bytes"].append(sum(link.bodies[path] for path in link.bodies if path.endswith(".js")) / 1000)
        rounds["P6.hosts"].append(len(hosts - {urlsplit(link.origin).netloc}))
        opens_without_signal(place, phone, link)
        phone.close()
    with SlowLink(place.floor, SLOW_3G) as link:
        phone = Phone(place.playwright, place.profile(f"forty-floor-{number}"))
        least = phone.seconds(link.origin, "body[data-kept]")
        assert phone.page.locator("body").get_attribute("data-lessons") == "40"
        phone.close()
    rounds["P4.seconds"].append(ours)
    rounds["P4.floor"].append(ours / least)


def opens_without_signal(place: Place, phone: Phone, link: SlowLink) -> None:
    """See that what is said to be on the phone is: the last module's first lesson, with nobody answering."""
    before = link.requests
    Carer(phone, place.site, origin=link.origin).go(f"/learn/{place.modules[-1]}/1/1")
    phone.appears(WORDS)
    assert not any(path.startswith(("/learn", "/e/")) for path in link.asked[before:])
