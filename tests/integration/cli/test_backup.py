"""`flask backup`: lines for people, one document for programs, and 1 with a reason when it did not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask_migrate import stamp

from app.config import ROOT
from app.extensions import db


@pytest.fixture(autouse=True)
def tables(app: Flask) -> None:
    stamp(directory=str(ROOT / "migrations"))


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["backup", *words])
    return result.exit_code, result.output


def document(app: Flask, *words: str) -> Any:
    code, output = run(app, *words, "--json")
    assert code == 0, output
    return json.loads(output)


def test_from_nothing_to_put_back(app: Flask) -> None:
    assert run(app, "list") == (0, "There are none yet. Make one with: flask backup create\n")
    code, output = run(app, "create")
    assert code == 0
    assert "verified, 0 records" in output
    name = output.split(":")[0]

    assert run(app, "list")[1].split()[0] == name
    assert run(app, "verify")[1].startswith(f"{name}: verified.")
    code, output = run(app, "restore", name)
    assert (code, output.splitlines()[0][:8]) == (0, "Put back")
    assert "The database before is kept as" in output


def test_programs_get_documents(app: Flask) -> None:
    made = document(app, "create")
    sort = db.engine.dialect.name
    assert (made["verified"], made["encrypted"], made["database"], made["deleted"]) == (True, False, sort, [])
    assert document(app, "list")[0]["file"] == made["file"]
    assert document(app, "verify", made["file"])["log"] == made["log"]
    assert document(app, "restore", made["file"])["kept"].startswith(db.engine.url.database)


def test_what_cannot_be_done_is_said_and_leaves_with_1(app: Flask) -> None:
    assert run(app, "verify") == (1, "Error: There are no backups yet. Make one with: flask backup create\n")
    code, output = run(app, "restore", "nothing.backup")
    assert (code, output) == (1, "Error: There is no backup called nothing.backup. See: flask backup list\n")


def test_without_our_tables_nothing_is_made(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    code, output = run(app, "create")
    assert (code, output) == (1, "Error: The database does not have our tables. Run: flask db upgrade\n")
