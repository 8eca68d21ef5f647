"""The front page, help, and the glossary."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.content import queries as content
from app.extensions import db
from app.web.access import allows_anyone

bp = Blueprint("public", __name__)


@bp.get("/")
@allows_anyone
def front() -> ResponseReturnValue:
    """Say what this is, and show the two doors."""
    return render_template("public/front.html")


@bp.get("/help")
@allows_anyone
def get_help() -> ResponseReturnValue:
    """Answer what people ask, for carers and for managers."""
    return render_template("public/help.html")


@bp.get("/self-test")
@allows_anyone
def self_test() -> ResponseReturnValue:
    """Try what this browser can do, and give a text to send in. The page's own script does it all."""
    return render_template("public/self-test.html")


@bp.get("/words")
@allows_anyone
def words() -> ResponseReturnValue:
    """Say what the words of lessons mean, by their first letters."""
    glossary = content.document(db.session(), "glossary", "en")
    meanings: dict[str, str] = glossary.data["words"] if glossary else {}
    letters: dict[str, list[tuple[str, str]]] = {}
    for word in sorted(meanings, key=str.casefold):
        letters.setdefault(word[0].upper(), []).append((word, meanings[word]))
    return render_template("public/words.html", letters=letters)
