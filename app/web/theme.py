"""The one script that stands in the page itself: light or dark, before the first paint (service_worker/page/theme.ts).

As a file it took a connection of its own on a slow line, and the page's script had to wait for the next. The policy of
every page names it by its hash, so nothing else that stands in a page runs.
"""

from __future__ import annotations

import base64
from hashlib import sha256

from markupsafe import Markup

from app.built import BUILD

NAME = "theme.js"
_FILE = BUILD / NAME
# Read once: who changes it while a server runs starts that again. Without a build no script runs anywhere.
TEXT = _FILE.read_text(encoding="utf-8") if _FILE.is_file() else ""
TAG = Markup(f"<script>{TEXT}</script>")  # noqa: S704 - our own build's
# As a policy names it (CSP3, 2.3.1: a hash source).
SOURCE = f"'sha256-{base64.b64encode(sha256(TEXT.encode()).digest()).decode()}'"
