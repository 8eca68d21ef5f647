"""The lessons in this repository are right: no mistake that stops publishing, and every one can be published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.content import load, queries, service

CONTENT = Path(__file__).parents[3] / "content"
# A day on which all facts are fresh; whether they still are is for `flask content check` to say.
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_no_file_of_the_library_has_a_mistake_that_stops_publishing() -> None:
    library = load(CONTENT)
    problems = [
        *library.problems,
        *(p for folder in library.folders for p in service.check_folder(library, folder, now=NOW).problems),
    ]
    assert [problem for problem in problems if problem.stops] == []
    assert len(library.folders) > 10


def test_the_library_is_published_whole_and_once(session: Session) -> None:
    library = load(CONTENT)
    first, second = (service.publish(session, library, now=NOW) for _ in range(2))
    assert first.refused == ()
    assert len(first.published) == len(second.unchanged) == len(library.folders)
    assert second.published == ()
    assert len(queries.current_editions(session)) == len(library.folders)
