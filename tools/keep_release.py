"""Keep what a release leaves behind, so that every later version is tried against it: `keep_release.py 0.2`.

Run it when a version is released, from its own code. It writes tests/releases/VERSION/: the database as SQL for SQLite
and PostgreSQL with rows in every table, an edition, the records of its phone, and what that phone's own store holds.
What is there already is left alone: a release is never made anew by later code.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, create_engine, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.kernel import Base, prepare_engine
from tests.support import release
from tests.support.postgres import private_postgres, programs
from tests.support.schema import all_models
from tests.support.site import ROOT

CLIENT = ROOT / "tests" / "phone" / "support" / "keep-client.ts"


def migrate(engine: Engine) -> str:
    """Bring an empty database up to this version; return the revision."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with engine.connect() as connection:
        return str(MigrationContext.configure(connection).get_current_revision())


def phone(made: release.Made, scratch: Path) -> dict[str, Any]:
    """Let this version's own client code fill a phone; return its databases and records."""
    built = scratch / "keep-client.mjs"
    bundle = [ROOT / "node_modules/.bin/esbuild", CLIENT, f"--outfile={built}", "--bundle", "--platform=node"]
    subprocess.run([*bundle, "--format=esm", "--conditions=import", "--log-level=warning"], cwd=ROOT, check=True)
    given = {"server": made.server, "now": "2026-06-15T09:00:00.000Z", "person": made.person}
    given |= {"edition": made.edition, "sha": made.sha, "bytes": made.bytes, "right": made.right}
    done = subprocess.run(["node", built], input=json.dumps(given), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def empty_tables(connection: Connection, metadata: MetaData) -> list[str]:
    """Name the tables without a row: an upgrade that is tried on none of them proves nothing about them."""
    tables = [table for table in metadata.sorted_tables if table.name != "alembic_version"]
    return [table.name for table in tables if not connection.scalar(select(func.count()).select_from(table))]


def copy(source: Engine, target: Engine) -> None:
    """Put every row of one database into another with the same empty tables."""
    with source.connect() as reading, target.begin() as writing:
        for table in Base.metadata.sorted_tables:
            writing.execute(table.delete())
            rows = [dict(row._mapping) for row in reading.execute(select(table))]
            if rows:
                writing.execute(table.insert(), rows)
        for table in Base.metadata.sorted_tables:
            if table.autoincrement_column is not None:
                name = table.autoincrement_column.name
                numbered = f"pg_get_serial_sequence('{table.name}', '{name}')"
                if writing.scalar(text(f"SELECT {numbered}")):
                    writing.execute(text(f"SELECT setval({numbered}, (SELECT max({name}) FROM {table.name}))"))


def dumped(url: str) -> str:
    """Dump a PostgreSQL as SQL any version reads."""
    known = make_url(url)
    words = [programs() / "pg_dump", "-h", known.host, "-p", str(known.port), "-U", known.username, "--inserts"]
    done = subprocess.run(
        [*words, "--no-owner", "--no-privileges", known.database], capture_output=True, text=True, check=True
    )
    # The guard words of newer clients, a new one each time, which older ones do not know.
    return re.sub(r"^\\(un)?restrict .*\n", "", done.stdout, flags=re.MULTILINE)


def keep(version: str) -> Path:
    """Write the folder of a release. Raises SystemExit when it is there."""
    folder = release.RELEASES / version
    if folder.exists():
        raise SystemExit(f"{folder.relative_to(ROOT)} is there already. A release is kept once, by its own code.")
    all_models()
    with tempfile.TemporaryDirectory() as name, private_postgres() as postgres:
        scratch = Path(name)
        sqlite, other = create_engine(f"sqlite:///{scratch / 'kept.sqlite'}"), create_engine(postgres)
        prepare_engine(sqlite)
        revision = migrate(sqlite)
        migrate(other)
        with Session(sqlite) as session:
            made = release.fill(session, scratch)
            found = phone(made, scratch)
            release.take(session, made, found["sent"])
        with sqlite.connect() as connection:
            empty = empty_tables(connection, Base.metadata)
        if empty:
            raise SystemExit(f"No row in {', '.join(empty)}: let tests/support/release.py make some.")
        copy(sqlite, other)
        sqlite.dispose()
        with closing(connect(scratch / "kept.sqlite")) as raw:
            lines = "\n".join(raw.iterdump()) + "\n"
        folder.mkdir(parents=True)
        (folder / "sqlite.sql").write_text(lines, encoding="utf-8")
        (folder / "postgres.sql").write_text(dumped(postgres), encoding="utf-8")
        other.dispose()
    about = {
        "version": version,
        "revision": revision,
        "record": found["sent"][0]["v"],
        "format": made.edition["format"],
        "server": made.server,
        "sha": made.sha,
        "person": made.person,
        "right": made.right,
    }
    parts = {"release": about, "client": found["databases"], "edition": made.edition}
    parts["records"] = {"sent": found["sent"], "unsent": found["unsent"]}
    for part, content in parts.items():
        words = json.dumps(content, ensure_ascii=False, indent=None if part == "edition" else 1, sort_keys=True)
        (folder / f"{part}.json").write_text(words + "\n", encoding="utf-8")
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch(r"\d+(\.\d+)+", sys.argv[1]):
        raise SystemExit("Say which version: python -m tools.keep_release 0.2")
    print(f"Kept in {keep(sys.argv[1]).relative_to(ROOT)}")
