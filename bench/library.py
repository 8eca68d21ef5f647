"""Building and checking modules beside what renders Markdown at all, and what a large library makes slower.

The floor is Python-Markdown with its tables, and bleach over what comes out: it checks nothing, and makes neither
questions nor pictures nor compressed files. Both get the same modules in turn, in one process. What grows with a
library is measured as whole commands, their start taken off, and a server's start until it has answered.
"""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import bleach
import markdown

from app.content import library
from app.content.prepare import Known, Ready, prepare
from app.kernel import utc_now
from bench.content import change_one, environment_of, timed
from bench.content_library import make
from tests.support.site import FLASK, ROOT, Site

FEW, MANY, ROUNDS = 100, 5_000, 5
TAGS = frozenset(
    ("p", "ul", "ol", "li", "a", "em", "strong", "h1", "h2", "h3", "h4", "blockquote", "code", "pre", "hr", "br", "img")
)
TABLES = frozenset(("table", "thead", "tbody", "tr", "th", "td"))
ATTRIBUTES = {"a": ["href", "title"], "img": ["src", "alt", "title"]}


def measure(folder: Path) -> dict[str, list[float]]:
    """A1, A2 and A3."""
    few, many = folder / "few", folder / "many"
    make(few / "content", FEW)
    times = [_beside(few / "content") for _ in range(ROUNDS)]
    each = {}
    make(many / "content", MANY)
    for home, modules in ((few, FEW), (many, MANY)):
        env = environment_of(home, home / "content")
        subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
        start = timed([*FLASK, "content", "--help"], ROOT, env)[1]
        each[modules] = (timed([*FLASK, "content", "publish"], ROOT, env)[1] - start) / modules
        print(f"  {modules} modules: {each[modules] * 1000:.1f} ms of processor each", flush=True)
    again = [_again(many) for _ in range(ROUNDS)]
    starts = [_start(many) for _ in range(ROUNDS)]
    print(f"  after one change {again[-1]:.2f} s; a start {starts[-1]:.2f} s", flush=True)
    return {
        "A1.module": times,
        "A1.grown": [each[MANY] / each[FEW]],
        "A2.seconds": again,
        "A3.seconds": starts,
    }


def _beside(content: Path) -> float:
    """Return how many times the floor's processor time checking and building 100 modules takes."""
    here, now = library.load(content), utc_now()

    def ours() -> None:
        made = prepare(here, Known(editions={}, documents=frozenset()), now=now).modules
        assert len([one for one in made if isinstance(one, Ready)]) == FEW, made

    def floor() -> None:
        renderer = markdown.Markdown(extensions=["tables", "sane_lists"])
        for module in here.folders:
            text = module.text()
            words = text.decode() if isinstance(text, bytes) else text
            assert bleach.clean(renderer.reset().convert(words), tags=TAGS | TABLES, attributes=ATTRIBUTES)

    us, least = _worked(ours), _worked(floor)
    print(f"  a module: ours {us / FEW * 1000:.1f} ms of processor, floor {least / FEW * 1000:.1f}", flush=True)
    return us / least


def _worked(act: Callable[[], None]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _again(home: Path) -> float:
    """Return the seconds that publishing takes after one module has a new edition, as somebody waits for it."""
    change_one(home / "content")
    return timed([*FLASK, "content", "publish"], ROOT, environment_of(home, home / "content"))[0]


def _start(home: Path) -> float:
    """Return the seconds from starting gunicorn to its first answer."""
    site = Site(
        home, settings={"BV_CONTENT": str(home / "content"), "BV_WORKERS": "2", "BV_THREADS": "4"}, forked=False
    )
    began = time.perf_counter()
    with (home / "gunicorn.log").open("ab") as log:
        server = subprocess.Popen(
            [FLASK[0], "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
            cwd=ROOT,
            env=site.environment,
            stdout=log,
            stderr=log,
        )
    try:
        while True:
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{site.origin}/api/v1/ping?n=up", timeout=5).read()
                return time.perf_counter() - began
            assert server.poll() is None, (home / "gunicorn.log").read_text()[-2000:]
            assert time.perf_counter() - began < 60, "the server did not answer within a minute"
            time.sleep(0.01)
    finally:
        server.terminate()
        server.wait(20)
