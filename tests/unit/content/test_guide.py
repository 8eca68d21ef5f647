"""The guide for authors names everything there is, and its example is right. A guide that lies costs an evening."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli.content import content
from app.content.codes import CODES
from app.content.fields import FIELDS
from app.content.questions import INSTRUCTIONS, LABELS
from app.content.sanitise import ALERTS
from app.content.scenes import ENDINGS
from tests.support.content import checked, example

GUIDE = (Path(__file__).parents[3] / "docs/authoring.md").read_text(encoding="utf-8")


def test_the_guides_example_is_a_module_without_a_mistake() -> None:
    found = re.search(r"^````markdown\n(.*?)^````$", GUIDE, re.MULTILINE | re.DOTALL)
    assert found is not None
    assert checked(found[1]).problems == ()
    assert found[1] == example(), "the example that the tests use"


@pytest.mark.parametrize(
    "thing",
    [
        *(f"`{code}`" for code in CODES),
        *(f"`{field}`" for field in FIELDS),
        *(f"`{label}:`" for label in LABELS),
        *(f"`**{bold}**`" for bold in INSTRUCTIONS.values()),
        *(f"**Ending: {ending}**" for ending in ENDINGS),
        *(f"[!{alert.upper()}]" for alert in ALERTS),
        *(f"flask content {name}" for name in content.commands),
    ],
)
def test_the_guide_names(thing: str) -> None:
    assert thing in GUIDE
