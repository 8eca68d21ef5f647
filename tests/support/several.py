"""The program of deploy/several that fills its files in: it stands beside them, in no package."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from tests.support.site import ROOT

SEVERAL = ROOT / "deploy" / "several"


def fill_in_tool() -> ModuleType:
    """Give the program as a module."""
    spec = importlib.util.spec_from_file_location("fill_in", SEVERAL / "fill_in.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
