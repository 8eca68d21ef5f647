"""What PostgreSQL's own programs are told of the database: the password, and not where others can read it."""

from __future__ import annotations

from sqlalchemy import make_url

from app.backup.postgres import _words


def test_the_password_goes_by_the_environment_and_by_nothing_else() -> None:
    address, environment = _words(make_url("postgresql+psycopg://bv:hunter2@db.example:5433/records"))
    assert address == "postgresql://bv@db.example:5433/records"
    assert environment["PGPASSWORD"] == "hunter2"


def test_without_a_password_none_is_made_up() -> None:
    address, _ = _words(make_url("postgresql+psycopg://bv@db.example/records"))
    assert address == "postgresql://bv@db.example/records"
