"""What a record and a page cost as the record grows: 10⁶ stored beside 10⁴, in the same run (bench/seeding.py).

`python -m bench.growth seed 1000000 <folder>` makes such a file. `make bench-growth` measures 10⁷ and keeps the files.

People of every provider send, so that a batch meets rows that lie anywhere. Before each page a carer of that provider
has sent a record, so nothing is as it was. Pages are asked for through gunicorn, signed in, one server a file, in turn.
"""

from __future__ import annotations

import http.cookiejar
import re
import statistics
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.intake import sent
from bench.phones import Sender, enrol_known, send
from bench.seeding import CARER, PASSWORD, seed
from bench.servers import published
from tests.support.site import Site

FEW, MANY = 10_000, 1_000_000
PHONES, SENDERS, SIZE, ROUNDS = 200, 8, 10, 5
# Each page is asked for so many times a round.
TIMES = 5
PAGES = {"record": "/api/v1/state", "people": "/staff/people", "matrix": "/staff/matrix"}


def measure(folder: Path) -> dict[str, list[float]]:
    """S6 at 10⁶. What pages take there is printed; the goals are about 10⁷ (bench/ten_million.py)."""
    return {"S6.million": beside(folder, FEW, MANY)["cost"]}


@dataclass
class Grown:
    """A server on a seeded file, with what is asked of it and what was measured: a number a round."""

    site: Site
    edition: dict[str, Any]
    phones: list[Sender]
    carer: Sender
    colleagues: list[Sender]
    manager: urllib.request.OpenerDirector
    cost: list[float] = field(default_factory=list)
    pages: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in PAGES})

    def take_in(self) -> None:
        """Note the milliseconds of processor a record takes, ten a request."""
        work = [
            [(one.append, one.batch(self.edition, SIZE)) for one in self.phones[number::SENDERS]]
            for number in range(SENDERS)
        ]
        records = len(self.phones) * SIZE
        self.cost.append(sent(work, records, self.site.port, self.site.master, "/api/v1/records").cpu)

    def show(self) -> None:
        """Note the milliseconds each page takes, the median of some."""
        for name, path in PAGES.items():
            took = []
            for turn in range(TIMES):
                someone = self.colleagues[turn % len(self.colleagues)]
                send(self.site.port, "/api/v1/records", [(someone.append, someone.batch(self.edition, 1))])
                took.append(self._asked(path))
            self.pages[name].append(statistics.median(took))

    def _asked(self, path: str) -> float:
        request = urllib.request.Request(f"{self.site.origin}{path}")
        if path == PAGES["record"]:
            request.add_header("Authorization", f"Bearer {self.carer.read}")
        began = time.perf_counter()
        with self.manager.open(request, timeout=60) as reply:
            assert reply.read()
            assert reply.url.endswith(path), (path, reply.url)
        return (time.perf_counter() - began) * 1000


def beside(folder: Path, few: int, many: int) -> dict[str, list[float]]:
    """Return how many times what a record (`cost`) and each page took with few it takes with many, and `<page>.ms`."""
    with ExitStack() as stack:
        small, large = (stack.enter_context(_grown(folder / str(size), size)) for size in (few, many))
        for grown in (small, large):
            grown.take_in()
            grown.show()
            # The first round of each warms it up.
            grown.cost.clear()
            grown.pages = {name: [] for name in PAGES}
        for _ in range(ROUNDS):
            for grown in (small, large):
                grown.take_in()
            for grown in (small, large):
                grown.show()
            print(f"  {few:,}: {_told(small)}; {many:,}: {_told(large)}", flush=True)
    found = {"cost": _times(small.cost, large.cost)}
    for name in PAGES:
        found[name] = _times(small.pages[name], large.pages[name])
        found[f"{name}.ms"] = large.pages[name]
    return found


def _times(small: list[float], large: list[float]) -> list[float]:
    return [much / little for little, much in zip(small, large, strict=True)]


def _told(grown: Grown) -> str:
    pages = ", ".join(f"{name} {each[-1]:.0f} ms" for name, each in grown.pages.items())
    return f"{grown.cost[-1]:.3f} ms of processor a record, {pages}"


@contextmanager
def _grown(folder: Path, records: int) -> Iterator[Grown]:
    """Give a running server on a file with so many records; what is measured stays in the file."""
    site = seed(records, folder)
    site.start()
    try:
        yield Grown(
            site=site,
            edition=published(site),
            phones=enrol_known(site, PHONES),
            carer=enrol_known(site, 1, named=CARER)[0],
            colleagues=enrol_known(site, TIMES, named="Carer 00%"),
            manager=_signed_in(site),
        )
    finally:
        site.stop()


def _signed_in(site: Site) -> urllib.request.OpenerDirector:
    """Return the manager's browser."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{site.origin}/staff/sign-in").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    form = urllib.parse.urlencode({"csrf_token": token[1], "name": "priya", "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{site.origin}/staff/sign-in", form, {"Referer": f"{site.origin}/staff/sign-in"})
    with browser.open(request) as reply:
        assert not reply.url.endswith("/sign-in"), reply.url
    return browser


def main(words: list[str]) -> int:
    """Run `seed <records> <folder>`."""
    if len(words) != 3 or words[0] != "seed" or not words[1].isdigit():
        print("Say: python -m bench.growth seed <records> <folder>")
        return 2
    began = time.monotonic()
    site = seed(int(words[1]), Path(words[2]))
    file = site.folder / "between-visits.sqlite"
    print(f"{words[1]} records in {file}: {file.stat().st_size / 1e6:,.0f} MB, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
