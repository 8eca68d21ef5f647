"""This server publishes one module; Priya manages the one provider on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.support.suggesting import OwnServer, own_server
from tests.support.website import app, bramble, browser, empty_tables, priya

__all__ = ["app", "bramble", "browser", "empty_tables", "priya", "server"]


@pytest.fixture
def server(app: Flask, tmp_path: Path) -> OwnServer:
    """The module is published, and not offered yet."""
    return own_server(tmp_path)
