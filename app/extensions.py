"""Flask extensions, made unbound. Imported by the web factory, web and cli, by nobody else."""

from __future__ import annotations

from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect

from app.kernel import Base, LendingSession


class LendingFlaskSession(LendingSession, Session):
    """Flask-SQLAlchemy's session, which lends its connection."""


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": LendingFlaskSession})
login_manager = LoginManager()
csrf = CSRFProtect()
