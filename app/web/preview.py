"""A module in a folder, shown as a carer will see it, while it is being written.

The pages are the learner's own: the same shell documents, filled by the same `compose`. One line is added to each, a
script that asks whether the file has changed. Nothing is published or kept, and no database is asked. It answers only
to this machine's own name, so that no other page in the browser can read what is being written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from app.content import Checked, build
from app.content.build import compress
from app.content.types import Built
from app.web import compose, shell
from app.web.assets import PREFIX
from app.web.security import SecurityHeaders

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXTENSION = "bv.preview"
OURSELVES = ("127.0.0.1", "localhost", "[::1]")
PAGE = re.compile(r"/learn/([a-z0-9-]+)(?:/([0-9]+)/([0-9]{1,4}|end))?")
FILE = re.compile(r"/(e|m)/([0-9a-f]{64})(?:\.[a-z0-9]+)?")
SCRIPT = "/preview.js"
RELOAD = """\
// Asks once a second whether the module has changed, and shows it anew.
let seen;
setInterval(async () => {
  const now = await fetch('/changed').then((reply) => reply.text(), () => seen);
  if (seen !== undefined && now !== seen) location.reload();
  seen = now;
}, 1000);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the page of a module says of it."""

    checked: Checked
    built: Built

    @property
    def title(self) -> str:
        """Its title, or its key."""
        return self.checked.module.title or self.checked.module.key or "A module"

    @property
    def key(self) -> str:
        """What its addresses are made of; a module without a key has to be shown all the same."""
        return self.checked.module.key or "draft"

    @property
    def path(self) -> str:
        """Where it lies."""
        return f"{self.key}/module.md"

    @property
    def problems(self) -> Iterable[object]:
        """What is to be mended."""
        return self.checked.problems

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return self.checked.module.minutes

    @property
    def bytes(self) -> int:
        """Its size as it is sent, without pictures."""
        return len(compress(self.built.body)[0] or self.built.body)

    @property
    def start(self) -> str:
        """The address of its first screen."""
        return f"/learn/{self.key}"

    @property
    def screens(self) -> list[tuple[str, str]]:
        """Title and address of each part, and of the end."""
        base = f"{self.start}/{self.built.data['edition']}"
        parts = self.built.data["parts"]
        return [(part["title"], f"{base}/{n}") for n, part in enumerate(parts, 1)] + [("The end", f"{base}/end")]


class Preview:
    """A WSGI application that shows what `read` gives; `stamp` says whether it has to be read again."""

    def __init__(self, app: Flask, read: Callable[[], Checked], stamp: Callable[[], str]) -> None:
        self._app = app
        self._read = read
        self._stamp = stamp
        self._made: tuple[str, Draft] | None = None
        self._lock = Lock()
        self._pages: WSGIApplication = SecurityHeaders(Request.application(self._answer), https=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer built files as the server does, everything else from the module."""
        if environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._app.wsgi_app(environ, start_response)
        return self._pages(environ, start_response)

    def draft(self) -> Draft:
        """Return the module as it lies in the folder now."""
        # One at a time: rendering is not for two threads, and a page asks for several files at once.
        with self._lock:
            stamp = self._stamp()
            if self._made is None or self._made[0] != stamp:
                checked = self._read()
                self._made = (stamp, Draft(checked=checked, built=build(checked.module, checked.media)))
            return self._made[1]

    def _answer(self, request: Request) -> Response:
        if request.host.rsplit(":", 1)[0] not in OURSELVES:
            return Response("This preview is for this machine alone.", 403)
        if request.method not in ("GET", "HEAD"):
            return Response("A preview keeps nothing.", 405)
        try:
            response = self._page(request.path)
        except OSError as trouble:
            response = Response(f"The module cannot be read: {trouble.strerror}. Save it again.", 503)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _page(self, path: str) -> Response:
        if path == SCRIPT:
            return Response(RELOAD, mimetype="text/javascript")
        if path == "/changed":
            return Response(self._stamp(), mimetype="text/plain")
        draft = self.draft()
        if path == "/":
            with self._app.app_context():
                text = self._app.jinja_env.get_template("preview/index.html").render({"draft": draft})
            return _watching(text)
        file, page = FILE.fullmatch(path), PAGE.fullmatch(path)
        if file:
            return _file(draft, file[1], file[2])
        if page and page[1] == draft.key:
            return self._learner_page(draft, page[3] or "")
        # "Stop here" and the bar at the foot lead to pages a module alone does not have.
        if path in ("/today", "/learn", "/me", "/pocket", "/record", "/waiting") or page:
            return redirect("/", Response=Response)
        return Response("This preview has no such page. Go back to /", 404)

    def _learner_page(self, draft: Draft, where: str) -> Response:
        # The number in the address is not looked at: it may just have been raised in the file.
        edition, sha = {**draft.built.data, "key": draft.key}, draft.built.sha
        with self._app.app_context():
            made = shell.current()
            if not where:
                return _watching(compose.start_page(made.document("module"), edition, sha))
            if where == "end":
                return _watching(compose.end_page(made.document("end"), edition, sha))
            try:
                name = compose.shell_for(edition, int(where))
            except compose.NoSuchPart:
                return redirect("/", Response=Response)
            return _watching(compose.part_page(made.document(name), edition, sha, int(where)))


def _file(draft: Draft, kind: str, sha: str) -> Response:
    if kind == "e" and sha == draft.built.sha:
        return Response(draft.built.body, mimetype="application/json")
    found = next((file for file in draft.built.media if kind == "m" and file.sha == sha), None)
    if found is None:
        return Response("It has changed since.", 404)
    response = Response(found.body, mimetype=found.type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _watching(page: str) -> Response:
    before, closing, after = page.rpartition("</body>")
    return Response(f'{before}<script defer src="{SCRIPT}"></script>\n{closing}{after}', mimetype="text/html")


def init_app(app: Flask) -> None:
    """Let the command line make a preview: `app.extensions["bv.preview"](read, stamp)` gives a WSGI application."""
    app.extensions[EXTENSION] = functools.partial(Preview, app)
