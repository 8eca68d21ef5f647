"""`flask content correct`: what it says, what it notes, and what it leaves alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from click.testing import Result
from flask import Flask

from app import audit
from app.cli.content import content
from app.extensions import db
from app.learning import Completed
from tests.support.editions import edition
from tests.support.publishing import publish
from tests.support.world import one_phone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MENDED = ("- [x] Ask him", "- [ ] Ask him"), ("- [ ] Hurry", "- [x] Hurry")


def correct(app: Flask, *more: str) -> Result:
    arguments = ["correct", "a-module", "1", "first-thing", "--right", "a", "--reason", "It was a.", *more]
    return app.test_cli_runner().invoke(content, arguments)


def test_the_command_tells_who_gains_and_who_keeps_and_notes_it(app: Flask) -> None:
    phone = one_phone(db.session())
    sha = publish(db.session(), edition())
    phone.send(db.session(), phone.answered(sha, {"first-thing": ["b"]}))

    seen = correct(app, "--dry-run")
    assert seen.exit_code == 0, seen.stderr
    assert "Nothing is changed yet. 1 attempts marked again, 1 differ." in seen.output
    assert audit.entries(db.session(), limit=5) == ()
    done = json.loads(correct(app, "--json").output)

    assert (done["attempts"], done["changed"], done["gain"]) == (1, 1, [])
    assert [each["name"] for each in done["keep"]] == ["Ngozi Obi"]
    assert db.session.query(Completed).count() == 1
    [noted] = audit.entries(db.session(), limit=5)
    assert (noted.action, noted.details) == (
        "content.corrected",
        {"module": "a-module", "edition": 1, "question": "first-thing"},
    )
    again = correct(app)
    assert again.exit_code == 0
    assert again.output == "That is its key already. Nothing was changed.\n"


def test_the_command_says_what_the_text_needs(app: Flask) -> None:
    publish(db.session(), edition())
    publish(db.session(), edition(number=2))
    told = correct(app).output
    assert "Edition 2 has the same wrong key." in told
    assert "publish it as the next edition" in told
    assert "change: minor" in told


def test_what_cannot_be_is_said_and_changes_nothing(app: Flask) -> None:
    publish(db.session(), edition())
    for changes, words in ((["--right", "b"], "one of a, b"), (["--reason", "x"], "3 to 500")):
        result = correct(app, *changes)
        assert result.exit_code != 0
        assert words in result.stderr
    assert audit.entries(db.session(), limit=5) == ()
