"""Exports: files for other systems, made of what the records say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import providers, requirements
from app.compliance.tables import Cell
from app.config import Settings
from app.extensions import db
from app.interop import asc_wds, plain, xapi
from app.interop.asc_wds import AscWdsError, Upload
from app.interop.xapi import Place
from app.kernel import begin_write, day_of, utc_now
from app.providers import Role
from app.web.access import allows, current_membership
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.exports_page import AscWdsPage
from app.web.manager.trainings import usual_folder

# Longer files are written on disk before they are sent.
KEPT_IN_MEMORY, A_BLOCK = 1_000_000, 65_536

bp = Blueprint("exports", __name__, url_prefix="/staff/exports")


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Say which files there are, and for what."""
    members = providers.list_members(db.session(), current_membership().provider.id, with_ended=True)
    people = {str(each.person_uuid): each.name for each in members}
    return render_template("manager/exports/exports.html", people=list(people.items()))


@bp.get("/asc-wds")
@allows(Role.MANAGER)
def for_asc_wds() -> ResponseReturnValue:
    """Show the staff values to copy; with `look`, also what the training file holds and what is missing for it.

    To tell that, the whole file is made: a second for a thousand people.
    """
    return _asc_wds(Problems(), None)


@bp.post("/asc-wds/workplace")
@allows(Role.MANAGER)
def workplace() -> ResponseReturnValue:
    """Keep what the workplace is called in ASC-WDS."""
    problems, typed = Problems(), request.form.get("workplace", "")
    begin_write(db.session())
    try:
        changed = asc_wds.set_workplace(db.session(), current_membership().provider.id, typed, now=utc_now())
    except AscWdsError as refused:
        db.session.rollback()
        problems.add_error(refused, "workplace")
        return _asc_wds(problems, typed), 400
    if changed:
        noted("workplace.changed")
    db.session.commit()
    flash("Saved.", "done")
    return redirect(url_for("exports.for_asc_wds", look=1))


@bp.post("/asc-wds/training.csv")
@allows(Role.MANAGER)
def asc_wds_file() -> ResponseReturnValue:
    """Send the training file, and note that it was fetched."""
    made = _upload()
    if not made.lines:
        return redirect(url_for("exports.for_asc_wds", look=1))
    noted("export.fetched", what="asc-wds")
    db.session.commit()
    return _file("training.csv", asc_wds.to_csv(made.lines), "text/csv; charset=utf-8")


@bp.post("/matrix.csv")
@allows(Role.MANAGER)
def as_matrix() -> ResponseReturnValue:
    """Send what everybody showed, a line for each thing."""
    rows = plain.matrix(db.session(), current_membership().provider)
    return _plain("matrix", plain.MATRIX_COLUMNS, rows)


@bp.post("/people.csv")
@allows(Role.MANAGER)
def as_people() -> ResponseReturnValue:
    """Send everybody who is here, as a list that can be taken in again."""
    session, provider_id = db.session(), current_membership().provider.id
    members = providers.list_members(session, provider_id)
    return _plain("people", plain.PEOPLE_COLUMNS, plain.people(members, asc_wds.workplace_of(session, provider_id)))


def _plain(name: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """Send a plain file, and note that it was fetched."""
    body = plain.to_csv(columns, rows, for_excel="excel" in request.form)
    begin_write(db.session())
    noted("export.fetched", what=name)
    db.session.commit()
    return _file(f"{name}.csv", body, "text/csv; charset=utf-8")


@bp.post("/statements.json")
@allows(Role.MANAGER)
def as_statements() -> ResponseReturnValue:
    """Send the record as xAPI statements, of everybody or of one person, made while it is sent."""
    settings: Settings = current_app.extensions["bv.settings"]
    member = member_or_404(UUID(given)) if (given := _person_asked()) else None
    if member is None:
        noted("export.fetched", what="xapi")
    else:
        noted("export.person-fetched", member, what="xapi")
    db.session.commit()
    made = xapi.statements(
        db.session(),
        current_membership().provider.id,
        Place(origin=settings.origin),
        people=None if member is None else [member.person_id],
    )
    return _long_file("statements.json", xapi.as_array(made), "application/json")


def _person_asked() -> str:
    """Return the uuid in the form, empty when everybody is meant."""
    given = request.form.get("person", "")
    try:
        return str(UUID(given)) if given else ""
    except ValueError:
        abort(404)


def _asc_wds(problems: Problems, typed: str | None) -> str:
    provider_id, number = current_membership().provider.id, request.args.get("page", "1")[:6]
    workplace = asc_wds.workplace_of(db.session(), provider_id)
    made = _upload() if workplace and "look" in request.args else None
    members = providers.list_members(db.session(), provider_id)
    shown = AscWdsPage.of(
        made,
        members,
        lambda people: asc_wds.staff_values(db.session(), provider_id, people, now=utc_now()),
        number=max(1, int(number)) if number.isascii() and number.isdigit() else 1,
    )
    return render_template(
        "manager/exports/asc-wds.html",
        page=shown,
        workplace=workplace,
        typed=workplace if typed is None else typed,
        problems=problems,
    )


def _upload() -> Upload:
    usual = {each.key: each.asc_wds for each in requirements.read_usual(usual_folder()).trainings}
    return asc_wds.upload(db.session(), current_membership().provider, usual=usual, now=utc_now())


def _long_file(name: str, pieces: Iterable[str], mimetype: str) -> Response:
    """Send a file that may be longer than memory should hold.

    It lies on disk first: a slow line must not keep the database waiting, and what fails half-way is no file at all.
    """
    spooled = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    for piece in pieces:
        spooled.write(piece.encode("utf-8"))
    spooled.seek(0)
    return _file(name, _sent(spooled), mimetype)


def _sent(file: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(A_BLOCK):
            yield block


def _file(name: str, body: bytes | Iterator[bytes], mimetype: str) -> Response:
    name = f"{day_of(utc_now()).isoformat()}-{name}"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return current_app.response_class(body, mimetype=mimetype, headers=headers)
