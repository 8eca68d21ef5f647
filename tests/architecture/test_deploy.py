"""What docs and deploy say of backups is so. An operator follows them at the worst of times."""

from __future__ import annotations

import configparser
import re
import shlex
from importlib.metadata import metadata
from pathlib import Path

import click
import pytest
import yaml
from flask import Flask
from packaging.specifiers import SpecifierSet

from app.config import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
BACKUP_PAGE = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text(encoding="utf-8"))
NAMES = {setting.name for setting in SETTINGS}


def takes(app: Flask, words: list[str]) -> bool:
    """Whether `flask` knows these words: commands first, then options of the last of them."""
    group: click.Command = app.cli
    for word in words:
        if word.startswith("--"):
            if word not in {name for parameter in group.params for name in parameter.opts}:
                return False
        elif isinstance(group, click.Group):
            found = group.get_command(click.Context(group), word)
            if found is None:
                return False
            group = found
    return True


def test_every_command_of_the_backup_page_exists(app: Flask) -> None:
    written = re.findall(r"`flask --app wsgi ([a-z-]+(?: [a-z-]+)*)[^`]*`", BACKUP_PAGE)
    assert {"worker", "worker --once", "backup create", "backup restore"} <= set(written)
    assert [words for words in written if not takes(app, words.split())] == []
    assert takes(app, ["backup", "restore", "--another-server"])
    assert not takes(app, ["backup", "restore", "--no-such-option"])


def test_every_setting_of_the_backup_page_and_of_deploy_exists() -> None:
    files = [path for path in (ROOT / "deploy").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    deploy = [path.read_text(encoding="utf-8") for path in files]
    written = {name for page in (BACKUP_PAGE, *deploy) for name in re.findall(r"\bBV_[A-Z_]+", page)}
    # What Caddy answers to and asks, and how much memory compose gives; they are not read by us.
    assert written - {"BV_SITE", "BV_UPSTREAM", "BV_MEMORY"} <= NAMES
    assert {name for name in NAMES if name.startswith("BV_BACKUP")} <= written


def test_the_worker_shares_database_and_settings_with_the_server(app: Flask) -> None:
    server, worker = COMPOSE["services"]["app"], COMPOSE["services"]["worker"]
    assert (worker["volumes"], worker["environment"]) == (server["volumes"], server["environment"])
    assert takes(app, worker["command"][3:])


def test_each_systemd_unit_starts_a_command_that_exists(app: Flask) -> None:
    assert [unit.name for unit in UNITS] == ["between-visits-worker.service", "between-visits.service"]
    for unit in UNITS:
        parsed = configparser.ConfigParser(interpolation=None, strict=False)
        parsed.optionxform = str  # type: ignore[assignment, method-assign]
        parsed.read_string(unit.read_text(encoding="utf-8"))
        words = shlex.split(parsed["Service"]["ExecStart"])
        assert words[1:3] == ["--app", "wsgi"]
        assert takes(app, words[3:])
        assert parsed["Service"]["User"] == "between-visits"


def test_no_container_can_take_the_box_with_it() -> None:
    for service in COMPOSE["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["restart"] == "unless-stopped"
        assert service["mem_limit"]
        assert service["pids_limit"]
        assert service["logging"]["options"]["max-size"]
    assert COMPOSE["services"]["app"]["healthcheck"]["test"][1:] == ["python", "-m", "app.alive"]
    # The worker listens to nobody: the server's check would call it ill.
    assert COMPOSE["services"]["worker"]["healthcheck"] == {"disable": True}


def test_both_systemd_units_are_shut_in_alike() -> None:
    shut_in = []
    for unit in UNITS:
        lines = unit.read_text(encoding="utf-8").splitlines()
        shut_in.append(
            {line for line in lines if line.startswith(("Protect", "Restrict", "System", "Capab", "Memory"))}
        )
    assert shut_in[0] == shut_in[1]
    assert {"CapabilityBoundingSet=", "ProtectSystem=strict", "SystemCallFilter=@system-service"} <= shut_in[0]


@pytest.mark.parametrize("name", ["run", "pdf", "postgres", "push", "s3"])
def test_what_a_server_installs_takes_the_python_of_debian_12(name: str) -> None:
    """docs/one-box.md names that system, and `deploy/install.sh` asks for these very versions."""
    written = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", written, re.MULTILINE))
    found = {each: metadata(each) for each in locked}
    assert locked
    assert {each: one["Version"] for each, one in found.items()} == locked
    wants = {each: one.get("Requires-Python", "") for each, one in found.items()}
    assert {each: want for each, want in wants.items() if not SpecifierSet(want).contains("3.11.2")} == {}
