"""The next edition may carry a key that was put right, and has to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app import sync
from app.content import load, service
from tests.support.library import Place

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MENDED = ("- [x] Ask him", "- [ ] Ask him"), ("- [ ] Hurry", "- [x] Hurry")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "content")


def test_a_minor_edition_may_carry_what_was_put_right_and_nothing_else(session: Session, place: Place) -> None:
    service.publish(session, load(place.root), now=NOW)
    place.edit(("edition: 1", "edition: 2\nchange: minor"), *MENDED)
    assert [each.code for each in service.publish(session, load(place.root), now=NOW).refused] == ["minor-marking"]

    sync.correct(session, "on-the-stairs", 1, "stops-first", ["a"], reason="Hurry.", now=NOW)

    assert [each.number for each in service.publish(session, load(place.root), now=NOW).published] == [2]
    place.edit(("edition: 2", "edition: 3"), ("- [x] Hurry", "- [ ] Hurry"), ("- [ ] Ask him", "- [x] Ask him"))
    [back] = service.publish(session, load(place.root), now=NOW).refused
    assert back.code == "minor-marking"


def test_a_minor_edition_with_the_wrong_key_still_in_it_is_refused(session: Session, place: Place) -> None:
    service.publish(session, load(place.root), now=NOW)
    sync.correct(session, "on-the-stairs", 1, "stops-first", ["a"], reason="Hurry.", now=NOW)
    place.edit(("edition: 1", "edition: 2\nchange: minor"), ("sixth stair", "fifth stair"))

    [refused] = service.publish(session, load(place.root), now=NOW).refused

    assert refused.code == "minor-marking"
    assert "Since edition 1 as it was put right" in refused.message
