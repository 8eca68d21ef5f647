"""The desk: where trainers and managers write, review, publish and withdraw modules of their own."""

from __future__ import annotations

from flask import Flask

from app.web.trainer import (
    answers,
    editor,
    history,
    local_page,
    media,
    modules,
    preview,
    publish,
    review,
    scorm,
    suggest,
    suggested,
    transfer,
)
from app.web.trainer.blueprint import bp

__all__ = [
    "answers",
    "bp",
    "editor",
    "history",
    "init_app",
    "local_page",
    "media",
    "modules",
    "preview",
    "publish",
    "review",
    "scorm",
    "suggest",
    "suggested",
    "transfer",
]


def init_app(app: Flask) -> None:
    """Register these pages."""
    app.register_blueprint(bp)
    scorm.init_app(app)
