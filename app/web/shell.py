"""The shell: every learner page rendered once, with tokens where an edition's words go, and the list of all its files.

A phone's worker fetches exactly these bytes, checks each against its SHA-256 and composes pages from them later. So a
shell document must not depend on who asks: it is rendered outside any request, and holds no personal byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app

from app.web import assets, theme

EXTENSION = "learner-shell"
PAGES = (
    *("today", "learn", "waiting", "record", "me", "pocket", "look-back", "who", "offline"),
    *("assess", "confirm", "plan", "passport"),
)
"""Shell documents that are whole pages as they stand."""
FORMS = ("module", "lesson", "question", "end")
"""Shell documents to be filled from an edition."""
DOCUMENTS = "/shell.json"
"""Where the phone fetches all shell documents."""
APP = "app.js"
WORKER = "sw-core.js"
KILL_SWITCH = "sw-off.js"
# No phone needs them to learn.
STAFF_ONLY = ("passkey.js", "staff.css")
SELF_TEST = "self-test.js"
# Of no use without signal, so fetched by whom they concern: messages on the lock screen, and a code of another provider
# on a phone where somebody is already.
WITH_SIGNAL = ("push.js", "join.js")
# Wherever a PIN is typed again: fetched then, and renewed with every build where the phone asks for one.
AGAIN = "again.js"
# Practice observed: fetched once lessons are on a phone, and from then on renewed with every build.
PRACTICE = "practice.js"
# My plan: fetched by whoever opens it or has delegated tasks, kept by itself, and then renewed with every build.
PLAN = "plan.js"
# Looking back, the rest of Me, several places: kept from the second visit on, and then renewed with every build.
PLACES = "places.js"
# My passport and the squares of its links: fetched by whoever opens it, kept by themselves, then renewed with builds.
PASSPORT = ("passport.js", "qr.js")
# Installed where the phone keeps them already (service_worker/worker/install.ts).
EXTRA = (AGAIN, PRACTICE, PLAN, PLACES, *PASSPORT)
# The page that checks credentials, and its own worker: kept by whoever opens it.
CHECK = ("check.js", "check-worker.js")
# Where trainers write, what they see beside it, and a module alone for other learning systems.
DESK = ("desk.js", "preview.js", "scorm.js", "desk.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellFile:
    """One file the worker stores at install: its address, how the SHA-256 of its bytes begins, and `kind`.

    The kind is "documents" or "extra" (wanted only where the phone keeps it); all others are just stored.

    Whoever could change a file on its way could change this list too, so it is damage, portals and builds half rolled
    out that are told by it. Eight bytes do that, and the list is asked for at every visit.
    """

    url: str
    sha: str
    kind: str


class Shell:
    """The shell documents of one build of the application. Made once; see `current`."""

    def __init__(self, documents: dict[str, str], webmanifest: str, build: Path) -> None:
        """Take the rendered documents by name and the folder with the built files."""
        self._documents = documents
        self.webmanifest = webmanifest
        self._worker = build / WORKER
        self._app = assets.Assets(build)(APP)
        self.files = tuple(self._list(build))
        # The worker's own text counts too: a record's `app` field then names exactly what ran on the phone.
        whole = "\n".join(f"{file.url} {file.sha}" for file in self.files) + self._worker_text()
        self.build = sha256(whole.encode()).hexdigest()[:12]

    def document(self, name: str) -> str:
        """Return the shell document called `name`. Raises KeyError when there is none."""
        return self._documents[name]

    def documents(self) -> str:
        """Return every shell document by its name, as one JSON object.

        One file, as a phone needs all of them or none: packed together they are a third of their size packed alone,
        and a slow line is asked once.
        """
        return json.dumps(self._documents, ensure_ascii=False, separators=(",", ":"))

    def worker(self) -> str:
        """Return the text of /sw.js: the list of files, then what loads the worker from one of them."""
        files = [{"url": f.url, "sha": f.sha, **({"as": f.kind} if f.kind else {})} for f in self.files]
        shell = {"build": self.build, "app": self._app, "files": files}
        return f"const SHELL={json.dumps(shell, separators=(',', ':'))};\n{self._worker_text()}"

    def _worker_text(self) -> str:
        return self._worker.read_text(encoding="utf-8") if self._worker.is_file() else ""

    def _list(self, build: Path) -> Iterator[ShellFile]:
        yield ShellFile(url=DOCUMENTS, sha=_begins(self.documents().encode()), kind="documents")
        yield ShellFile(url="/manifest.webmanifest", sha=_begins(self.webmanifest.encode()), kind="")
        listing = build / "manifest.json"
        names: dict[str, str] = json.loads(listing.read_text(encoding="utf-8")) if listing.is_file() else {}
        for logical, name in sorted(names.items()):
            # The large icons are for the home screen alone; the phone's own launcher keeps them. Easy-read letters are
            # fetched by whoever switches them on.
            if logical in (theme.NAME, WORKER, KILL_SWITCH, SELF_TEST, *WITH_SIGNAL, *STAFF_ONLY, *CHECK, *DESK):
                continue
            if logical.endswith((".png", ".woff2", ".txt")):
                continue
            kind = "extra" if logical in EXTRA else ""
            yield ShellFile(url=f"{assets.PREFIX}{name}", sha=_begins((build / name).read_bytes()), kind=kind)


def _begins(body: bytes) -> str:
    """Return the first 16 hex digits of its SHA-256."""
    return sha256(body).hexdigest()[:16]


def current() -> Shell:
    """Return this application's shell, rendering it at the first call; in development, whenever the build changed."""
    made: tuple[object, Shell] | None = current_app.extensions.get(EXTENSION)
    stamp = _stamp(current_app)
    if made is None or made[0] != stamp:
        made = (stamp, _render())
        current_app.extensions[EXTENSION] = made
    return made[1]


def switched_off() -> str:
    """Return the worker that takes itself away, and every cache with it, but no record."""
    return (assets.BUILD / KILL_SWITCH).read_text(encoding="utf-8")


def _stamp(app: Flask) -> object:
    """Return something that changes when the shell must be rendered again; in production nothing does."""
    if app.extensions["bv.settings"].production:
        return None
    templates = Path(app.root_path, app.template_folder or "templates")
    watched = [assets.BUILD / "manifest.json", assets.BUILD / WORKER, *templates.rglob("*.html")]
    return tuple(path.stat().st_mtime_ns for path in watched if path.is_file())


def _render() -> Shell:
    # Not `render_template`: that one lets in the request, the sign-in and the flashes of whoever happens to ask first.
    environment = current_app.jinja_env
    documents = {
        name: environment.get_template(f"learner/{name}.html").render({"shell": name}) for name in (*PAGES, *FORMS)
    }
    return Shell(documents, _webmanifest(), assets.BUILD)


def _webmanifest() -> str:
    asset = current_app.jinja_env.globals["asset"]
    assert callable(asset)
    return json.dumps(
        {
            "id": "/today",
            "name": "Between Visits",
            "short_name": "Visits",
            "description": "Short lessons for home carers, with or without signal.",
            "lang": "en",
            "start_url": "/today",
            "scope": "/",
            "display": "standalone",
            "background_color": "#FBF7F0",
            "theme_color": "#FBF7F0",
            "icons": [
                {"src": asset("icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": asset("icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {"src": asset("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
                {"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
        }
    )
