"""A module for other learning systems: the page of the preview, with everything it loads, in one package."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.content import queries as content
from app.content.build import whole
from app.content.errata import errata_of, put_right
from app.content.errors import UnknownEdition
from app.content.published import published_library
from app.content.types import EditionInfo, MediaFile
from app.interop import scorm
from app.web import assets
from app.web.trainer import framed

EXTENSION = "bv.scorm"
SCRIPT, STYLES = "scorm.js", "app.css"
_BUILT = re.compile(re.escape(assets.PREFIX) + r"([\w.-]+)")
# The page may load what lies beside it, and nothing else from anywhere.
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'; "
    "style-src 'self'; font-src 'self'; img-src data:; media-src data:; form-action 'none'; base-uri 'none'\">\n"
)
_CHARSET = re.compile(r"<meta charset=[^>]*>\n?")


def scorm_of(session: Session, info: EditionInfo) -> bytes:
    """Return an edition as a SCORM 1.2 package, with its keys as they were put right. Raises UnknownEdition.

    Answers that phones never hold are in it: nobody else could mark them there.
    """
    quiz = content.quiz(session, info.sha)
    if quiz is None:
        raise UnknownEdition.of(info.key, info.number, [])
    body, key = put_right(quiz.edition, quiz.answer_key, errata_of(session, [info.sha]).get(info.sha, ()))
    edition = _all_here(dict(body), {each["id"]: each for each in whole(body, key)})
    words = " ".join(part.get("text") or part["title"] for part in edition["parts"])
    asset = current_app.jinja_env.globals["asset"]
    assert callable(asset)
    page = framed.page(
        edition,
        info.sha,
        _media(session, info),
        framed.words_in(words, published_library(session).glossary),
        at=framed.START,
        base=f"/learn/{info.key}/{info.number}",
        asset=asset,
        script=SCRIPT,
    )
    # The page also names what a phone fetches later. Nothing here ever does.
    names = [asset(each).removeprefix(assets.PREFIX) for each in (SCRIPT, STYLES)]
    page = _CHARSET.sub(lambda found: f"{found[0]}{_POLICY}", _BUILT.sub(r"\1", page), count=1)
    files = {name: (assets.BUILD / name).read_bytes() for name in names}
    module = scorm.Module(key=info.key, edition=info.number, title=info.title, pass_mark=info.pass_mark)
    return scorm.package(module, page, files)


def _all_here(edition: dict[str, Any], questions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return an edition whose every question can be marked where it is played."""
    parts = [
        {**part, "question": {**questions[part["id"]], "feedback": "instant"}} if part["kind"] == "question" else part
        for part in edition["parts"]
    ]
    return {**edition, "parts": parts}


def _media(session: Session, info: EditionInfo) -> list[MediaFile]:
    found = []
    for each in info.media:
        stored = content.media_by_sha(session, each["sha"])
        if stored is not None:
            kind, name = each["kind"], each["name"]
            found.append(MediaFile(name=name, sha=stored.sha, type=stored.type, kind=kind, body=stored.body))
    return found


def init_app(app: Flask) -> None:
    """Let the command line make a package: `app.extensions["bv.scorm"](session, info)` gives its bytes."""
    app.extensions[EXTENSION] = scorm_of
