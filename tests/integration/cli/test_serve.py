"""The first command somebody types brings everything up and says what to do next; the second changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import create_app, providers
from app.config import Mode
from app.extensions import db
from tests.support.website import settings_in


@pytest.mark.parametrize(("mode", "made_up"), [(Mode.DEVELOPMENT, ["Bramble Home Care"]), (Mode.PRODUCTION, [])])
def test_serving_for_the_first_time_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode, made_up: list[str]
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, words: started.append(words))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content" / "packs").mkdir(parents=True)
    for _ in range(2):
        app = create_app(settings_in(tmp_path, mode=mode, content=tmp_path / "content"))
        result = app.test_cli_runner().invoke(args=["serve"])
        assert result.exit_code == 0, result.output
        assert "Between Visits: http://localhost" in result.output
        with app.app_context():
            assert [p.name for p in providers.list_providers(db.session())] == made_up
            db.session.remove()
            db.engine.dispose()
    assert [words[-1] for words in started] == ["wsgi:app", "wsgi:app"]
