"""The server's half of the digest contract; the phone's half reads the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.sync.digest import NOTHING, with_ids

CASES = json.loads((Path(__file__).parent / "digest.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_phone_and_server_count_the_same(case: dict[str, Any]) -> None:
    digest = with_ids(NOTHING, case["ids"])

    assert {"n": digest.n, "x": digest.x} == case["expect"]
