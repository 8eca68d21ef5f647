"""Built files: hashed, pre-compressed, served by WhiteNoise for ever, named in templates by their plain name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from app.built import BUILD, FOLDER, HASHED, PREFIX
from app.web import theme

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["BUILD", "HASHED", "PREFIX", "Assets", "init_app"]


class Assets:
    """Turns "app.css" into "/static/build/app-1a2b3c4d.css" by the manifest the build wrote.

    The manifest is read again when its file changes, so that a rebuild during development needs no restart. A name it
    does not know is given back unhashed: the page still stands, and the missing file shows as what it is, a 404.
    """

    def __init__(self, folder: Path = BUILD) -> None:
        self.manifest = folder / "manifest.json"
        self._stamp: int | None = None
        self._names: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the address of the built file called `name`."""
        try:
            stamp = self.manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return PREFIX + name
        if stamp != self._stamp:
            self._names = json.loads(self.manifest.read_text(encoding="utf-8"))
            self._stamp = stamp
        return PREFIX + self._names.get(name, name)


class Earlier(WhiteNoise):  # type: ignore[misc]  # whitenoise has no types
    """Serves kept files, with the headers of present ones, to whoever asks for a name the present build has not.

    It looks at the disk each time: this is rare, and files come and go while the server runs.
    """

    def __init__(self, application: WSGIApplication, instance: Path) -> None:
        super().__init__(
            application,
            root=str(instance / FOLDER),
            prefix=PREFIX,
            autorefresh=True,
            allow_all_origins=False,
            immutable_file_test=lambda _path, url: bool(HASHED.search(url)),
            max_age=0,
        )

    def find_file(self, url: str) -> StaticFile | None:
        """Return the kept file of this address, or None."""
        return super().find_file(url) if HASHED.search(url) else None


def init_app(app: Flask, *, production: bool, folder: Path = BUILD) -> None:
    """Serve `folder` at /static/build/, behind it what earlier releases had, and give templates `asset('app.css')`."""
    app.jinja_env.globals["asset"] = Assets(folder)
    app.jinja_env.globals["theme_script"] = theme.TAG
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        Earlier(app.wsgi_app, Path(app.instance_path)),
        # In development files come and go while the server runs; in production they are listed once at the start.
        root=str(folder) if folder.is_dir() or not production else None,
        prefix=PREFIX,
        autorefresh=not production,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: bool(HASHED.search(url)),
        max_age=0,
    )
