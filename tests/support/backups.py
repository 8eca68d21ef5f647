"""A server on a real database of each sort, with phones that talk to it, and a folder for its backups."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from app import backup
from app.backup import Made, Place, Restored
from app.config import ROOT
from app.kernel import new_uuid7, prepare_engine
from app.sync import Sender
from tests.support.model import ModelPhone, Server
from tests.support.world import add_person, add_provider

_STEPS = Config()
_STEPS.set_main_option("script_location", str(ROOT / "migrations"))
# What this version knows, as `flask backup restore` says it; and the newest of them, which a backup made now has.
REVISIONS = {step.revision for step in ScriptDirectory.from_config(_STEPS).walk_revisions()}
NEWEST = ScriptDirectory.from_config(_STEPS).get_current_head()
KEY = "a key for the backups of tests, and for no others"
NIGHT = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 15, 14, 30, tzinfo=UTC)


# Of a PostgreSQL's databases the one that the migrations made, for others to be copied from.
MIGRATED = "migrated"


def migrate(url: URL) -> None:
    """Make the tables of an empty database as the migrations do, and leave nobody connected to it."""
    engine = create_engine(url, poolclass=NullPool)
    prepare_engine(engine)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


class Disk(Server):
    """The real service on a database that the migrations made, backed up and restored as operators do.

    It is copied from one that they made once, and becomes a server of its own.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.place = Place(url=url, folder=folder / "backups", key=None)
        self.engine = create_engine(url)
        prepare_engine(self.engine)
        self.rename(new_uuid7().hex)
        with Session(self.engine) as session:
            provider = add_provider(session)
            member = add_person(session, provider)
            session.commit()
        self.people = (Sender(person_id=member.person_id, person_uuid=member.person_uuid, provider_id=provider.id),)

    def phone(self, records: int = 0) -> ModelPhone:
        """A phone whose records, this many, have arrived."""
        phone = ModelPhone(sender=self.people[0], dev=self.enrol(self.people[0]))
        self.arrive(phone, records)
        return phone

    def arrive(self, phone: ModelPhone, records: int) -> None:
        """Make records and send them."""
        for _ in range(records):
            phone.make("look-back.answered", {"items": []})
        self.send(phone)

    def send(self, phone: ModelPhone) -> None:
        """Send what waits, and hear the answer."""
        phone.hear(phone.dev, self.take(phone.sender, phone.batch(phone.dev, 1000)), self)

    def back_up(self, *, kept: int = 14, now: datetime = NIGHT, key: str | None = None) -> Made:
        """Make a backup, under a key when one is given."""
        return backup.create(replace(self.place, key=key), kept=kept, now=now)

    def put_back(self, path: Path, *, another_server: bool = False, key: str | None = None) -> Restored:
        """Stop the server, put a backup in its database's place, start again."""
        self.engine.dispose()
        return backup.restore(
            replace(self.place, key=key), path, revisions=REVISIONS, another_server=another_server, now=LATER
        )

    def rename(self, server: str) -> None:
        """Become another server."""
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE server SET uuid = :uuid"), {"uuid": server})


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that the migrations made, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "records.sqlite"
    migrate(make_url(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_of_disks(postgres_url: str) -> Engine:
    """The PostgreSQL of all disks, with the database they are copied from."""
    url = make_url(postgres_url)
    owner = create_engine(url.set(database="template1"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with owner.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {MIGRATED} TEMPLATE template0"))
    migrate(url.set(database=MIGRATED))
    return owner


@pytest.fixture
def sqlite_disk(migrated_file: Path, tmp_path: Path) -> Iterator[Disk]:
    """A server on SQLite."""
    shutil.copy(migrated_file, tmp_path / "records.sqlite")
    made = Disk(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A server on each sort of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_disk")
        return
    owner: Engine = request.getfixturevalue("postgres_of_disks")
    name = f"visits_{new_uuid7().hex[-12:]}"
    with owner.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {MIGRATED}"))
    made = Disk(owner.url.set(database=name).render_as_string(hide_password=False), tmp_path)
    yield made
    made.engine.dispose()
    with owner.connect() as connection:
        for each in connection.execute(text(f"SELECT datname FROM pg_database WHERE datname LIKE '{name}%'")).scalars():
            connection.execute(text(f"DROP DATABASE {each} WITH (FORCE)"))


def databases(disk: Disk) -> set[str]:
    """What lies beside the database: files, or databases of its PostgreSQL. For seeing that nothing is left over."""
    known = make_url(disk.place.url)
    if known.get_backend_name() == "sqlite":
        return {path.name for path in Path(str(known.database)).parent.iterdir()}
    with disk.engine.connect() as connection:
        return set(connection.execute(text("SELECT datname FROM pg_database")).scalars())
