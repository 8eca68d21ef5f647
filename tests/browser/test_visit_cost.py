"""What a visit costs a carer's data: counted on the wire, headers and all, so that it cannot creep up unseen.

Nothing here depends on how fast the machine is: what is counted has come to an end before it is looked at.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.carer import Carer
from tests.support.engines import Chromium
from tests.support.forty import A_DAY_LATER, forty_lessons, next_edition, somebody
from tests.support.link import QUICK, SlowLink
from tests.support.site import ROOT, Site

MODULE = "stroke-first-minutes"
TO_READ, TO_READ_REQUESTS = 14_500, 6  # until the words of a shared lesson and its picture stand there
SHARED = 62_000  # and then the scripts, for somebody who only reads one lesson and keeps nothing
# The whole first visit of somebody with forty lessons, and the list of all others with what it takes to leave, later.
FIRST, FIRST_REQUESTS = 112_000, 22
REST = 22_000
# What is new, which compares the digest too, and whether there is a newer worker.
RETURN, RETURN_REQUESTS = 700, 2
# Times a module's own size, for the visit after it was published anew and the one after that.
CHANGED = 1.2


class Visits:
    """A browser that opens and closes on one phone. `hosts` and `paths`: what its pages and workers asked for."""

    def __init__(self, playwright: Any, site: Site, link: SlowLink, profile: Path) -> None:
        self._playwright, self._profile = playwright, profile
        self.site, self.link = site, link
        self.hosts: set[str] = set()
        self.paths: set[str] = set()

    def open(self, **options: Any) -> Carer:
        """Start the browser with a tab that remembers nothing, and count from nothing."""
        self.link.forget()
        self.browser = Chromium(self._playwright, self._profile, **options)
        self.browser.context.on("request", self._note)
        return Carer(self.browser, self.site, origin=self.link.origin)

    def _note(self, request: Any) -> None:
        asked = urlsplit(request.url)
        self.hosts.add(asked.netloc)
        self.paths.add(asked.path)

    def close(self) -> tuple[int, int]:
        """End the browser once the line is quiet, and let a day pass; give bytes and requests since it began."""
        self.link.quiet()
        spent = self.link.received, self.link.requests
        self.browser.page.evaluate(A_DAY_LATER)
        self.browser.close()
        return spent

    def look_at_today(self) -> tuple[int, int]:
        """One whole visit: bytes and requests."""
        carer = self.open()
        carer.go("/today")
        carer.wait_for("main .bv-card")
        return self.close()


@pytest.fixture
def visits(prepared: Path, playwright: Any, tmp_path: Path) -> Iterator[Visits]:
    """A phone with nothing on it, and a server whose lessons can be changed, behind a line that counts."""
    shutil.copytree(prepared, tmp_path / "instance")
    shutil.copytree(ROOT / "content", tmp_path / "content")
    site = Site(tmp_path / "instance", settings={"BV_CONTENT": str(tmp_path / "content"), "BV_WORKERS": "1"})
    site.start()
    with SlowLink(site.port, QUICK) as link:
        yield Visits(playwright, site, link, tmp_path / "profile")
    site.stop()


def test_the_words_of_a_shared_lesson_come_with_little(visits: Visits) -> None:
    # Scripts are asked for after the words, and bring the rest of the app.
    carer = visits.open(java_script_enabled=False)
    carer.go(f"/learn/{MODULE}/1/1")
    visits.browser.page.locator("main .bv-prose p").first.wait_for()
    spent, requests = visits.close()
    assert spent <= TO_READ
    assert requests <= TO_READ_REQUESTS


def test_whoever_reads_one_lesson_and_keeps_nothing_pays_for_no_more(visits: Visits) -> None:
    # Without the worker, which fetches the rest of the shell for later.
    carer = visits.open(service_workers="block")
    carer.go(f"/learn/{MODULE}/1/1")
    carer.wait_for("main .bv-prose p")
    spent, _ = visits.close()
    assert spent <= SHARED
    assert visits.hosts == {f"localhost:{visits.link.port}"}


def test_a_first_visit_with_forty_lessons_and_those_after_it(visits: Visits) -> None:
    modules = forty_lessons(visits.site)
    asked = somebody(visits.site, "Ngozi Okafor", modules)

    carer = visits.open()
    carer.open_invite(asked.code)
    carer.lessons_come()
    visits.link.quiet()
    everything = {urlsplit(each).path for each in visits.link.asked}
    spent, requests = visits.close()
    assert spent <= FIRST
    assert requests <= FIRST_REQUESTS
    # What the worker asks for is watched too, or the next line would say little.
    assert "/shell.json" in visits.paths
    assert everything <= visits.paths
    assert visits.hosts == {f"localhost:{visits.link.port}"}

    # Somebody who has sent something shows the server what it should have, once an hour at most.
    carer = visits.open()
    carer.start(modules[0])
    carer.next()
    visits.close()
    # The list of all other lessons, and what it takes to leave, come once nothing else is new.
    rest, _ = visits.look_at_today()
    assert rest <= REST
    spent, requests = visits.look_at_today()
    assert spent <= RETURN
    assert requests <= RETURN_REQUESTS, visits.link.asked

    packed = next_edition(visits.site, modules[1])
    more, _ = visits.look_at_today()
    # What follows from it comes with the next look.
    after, _ = visits.look_at_today()
    assert more + after - 2 * spent <= CHANGED * packed
    assert visits.hosts == {f"localhost:{visits.link.port}"}
