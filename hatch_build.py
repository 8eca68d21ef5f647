"""Build hook of the wheel: the phone's compiled client goes in, so that installing needs no Node."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ClientBuildHook(BuildHookInterface):
    """Run the client build when its output is not there yet."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build `app/static/build/`; npm failing stops the wheel."""
        root = Path(self.root)
        if version == "editable" or (root / "app/static/build/manifest.json").is_file():
            return
        if not (root / "node_modules").is_dir():
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=root, check=True)
        subprocess.run(["npm", "run", "--silent", "build"], cwd=root, check=True)
