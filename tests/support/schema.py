"""Every table of the application."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

import app


def all_models() -> None:
    """Import every package's rows, so that the metadata is whole."""
    for package in pkgutil.iter_modules(app.__path__, "app."):
        if package.ispkg and importlib.util.find_spec(f"{package.name}.models"):
            importlib.import_module(f"{package.name}.models")
