"""A learner's pages as the server gives them: when there is no worker yet, or none at all.

The worker answers the same addresses with the same bytes from what is on the phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from app.content import queries as content
from app.content.types import EditionInfo
from app.extensions import db
from app.web import compose, shell
from app.web.access import allows_anyone
from app.web.learner.replies import public

bp = Blueprint("learner", __name__)


@allows_anyone
def whole_page(name: str) -> ResponseReturnValue:
    """Show a page that is the same for every edition and person, such as /today."""
    return public(shell.current().document(name))


for _name in shell.PAGES:
    bp.add_url_rule(f"/{_name}", _name, whole_page, defaults={"name": _name})


@bp.get("/learn/<key:key>")
@allows_anyone
def module(key: str) -> ResponseReturnValue:
    """Show what a module is, by its newest edition."""
    info = content.current_edition(db.session(), key)
    if info is None:
        abort(404)
    return public(compose.start_page(shell.current().document("module"), _edition(info), info.sha))


@bp.get("/learn/<key:key>/<int:number>/<int:part>")
@allows_anyone
def part(key: str, number: int, part: int) -> ResponseReturnValue:
    """Show one part of one edition; parts count from 1."""
    info = _info(key, number)
    edition = _edition(info)
    try:
        text = shell.current().document(compose.shell_for(edition, part))
    except compose.NoSuchPart:
        abort(404)
    return public(compose.part_page(text, edition, info.sha, part))


@bp.get("/learn/<key:key>/<int:number>/end")
@allows_anyone
def end(key: str, number: int) -> ResponseReturnValue:
    """Show the end of an edition."""
    info = _info(key, number)
    return public(compose.end_page(shell.current().document("end"), _edition(info), info.sha))


def _info(key: str, number: int) -> EditionInfo:
    info = next((each for each in content.editions_of(db.session(), key) if each.number == number), None)
    if info is None:
        abort(404)
    return info


def _edition(info: EditionInfo) -> Mapping[str, Any]:
    return content.quizzes(db.session(), [info.sha])[info.sha].edition
