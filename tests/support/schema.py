"""Every table of the application."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

from sqlalchemy import Engine, insert

import app
from app.kernel import Base, new_uuid7
from app.sync import Server


def all_models() -> None:
    """Import every package's rows, so that the metadata is whole."""
    for package in pkgutil.iter_modules(app.__path__, "app."):
        if package.ispkg and importlib.util.find_spec(f"{package.name}.models"):
            importlib.import_module(f"{package.name}.models")


def make_tables(engine: Engine) -> None:
    """Make every table in an empty database, and name the server, as the migrations do."""
    all_models()
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Server).values(id=1, uuid=new_uuid7()))
