"""`python -m app.cli.content check`: the commands that need no server, without one."""

from __future__ import annotations

from app.cli.content import content

content(prog_name="python -m app.cli.content")
