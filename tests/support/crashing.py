"""The application with one more address, which crashes with the words it is given."""

from __future__ import annotations

from flask import abort, request

from app import create_app
from app.web.access import allows_anyone

app = create_app()


@app.route("/crash/<word>", methods=["GET", "POST"])
@allows_anyone
def crash(word: str) -> str:
    """Fail as carelessly written code would: with everything it was given in the words of the error."""
    try:
        int(word)
    except ValueError as error:
        raise RuntimeError(f"{word} {request.form} {request.headers}") from error
    abort(404)
