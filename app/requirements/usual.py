"""The usual list of trainings and the pathway's categories, as `content/requirements/` has them, and taking it up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.requirements import models as m
from app.requirements import queries
from app.requirements.profiles import add_profile, change_profile
from app.requirements.trainings import Asks, add_training
from app.requirements.types import Basis, Elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTraining:
    """One line of the usual list; `profiles` are keys of the usual profiles that need it.

    `asc_wds`: codes of the training categories of ASC-WDS it counts as.
    """

    key: str
    asks: Asks
    profiles: tuple[str, ...]
    asc_wds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A role category of the Care Workforce Pathway. `title`: what a profile of it is called; `offered`: make one."""

    key: str
    name: str
    title: str
    offered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The usual list."""

    trainings: tuple[UsualTraining, ...]
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUp:
    """How much was added."""

    trainings: int
    profiles: int


def read_usual(folder: Path) -> Usual:
    """Read the usual list from a folder. Raises OSError, KeyError or ValueError: it ships with the program."""
    return Usual(
        trainings=tuple(_training(each) for each in _read(folder / "trainings.yml")),
        categories=tuple(
            Category(key=each["key"], name=each["category"], title=each["title"], offered=each["offered"])
            for each in _read(folder / "profiles.yml")
        ),
    )


def take_up(
    session: Session, provider_id: int, usual: Usual, *, offered: Collection[str], now: datetime, by: int | None = None
) -> TakenUp:
    """Add what of the usual list the provider does not have, and the profiles that need it. Safe to repeat.

    `offered` are the modules the provider can ask for: others are left out of a line. What was taken up before stays
    as the provider has made it; a profile it has already is given only the trainings that are new.
    """
    have = {each.usual: each for each in queries.trainings(session, provider_id) if each.usual}
    titles = {each.title.casefold() for each in queries.trainings(session, provider_id)}
    added = {}
    for line in usual.trainings:
        if line.key in have or line.asks.title.casefold() in titles:
            continue
        asks = line.asks.with_modules(tuple(each for each in line.asks.modules if each in offered))
        if not asks.ways:
            continue
        added[line.key] = add_training(session, provider_id, asks, now=now, by=by, usual=line.key)
    profiles = 0
    known = _profiles_taken_up(session, provider_id)
    names = {each.title.casefold() for each in queries.profiles(session, provider_id)}
    for category in usual.categories:
        if not category.offered:
            continue
        new = [added[line.key] for line in usual.trainings if line.key in added and category.key in line.profiles]
        view = known.get(category.key)
        if view is None and category.title.casefold() not in names:
            add_profile(session, provider_id, category.title, category.key, new, now=now, by=by, usual=category.key)
            profiles += 1
        elif view is not None and new:
            change_profile(
                session,
                provider_id,
                view.uuid,
                view.title,
                view.category,
                [*view.trainings, *new],
                now=now,
                by=by,
            )
    return TakenUp(trainings=len(added), profiles=profiles)


def _profiles_taken_up(session: Session, provider_id: int) -> dict[str, Any]:
    by_uuid = {each.uuid: each for each in queries.profiles(session, provider_id)}
    rows = session.execute(
        select(m.Profile.usual, m.Profile.uuid).where(
            m.Profile.provider_id == provider_id, m.Profile.ended_at.is_(None), m.Profile.usual.is_not(None)
        )
    )
    return {row.usual: by_uuid[row.uuid] for row in rows}


def _read(file: Path) -> list[dict[str, Any]]:
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(found, list):
        raise ValueError(f"{file.name} is not a list")
    return found


def _training(line: dict[str, Any]) -> UsualTraining:
    return UsualTraining(
        key=line["key"],
        asks=Asks(
            title=line["title"],
            basis=Basis(line["basis"]),
            driver=line["driver"],
            source=line["source"],
            modules=tuple(line["modules"]),
            practice=tuple(line["practice"]),
            elsewhere=Elsewhere(line["elsewhere"]),
            refresh_months=line["months"],
        ),
        profiles=tuple(line["for"]),
        asc_wds=tuple(line["asc_wds"]),
    )
