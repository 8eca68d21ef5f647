"""What a manager sees and does: people, one person, invites, assignments."""

from __future__ import annotations

from flask import Flask

from app.web.manager import (
    assign_many,
    concerns,
    connections,
    copies,
    corrections,
    credentials,
    data,
    edit_person,
    evidence,
    exceptions,
    exports,
    figures,
    import_people,
    invites,
    matrix,
    messages,
    nudge,
    outside,
    people,
    person,
    phones,
    practice,
    profiles,
    recognise,
    recognised,
    sharing,
    sheet,
    supervision,
    teams,
    trail,
    trainings,
)
from app.web.manager.blueprint import bp

__all__ = [
    "assign_many",
    "bp",
    "concerns",
    "connections",
    "copies",
    "corrections",
    "credentials",
    "data",
    "edit_person",
    "evidence",
    "exceptions",
    "exports",
    "figures",
    "import_people",
    "init_app",
    "invites",
    "matrix",
    "messages",
    "nudge",
    "outside",
    "people",
    "person",
    "phones",
    "practice",
    "profiles",
    "recognise",
    "recognised",
    "sharing",
    "sheet",
    "supervision",
    "teams",
    "trail",
    "trainings",
]


def init_app(app: Flask) -> None:
    """Register these pages."""
    app.register_blueprint(bp)
    app.register_blueprint(practice.bp)
    app.register_blueprint(supervision.bp)
    app.register_blueprint(matrix.bp)
    app.register_blueprint(concerns.bp)
    app.register_blueprint(messages.bp)
    app.register_blueprint(evidence.bp)
    app.register_blueprint(exports.bp)
    app.register_blueprint(connections.bp)
    app.register_blueprint(figures.bp)
    app.register_blueprint(sharing.bp)
    app.register_blueprint(recognised.issuers_bp)
    app.register_blueprint(trail.bp)
