"""What taking in quiz results costs, in batches of 1, 10 and 100, beside the floor server in the same run.

Eight senders at once. Processor time is that of the servers alone, their masters and workers, marking and everything
else that is worked out included. Each round sends the same bytes to both, one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.phones import enrol, send
from bench.servers import floor, ours, processor, published

BATCHES = {1: 800, 10: 400, 100: 160}  # batch size: requests a round
SENDERS = 8
# One program served twice beside one floor differs by 6 % in the median of eight.
ROUNDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: records a second, milliseconds of processor a record, and the 95th of 100 answers in milliseconds."""

    rate: float
    cpu: float
    p95: float


def measure(folder: Path) -> dict[str, list[float]]:
    """S1, S3 and S4: ours against the floor, a ratio a round."""
    found: dict[str, list[float]] = {f"S1.batch-{size}": [] for size in BATCHES}
    found |= {"S3.share": [], "S4.p95": []}
    with ours(folder / "ours") as site, floor(folder) as (floor_port, floor_master):
        edition, senders = published(site), enrol(site, SENDERS)
        for size, requests in BATCHES.items():
            for _ in range(ROUNDS):
                # The same bytes for both: what a phone says it has receipts for has to be true of ours.
                work = [[(one.append, one.batch(edition, size)) for _ in range(requests // SENDERS)] for one in senders]
                us = sent(work, requests * size, site.port, site.master, "/api/v1/records")
                least = sent(work, requests * size, floor_port, floor_master, "/records")
                print(f"  {size:3} a request: ours {_told(us)}; floor {_told(least)}", flush=True)
                found[f"S1.batch-{size}"].append(us.cpu / least.cpu)
                if size == 10:
                    found["S3.share"].append(us.rate / least.rate * 100)
                    found["S4.p95"].append(us.p95 / least.p95)
    return found


def sent(work: Sequence[Sequence[tuple[str, bytes]]], records: int, port: int, master: int, path: str) -> Round:
    """Let all send at once, each their own bodies with their tokens, until each has had all its answers."""
    used, began = processor(master), time.perf_counter()
    with ThreadPoolExecutor(len(work)) as pool:
        waits = [wait for each in pool.map(lambda mine: send(port, path, mine), work) for wait in each]
    seconds, used = time.perf_counter() - began, processor(master) - used
    p95 = sorted(waits)[int(len(waits) * 0.95)]
    return Round(rate=records / seconds, cpu=used / records * 1000, p95=p95 * 1000)


def _told(one: Round) -> str:
    return f"{one.cpu:.3f} ms of processor a record, {one.rate:.0f} a second, p95 {one.p95:.0f} ms"
