"""`make bench`: print what a visit costs, what the server takes in, and what building the lessons takes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import intake, visit
from tests.support.site import FLASK, ROOT, Site

MODULE = "stroke-first-minutes"


def build_time(folder: Path) -> dict[str, float]:
    """Seconds to publish all lessons into an empty database, and again with nothing changed (both with start-up)."""
    site = Site(folder)
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env=site.environment, check=True, capture_output=True)
    times = []
    for _ in range(2):
        began = time.perf_counter()
        subprocess.run([*FLASK, "content", "publish"], cwd=ROOT, env=site.environment, check=True, capture_output=True)
        times.append(round(time.perf_counter() - began, 2))
    return {
        "modules": len(list(ROOT.glob("content/packs/*/*/*/module.md"))),
        "all": times[0],
        "nothing changed": times[1],
    }


def published(site: Site) -> dict[str, Any]:
    """The measured module's edition: its hash, and a right answer to each question as a phone would give it."""
    script = f"""
import json
from app import create_app
from app.extensions import db
from app.content.queries import current_editions, edition_by_sha
app = create_app()
with app.app_context():
    found = next(e for e in current_editions(db.session) if e.key == {MODULE!r})
    print(found.sha)
    print(edition_by_sha(db.session, found.sha).body.decode())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True
    )
    sha, body = done.stdout.strip().splitlines()[-2:]
    edition = json.loads(body)
    answers = {
        part["id"]: [next(option["key"] for option in part["question"]["options"] if option["right"])]
        for part in edition["parts"]
        if part["kind"] == "question" and part["question"]["kind"] in ("single", "truefalse")
    }
    return {"sha": sha, "edition": edition["edition"], "answers": answers}


def show(title: str, rows: dict[str, Any] | list[dict[str, Any]]) -> None:
    print(f"\n{title}")
    for row in rows if isinstance(rows, list) else [rows]:
        print("  " + "  ".join(f"{name}: {value}" for name, value in row.items()))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("build", "site"):
            (home / name).mkdir()
        show("Building the lessons (seconds)", build_time(home / "build"))
        site = Site(home / "site")
        site.prepare()
        site.flask("provider", "add", "Bramble Home Care", "--manager", "Priya Nair")
        codes = [
            site.flask("person", "add", f"Carer {number}")["link"].rsplit("/", 1)[1] for number in range(visit.ROUNDS)
        ]
        for number in range(visit.ROUNDS):
            site.flask("person", "assign", f"Carer {number}", MODULE)
        site.start()
        try:
            for name, value in visit.run(site, codes, MODULE).items():
                show(name, {"": value})
            rows = intake.run(site, home, MODULE, published(site))
            show("Taking in quiz results, 8 senders, beside Flask and one INSERT", rows)
        finally:
            site.stop()


if __name__ == "__main__":
    main()
