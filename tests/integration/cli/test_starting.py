"""What a command reads before it does anything: all of it is typed by somebody who waits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from app.cli import PLACES
from tests.support.site import FLASK, ROOT

# Read by a process that has read nothing else, and told as JSON.
LOOK = """
import json, sys
from app.cli import PLACES, OurCommands
from app.kernel import Base
for given in sys.argv[1:]:
    group = OurCommands("app", PLACES)
    for name in given.split():
        group = group.get_command(None, name)
        assert group.name == name
print(json.dumps([sorted(Base.metadata.tables), sorted(sys.modules)]))
"""


def _read_for(*names: str) -> tuple[set[str], set[str]]:
    """Return the tables and the modules that are there once these commands were read."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK, *names], cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=True
    )
    tables, modules = json.loads(done.stdout)
    return set(tables), set(modules)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What commands are told whose server has its tables and nothing else."""
    folder = tmp_path_factory.mktemp("starting")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BV_")}
    told = {**clean, "BV_INSTANCE": str(folder)}
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env=told, check=True, capture_output=True)
    return told


def _flask(told: dict[str, str], *words: str) -> str:
    """Run a command in a process of its own, as if it had been typed."""
    done = subprocess.run([*FLASK, *words], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_command_reads_a_screen() -> None:
    _, modules = _read_for(*PLACES)
    assert not {name for name in modules if name.startswith("app.web.")}


@pytest.mark.parametrize("name", ["backup", "person", "worker"])
def test_what_may_go_through_every_table_knows_them_all(name: str, empty: dict[str, str]) -> None:
    engine = create_engine(f"sqlite:///{Path(empty['BV_INSTANCE'], 'between-visits.sqlite')}")
    there = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    tables, _ = _read_for(name)
    assert there
    assert tables == there


def test_publishing_reads_neither_screens_nor_what_only_they_need(empty: dict[str, str]) -> None:
    _, modules = _read_for("content publish")
    assert "app.content.service" in modules
    # Answers that wait for an edition are few, and who judges them is a third of the program.
    assert not {name for name in modules if name.startswith(("app.sync", "app.interop", "app.learning"))}
    assert not modules & {"app.compliance", "app.backup", "PIL", "joserfc", "segno"}
    said = json.loads(_flask(empty, "content", "publish", "--json"))
    assert said["published"]
    assert not said["refused"]


def test_what_a_screen_makes_is_made_for_the_command_line_too(empty: dict[str, str], tmp_path: Path) -> None:
    said = json.loads(_flask(empty, "content", "publish", "--json"))
    key = (said["unchanged"] or [each["module"] for each in said["published"]])[0]
    _flask(empty, "content", "export", key, "--as", "scorm", "--out", str(tmp_path / "module.zip"))
    assert (tmp_path / "module.zip").read_bytes()[:2] == b"PK"


def test_flasks_own_commands_find_the_screens(empty: dict[str, str]) -> None:
    assert "/api/v1/records" in _flask(empty, "routes")


def test_help_names_every_command(empty: dict[str, str]) -> None:
    told = _flask(empty, "--help")
    assert all(f"\n  {name} " in told for name in PLACES)
