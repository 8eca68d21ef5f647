"""A node of the app as it runs for real: gunicorn and a worker in production mode, with its own instance folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from alembic.script import ScriptDirectory

from tests.nodes.cluster import Cluster
from tests.nodes.programs import Program, wait_for
from tests.support.site import FLASK, ROOT

# What a checkout needs to serve.
PROGRAM = ("app", "migrations", "content", "wsgi.py", "gunicorn.conf.py")
MIGRATION = '''"""An upgrade that only adds, as made for trying upgrades."""

from alembic import op
import sqlalchemy as sa

revision = "tried"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("providers", sa.Column("tried", sa.String(20), nullable=True))
    op.create_table("tried", sa.Column("id", sa.Integer, primary_key=True), sa.Column("word", sa.String(20)))


def downgrade() -> None:
    op.drop_table("tried")
    op.drop_column("providers", "tried")
'''


def next_release(folder: Path) -> Path:
    """Copy this checkout as the next release: with a step of the tables, and a style of other bytes and name."""
    for name in PROGRAM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    steps = folder / "migrations/versions"
    [head] = ScriptDirectory(str(steps.parent)).get_heads()
    (steps / "tried.py").write_text(MIGRATION.format(head=head), encoding="utf-8")
    build = folder / "app/static/build"
    names = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    old, names["app.css"] = names["app.css"], "app-0123456789.css"
    for suffix in ("", ".br", ".gz"):
        (build / f"{old}{suffix}").rename(build / f"{names['app.css']}{suffix}")
    (build / "manifest.json").write_text(json.dumps(names), encoding="utf-8")
    return folder


@dataclass
class AppNode:
    """One machine of the app. `root` is the program it runs, this checkout at first."""

    name: str
    cluster: Cluster
    folder: Path
    own: dict[str, str]
    root: Path = ROOT
    _programs: list[Program] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Its settings."""
        return self.cluster.environment(self.name, self.folder / self.name, **self.own)

    def flask(self, *words: str) -> str:
        """Run a `flask …` command of its program and return what it printed."""
        done = self._run(*words)
        assert done.returncode == 0, f"flask {' '.join(words)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def _run(self, *words: str, without: str = "") -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("BV_", "PG"))}
        settings = {name: value for name, value in self.environment.items() if name != without}
        command = [*FLASK, *words]
        return subprocess.run(
            command, cwd=self.root, env={**clean, **settings}, capture_output=True, text=True, check=False
        )

    def finding(self, about: str, *, without: str = "") -> str:
        """Say how bad `flask doctor` finds something; `without` a setting it has. Empty when it says nothing of it."""
        found = json.loads(self._run("doctor", "--json", without=without).stdout)["findings"]
        return next((each["level"] for each in found if each["about"] == about), "")

    def start(self) -> None:
        """Start the server and the worker, and wait until the balancer sends people here."""
        (self.folder / self.name).mkdir(exist_ok=True)
        kinds = {
            "server": [*FLASK, "serve"],
            "worker": [*FLASK, "worker"],
        }
        self._programs = [
            Program(f"{self.name}-{kind}", words, self.folder, self.environment, cwd=self.root, ours=True)
            for kind, words in kinds.items()
        ]
        for program in self._programs:
            program.start()
        wait_for(f"{self.name} is asked", lambda: self.cluster.state(self.name) == "UP", seconds=120)

    def kill(self) -> None:
        """End everything on it at once, as a power cut does, and wait until the balancer knows."""
        for program in self._programs:
            program.kill()
        self._wait_until_down()

    def stop(self) -> None:
        """Ask both to end, which finish what is under way, and wait until the balancer knows."""
        self.end()
        self._wait_until_down()

    def end(self) -> None:
        """Ask both to end."""
        for program in self._programs:
            program.stop()

    def _wait_until_down(self) -> None:
        wait_for(f"{self.name} is down", lambda: self.cluster.state(self.name).startswith("DOWN"))

    def drain(self) -> None:
        """Let the balancer send nobody here any more."""
        self.cluster.balancer(f"set server app/{self.name} state drain")

    def ready(self) -> None:
        """Let it send people here again."""
        self.cluster.balancer(f"set server app/{self.name} state ready")

    def said(self) -> str:
        """The end of what server and worker said."""
        return "\n".join(program.said() for program in self._programs)
