"""The server's processes over time: memory, open files, and whether either only grows."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.support.site import Site

PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a process: when (monotonic) and how old, in seconds; bytes of memory; open files."""

    at: float
    age: float
    memory: int
    files: int


class Watch(threading.Thread):
    """Looks at every worker each few seconds."""

    def __init__(self, site: Site, *, every: float = 2) -> None:
        super().__init__(daemon=True)
        self.site, self.every = site, every
        self.seen: dict[int, list[Sample]] = defaultdict(list)
        self.finishing = threading.Event()
        self._born: dict[int, float] = {}

    def run(self) -> None:
        """Look until told to finish."""
        while not self.finishing.wait(self.every):
            try:
                workers = self.site.workers()
            except AssertionError:  # it is down at this moment
                continue
            for pid in workers:
                self._look(pid)

    def _look(self, pid: int) -> None:
        born = self._born.setdefault(pid, time.monotonic())
        try:
            resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
            files = len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - names only, of a folder that may vanish
        except (FileNotFoundError, ProcessLookupError):
            return
        now = time.monotonic()
        self.seen[pid].append(Sample(now, now - born, resident, files))

    def now(self) -> str:
        """The workers' memory and open files at their last look."""
        alive = [pid for pid in list(self.seen) if Path(f"/proc/{pid}").exists()]
        return " ".join(f"{self.seen[p][-1].memory / MEGABYTE:.0f} MB/{self.seen[p][-1].files} files" for p in alive)

    def most(self, parts: int) -> list[float]:
        """The most memory (MB) any worker had in each of so many equal parts of the time; 0 where none stood."""
        looks = [sample for samples in self.seen.values() for sample in samples]
        if not looks:
            return []
        first = min(sample.at for sample in looks)
        whole = (max(sample.at for sample in looks) - first) or 1.0
        most = [0.0] * parts
        for sample in looks:
            part = min(parts - 1, int((sample.at - first) / whole * parts))
            most[part] = max(most[part], sample.memory / MEGABYTE)
        return most

    def growth(self, warm_up: float) -> tuple[float, float, float]:
        """Of the worker that lived longest: seconds after warm-up, MB an hour, files an hour, by least squares."""
        longest = max(self.seen.values(), key=lambda samples: samples[-1].age, default=[])
        warm = [sample for sample in longest if sample.age >= warm_up]
        if len(warm) < 3:
            return 0.0, 0.0, 0.0
        ages = [sample.age for sample in warm]
        return (
            ages[-1] - ages[0],
            slope(ages, [sample.memory / MEGABYTE for sample in warm]) * 3600,
            slope(ages, [float(sample.files) for sample in warm]) * 3600,
        )


def slope(at: list[float], values: list[float]) -> float:
    """The straight line through the points, as growth for each unit of `at`."""
    middle, mean = sum(at) / len(at), sum(values) / len(values)
    spread = sum((each - middle) ** 2 for each in at)
    if not spread:
        return 0.0
    return sum((x - middle) * (y - mean) for x, y in zip(at, values, strict=True)) / spread
