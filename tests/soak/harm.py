"""What is done to the server meanwhile: workers and masters killed, lessons published, backups made."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from tests.support.library import Place
from tests.support.site import FLASK, ROOT, Site


class Harm(threading.Thread):
    """Kills workers now and then, the whole server rarely. The oldest worker is spared, for its memory to be seen."""

    def __init__(self, site: Site, luck: random.Random, *, between: float, cuts: list[float]) -> None:
        """`between`: seconds between two kills of a worker. `cuts`: when everything dies, in seconds from the start."""
        super().__init__(daemon=True)
        self.site, self.luck, self.between, self.cuts = site, luck, between, cuts
        self.done: Counter[str] = Counter()
        self.finishing = threading.Event()
        self.failed: BaseException | None = None

    def run(self) -> None:
        """Do harm until told to finish; whatever was killed is up again afterwards."""
        began = time.monotonic()
        try:
            # On a slow machine the time is over before all was done that was asked for.
            while not self.finishing.wait(self.luck.uniform(0.5, 1.5) * self.between) or self.cuts:
                if self.cuts and time.monotonic() - began > self.cuts[0]:
                    self.cuts.pop(0)
                    self._cut()
                elif len(workers := self.site.workers()) > 1:
                    with suppress(ProcessLookupError):
                        os.kill(self.luck.choice(workers[1:]), signal.SIGKILL)
                        self.done["workers killed"] += 1
        except BaseException as error:  # told by the main thread, which ends the run
            self.failed = error

    def _cut(self) -> None:
        if self.done["masters killed"] % 2:
            self.site.kill_master()
        else:
            self.site.kill()
        self.done["masters killed"] += 1
        self.site.start()
        self.done["restarts"] += 1


class Chores(threading.Thread):
    """What an operator does meanwhile: publishes a new edition, makes a backup that is tried at once."""

    def __init__(self, site: Site, place: Place, published: Callable[[], None], *, every: float) -> None:
        """`published` is called when a new edition is out. `every`: seconds between two chores."""
        super().__init__(daemon=True)
        self.site, self.place, self.published, self.every = site, place, published, every
        self.done: Counter[str] = Counter()
        self.finishing = threading.Event()
        self.failed: list[str] = []
        self.edition = 1

    def run(self) -> None:
        """Do one chore after another until told to finish, each at least once."""
        chores = (self._publish, self._back_up)
        turn = 0
        while not self.finishing.wait(self.every) or turn < len(chores):
            chores[turn % 2]()
            turn += 1

    def _publish(self) -> None:
        self.edition += 1
        old = "edition: 1\n" if self.edition == 2 else f"edition: {self.edition - 1}\nchange: minor\n"
        self.place.edit((old, f"edition: {self.edition}\nchange: minor\n"))
        if self._flask("content", "publish"):
            self.done["editions published"] += 1
            self.published()

    def _back_up(self) -> None:
        if self._flask("backup", "create"):
            self.done["backups made and tried"] += 1

    def _flask(self, *words: str) -> bool:
        done = subprocess.run(
            [*FLASK, *words], cwd=ROOT, env=self.site.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            self.failed.append(f"flask {' '.join(words)}: {done.stdout[-500:]} {done.stderr[-500:]}")
        return done.returncode == 0
