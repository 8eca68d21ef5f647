"""A folder in production has no pip: `deploy/install.sh` brings what is missing there, and each message says how."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import ScriptInfo

from app.cli.push import keys
from app.config import FilesSettings, SettingsError
from app.content.exports import PdfMissing, to_pdf
from app.files import Bucket

ROOT = Path(__file__).resolve().parents[3]
BUCKET = FilesSettings(bucket="b", prefix="", endpoint="http://127.0.0.1:1", region="r", key_id="k", secret="s")
# What each extra brings first, and what asks for it.
ASKED = {
    "pdf": ("weasyprint", lambda: to_pdf("<p>"), PdfMissing),
    "push": (
        "pywebpush",
        lambda: keys.main([], standalone_mode=False, obj=ScriptInfo(create_app=lambda: Flask("app"))),
        click.ClickException,
    ),
    "s3": ("obstore.store", lambda: Bucket(BUCKET), SettingsError),
}


@pytest.mark.parametrize("extra", ASKED)
def test_what_is_missing_names_the_command_that_brings_it(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package, ask, refusal = ASKED[extra]
    # As Python itself marks a package that is not there.
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(refusal, match=f"sh deploy/install.sh FOLDER WHEEL {extra}`"):
        ask()


def test_what_a_message_names_can_be_installed() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    usage = (ROOT / "deploy/install.sh").read_text().splitlines()[1]
    for extra in set(extras) - {"dev"}:
        assert f"[{extra}]" in usage
        assert (ROOT / f"requirements/{extra}.txt").is_file()


def test_nobody_is_sent_to_pip() -> None:
    told = [path for path in (ROOT / "app").rglob("*.py") if "pip install" in path.read_text(encoding="utf-8")]
    assert told == []
