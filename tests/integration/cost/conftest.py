"""Every request of the program, asked twice: of a provider with five of everything, and with fifty."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import create_app
from app.extensions import db
from tests.support.asking import Asking
from tests.support.costs import Cost, Kept, costs
from tests.support.crowd import ORIGIN, Crowd, counts, not_grown
from tests.support.plans import Sent, large, recorded, troubles
from tests.support.two_providers import make_world
from tests.support.website import empty_tables, settings_in, sqlite_app

__all__ = ["empty_tables", "sqlite_app"]
FEW, MANY = 5, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One request, how it was answered and what it cost."""

    name: str
    endpoint: str
    method: str
    status: int
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """All of them, by name, while there were few of everything and while there were many.

    `not_grown`: the tables that gained less than they should have between the two. `troubles`: what of the plans
    of the `explained` statements grows with a large table, by request and statement.
    """

    few: dict[str, Answered]
    many: dict[str, Answered]
    not_grown: list[str]
    explained: int
    troubles: dict[str, list[str]]


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory, empty_tables: Path) -> Walked:
    """SQLite alone: how many statements are sent is decided before any database is asked."""
    folder = tmp_path_factory.mktemp("walked")
    shutil.copy(empty_tables, folder / "test.sqlite")
    app = create_app(settings_in(folder, origin=ORIGIN))
    with app.app_context():
        crowd = Crowd(make_world())
        crowd.grow(FEW)
        asking = Asking(app, crowd)
        plans: dict[str, tuple[str, Sent]] = {}
        few = dict(walk(asking, plans))
        before = counts()
        crowd.grow(MANY)
        still = not_grown(before, MANY - FEW)
        many = dict(walk(asking, plans))
        db.session.remove()
        with db.engine.connect() as connection:
            found = {f"{name} | {sent.statement}": troubles(connection, sent, large()) for name, sent in plans.values()}
        db.engine.dispose()
    found = {name: trouble for name, trouble in found.items() if trouble}
    return Walked(few=few, many=many, not_grown=still, explained=len(plans), troubles=found)


def walk(asking: Asking, plans: dict[str, tuple[str, Sent]]) -> Iterator[tuple[str, Answered]]:
    """Ask everything; what reads is asked twice, as the first look of a day may keep what it worked out.

    `plans` gets each statement, and the request that sent it first.
    """
    requests = list(asking.requests())
    for asked in requests:
        if asked.method == "GET":
            asking.send(asked)
    db.session.remove()
    kept = Kept(db.engine)
    for asked in requests:
        with costs(db.engine) as cost, recorded(db.engine) as sent:
            status = asking.send(asked).status_code
        for statement, each in sent.items():
            plans.setdefault(statement, (asked.name, each))
        yield (
            asked.name,
            Answered(name=asked.name, endpoint=asked.endpoint, method=asked.method, status=status, cost=cost),
        )
        if cost.commits:
            db.session.remove()
            kept.put_back()
    kept.close()
