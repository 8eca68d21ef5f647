"""Reading a published edition, as phones do when they fetch lessons, beside the floor that has the same bytes to send.

Eight at once, each on one connection, each asking again as soon as it is answered.
"""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.servers import floor, ours, published

READERS, REQUESTS, ROUNDS = 8, 150, 5
TAKES = {"Accept-Encoding": "br"}


def measure(folder: Path) -> dict[str, list[float]]:
    """S9: our rate as a share of the floor's, and whether an edition that is known already is answered with 304."""
    shares = []
    with ours(folder / "ours") as site:
        path = f"/e/{published(site)['sha']}"
        body, tag = first(site.port, path)
        with floor(folder, {path.rsplit("/", 1)[1]: body}) as (floor_port, _):
            for _ in range(ROUNDS):
                us, least = rate(site.port, path, body), rate(floor_port, path, body)
                print(f"  ours {us:.0f} a second, floor {least:.0f}", flush=True)
                shares.append(us / least * 100)
        unchanged = _asked(site.port, path, {**TAKES, "If-None-Match": tag}) == (304, b"")
    return {"S9.rate": shares, "S9.unchanged": [float(unchanged)]}


def rate(port: int, path: str, body: bytes) -> float:
    """Answers a second, each of them checked."""

    def read(_reader: int) -> None:
        connection = http.client.HTTPConnection("localhost", port, timeout=60)
        for _ in range(REQUESTS):
            connection.request("GET", path, headers=TAKES)
            reply = connection.getresponse()
            assert (reply.status, reply.read()) == (200, body)
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(read, range(READERS)))
    return READERS * REQUESTS / (time.perf_counter() - began)


def first(port: int, path: str) -> tuple[bytes, str]:
    """The bytes an edition is sent as, and its tag."""
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", path, headers=TAKES)
    reply = connection.getresponse()
    assert (reply.status, reply.getheader("Content-Encoding")) == (200, "br")
    return reply.read(), reply.getheader("ETag") or ""


def _asked(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    return reply.status, reply.read()
