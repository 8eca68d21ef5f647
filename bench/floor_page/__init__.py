"""The least that keeps lessons on a phone and sends what was answered: a page, a script, a worker, a JSON of lessons.

Run by gunicorn as `bench.floor_page:app`, it is the floor's server with these files beside its records. FLOOR_LESSONS
names a file with `[{"title", "html", "module"}]`. It signs nobody in, checks no hash, and knows no edition or picture.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from flask import Response, abort, request

from bench.floor import app

__all__ = ["app"]

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def lessons() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(os.environ["FLOOR_LESSONS"]).read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=64)
def packed(text: str) -> bytes:
    return bytes(brotli.compress(text.encode()))


def sent(text: str, mimetype: str = "text/html") -> Response:
    if not request.accept_encodings["br"]:
        return Response(text, mimetype=mimetype)
    return Response(packed(text), mimetype=mimetype, headers={"Content-Encoding": "br", "Cache-Control": "no-cache"})


def file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@app.get("/")
def start() -> Response:
    return sent(file("page.html").replace("{}", "<p>One moment.</p>"))


@app.get("/lesson/<int:number>")
def lesson(number: int) -> Response:
    if number >= len(lessons()):
        abort(404)
    each = lessons()[number]
    return sent(file("page.html").replace("{}", f"<h1>{each['title']}</h1>{each['html']}"))


@app.get("/page.js")
def script() -> Response:
    return sent(file("page.js"), "text/javascript")


@app.get("/worker.js")
def worker() -> Response:
    return sent(file("worker.js"), "text/javascript")


@app.get("/lessons.json")
def all_lessons() -> Response:
    return sent(json.dumps(lessons(), ensure_ascii=False), "application/json")
