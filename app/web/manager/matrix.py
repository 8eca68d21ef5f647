"""The matrix: people by trainings, narrowed by its address, as a page, to print and as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import compliance
from app.compliance import Filters, Matrix, tables
from app.extensions import db
from app.kernel import begin_write, day_of, utc_now
from app.providers import Role
from app.requirements import CellStatus
from app.web.access import allows, current_membership
from app.web.forms import Problems
from app.web.manager.blueprint import noted
from app.web.manager.library import library_of
from app.web.manager.matrix_page import MatrixPage, PrintPage
from app.web.manager.news import news

bp = Blueprint("matrix", __name__, url_prefix="/staff/matrix")

FIELDS = ("q", "team", "role", "profile", "training", "state", "as_at")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for. `given` is as it came, for the form and for links that keep it."""

    filters: Filters
    as_at: date | None
    page: int
    given: Mapping[str, str]
    problems: Problems

    def address(self, endpoint: str, **changes: Any) -> str:
        """Return the address of another page that keeps what was asked for, but for `changes`."""
        return url_for(endpoint, **{**self.given, **changes})


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Show fifty people, with sums over all."""
    now = utc_now()
    asked = _asked(date_of_today=day_of(now))
    shown = MatrixPage.of(_matrix(asked, now), number=asked.page)
    html = render_template("manager/matrix.html", page=shown, asked=asked, problems=asked.problems)
    return html, 400 if asked.problems else 200


@bp.get("/print")
@allows(Role.MANAGER)
def to_print() -> ResponseReturnValue:
    """Show the same fifty people in tables no wider than a sheet."""
    now = utc_now()
    asked = _asked(date_of_today=day_of(now))
    if asked.problems:
        abort(404)
    shown = PrintPage.of(_matrix(asked, now), number=asked.page)
    return render_template("manager/matrix-print.html", page=shown, asked=asked)


@bp.get("/matrix.csv")
@allows(Role.MANAGER)
def as_csv() -> ResponseReturnValue:
    """Send everybody the filters leave, as the screen has them."""
    matrix = _for_file()
    body = tables.to_csv(compliance.matrix_table(matrix))
    _note_fetched("matrix-csv")
    return _file(body, matrix, "csv", "text/csv; charset=utf-8")


@bp.get("/matrix.xlsx")
@allows(Role.MANAGER)
def as_xlsx() -> ResponseReturnValue:
    """Send the same as a workbook, with a second sheet that has a line and every day for each training."""
    matrix = _for_file()
    sheets = (compliance.matrix_table(matrix), compliance.lines_table(matrix))
    body = tables.to_xlsx(sheets, made=utc_now())
    _note_fetched("matrix-xlsx")
    return _file(body, matrix, "xlsx", XLSX)


def _note_fetched(what: str) -> None:
    begin_write(db.session())
    noted("export.fetched", what=what)
    db.session.commit()


def _for_file() -> Matrix:
    now = utc_now()
    asked = _asked(date_of_today=day_of(now))
    if asked.problems:
        abort(404)
    return _matrix(asked, now)


def _file(body: bytes, matrix: Matrix, ending: str, mimetype: str) -> Response:
    name = f"matrix-{matrix.as_at.isoformat()}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return current_app.response_class(body, mimetype=mimetype, headers=headers)


def _matrix(asked: Asked, now: datetime) -> Matrix:
    provider_id = current_membership().provider.id
    return compliance.matrix(
        db.session(),
        provider_id,
        chains=library_of(provider_id).chains,
        now=now,
        filters=asked.filters,
        as_at=asked.as_at,
        news=news(),
    )


def _asked(*, date_of_today: date) -> Asked:
    """Read the address. A filter that makes no sense narrows nothing; a day that does not exist is told."""
    given = {name: value for name in FIELDS if (value := request.args.get(name, "").strip()[:100])}
    problems = Problems()
    as_at = None
    if "as_at" in given:
        try:
            as_at = date.fromisoformat(given["as_at"])
        except ValueError:
            problems.add("as_at", "There is no such day. Type it as year, month, day, such as 2026-03-31.")
        else:
            if as_at > date_of_today:
                problems.add("as_at", "This day is still to come. Pick today or a day before.")
    number = request.args.get("page", "1")[:6]
    return Asked(
        filters=Filters(
            team=_uuid(given.get("team")),
            role=Role(given["role"]) if given.get("role") in set(Role) else None,
            profile=_uuid(given.get("profile")),
            training=_uuid(given.get("training")),
            state=CellStatus(given["state"]) if given.get("state") in set(CellStatus) else None,
            search=given.get("q", ""),
        ),
        as_at=None if problems else as_at,
        page=max(1, int(number)) if number.isascii() and number.isdigit() else 1,
        given=given,
        problems=problems,
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
