"""The files of deploy/several: an operator's values fill them, and what they say fits together."""

from __future__ import annotations

import configparser
import re
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from app.config import Settings
from tests.nodes.load import Answer, seen
from tests.support.several import SEVERAL, fill_in_tool


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return fill_in_tool()


@pytest.fixture
def values(tool: ModuleType, tmp_path: Path) -> dict[str, str]:
    """Those of the example, with passwords, and a key in a file."""
    given: dict[str, str] = tool.read((SEVERAL / "values.example").read_text(encoding="utf-8"))
    given |= {name: f"secret{number}" for number, name in enumerate(n for n in given if n.endswith("_PASSWORD"))}
    key = tmp_path / "key"
    key.write_text("k" * 40)
    return given | {"SECRET_KEY_FILE": str(key), "BACKUP_KEY_FILE": str(key), "NODE_FOLDER": str(tmp_path / "node")}


def test_the_example_has_a_value_for_every_place_but_the_passwords(tool: ModuleType, tmp_path: Path) -> None:
    given = tool.read((SEVERAL / "values.example").read_text(encoding="utf-8"))
    with pytest.raises(KeyError) as missing:
        tool.fill_in(given, tmp_path / "filled")
    assert missing.value.args == ("APP_PASSWORD, REPLICATION_PASSWORD, SUPERUSER_PASSWORD",)
    assert not (tmp_path / "filled").exists()


def test_every_value_of_the_example_is_used(tool: ModuleType) -> None:
    given = tool.read((SEVERAL / "values.example").read_text(encoding="utf-8"))
    asked = {name for file in tool.FILES for name in tool.PLACE.findall((SEVERAL / file).read_text(encoding="utf-8"))}
    assert set(given) == asked


def test_filled_files_are_for_their_owner_and_fit_together(
    tool: ModuleType, values: dict[str, str], tmp_path: Path
) -> None:
    tool.fill_in(values, tmp_path / "filled")
    files = {path.name: path for path in (tmp_path / "filled").iterdir()}
    assert set(files) == set(tool.FILES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert [name for name, path in files.items() if re.search(r"@[A-Z0-9_]+@", path.read_text())] == []
    settings = Settings.from_environment(tool.read(files["node.env"].read_text()))
    assert settings.production
    assert settings.database_url == "postgresql+psycopg://between_visits:secret0@127.0.0.1:6432/between_visits"
    assert settings.database_direct_url == "postgresql+psycopg://between_visits:secret0@10.0.0.10:5000/between_visits"
    pooler = configparser.ConfigParser()
    pooler.read(files["pgbouncer.ini"])
    assert pooler["pgbouncer"]["pool_mode"] == "transaction"
    # A phone gives up after 20 seconds: it is to hear "try later" before.
    assert int(pooler["pgbouncer"]["query_wait_timeout"]) < 20
    patroni = yaml.safe_load(files["patroni.yml"].read_text())
    rules = patroni["bootstrap"]["dcs"]
    assert rules["synchronous_mode"] is True
    assert rules["ttl"] >= rules["loop_wait"] + 2 * rules["retry_timeout"]
    assert yaml.safe_load(files["etcd.yml"].read_text())["enable-grpc-gateway"] is True


def test_a_file_that_anybody_could_read_is_for_its_owner_once_passwords_are_in_it(
    tool: ModuleType, values: dict[str, str], tmp_path: Path
) -> None:
    listed = tmp_path / "userlist.txt"
    listed.write_text("")
    listed.chmod(0o644)
    tool.fill_in(values, tmp_path, ["userlist.txt"])
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600


def test_the_command_writes_the_files_that_are_named(values: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "values").write_text("\n".join(f"{name}={value}" for name, value in values.items()))
    words = [sys.executable, str(SEVERAL / "fill_in.py"), "values", "filled", "etcd.yml"]
    done = subprocess.run(words, cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert [path.name for path in (tmp_path / "filled").iterdir()] == ["etcd.yml"]


def test_an_interruption_is_the_longest_time_without_a_good_answer() -> None:
    answers = [Answer(at, word) for at, word in ((1, "ok"), (2, "503"), (5, "read"), (6, "ok"), (8, "ok"), (30, "ok"))]
    found = seen(answers, 0, 10)
    assert (found.longest, found.good, found.failed) == (5, 3, Counter({"503": 1}))
    assert seen(answers, 9, 29).longest == 20
