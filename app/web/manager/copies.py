"""Handing in the file a phone wrote with "Save a copy": shown first, taken when the manager says so."""

from __future__ import annotations

import base64
import binascii
import zlib
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import sync
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.providers import MemberView, Role
from app.sync import Code, CopyRefused, Sender, Taken
from app.sync.copies import LARGEST_COPY
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import bp, member_or_404, noted

# What a form field may carry from the first page to the second; records pack to a tenth of their size.
MOST_CARRIED = 400_000
REASONS = {
    Code.ANOTHER_PHONE: "made on another person's phone, or at another provider",
    Code.ID_IN_USE: "here already as another phone's",
    Code.NO_ID: "damaged",
    Code.UNREADABLE: "damaged",
    Code.TOO_BIG: "too big",
    Code.UNKNOWN_KIND: "of a kind this server does not know yet",
    Code.UNKNOWN_EDITION: "about a module this server does not have",
    Code.NEWER_SCHEMA: "made by a newer version of the app",
    Code.WRONG_DATA: "not what their kind should be",
    Code.BAD_TIME: "without a time that makes sense",
    Code.OTHER_CONTENT: "here already with other content",
}


@bp.route("/<uuid:person>/copy", methods=["GET", "POST"])
@allows(Role.MANAGER)
def hand_in(person: UUID) -> ResponseReturnValue:
    """Ask for the file; show what it holds; take it in."""
    member = member_or_404(person)
    problems = Problems()
    if request.method == "POST":
        try:
            raw = _carried() if "carried" in request.form else _uploaded()
            if "carried" in request.form:
                return _take(member, raw)
            return _preview(member, raw)
        except CopyRefused as error:
            db.session.rollback()
            problems.add("file", str(error))
    page = render_template("manager/copy.html", member=member, problems=problems)
    return page, 400 if problems else 200


def _uploaded() -> bytes:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise CopyRefused("Pick the file first.", code="no-file")
    with file.stream as stream:
        return stream.read(LARGEST_COPY + 1)


def _preview(member: MemberView, raw: bytes) -> ResponseReturnValue:
    taken = _taken(member, raw)
    # It was done to see what would happen. Nothing of it stays.
    db.session.rollback()
    carried = base64.b64encode(zlib.compress(raw, 9)).decode("ascii")
    if len(carried) > MOST_CARRIED:
        raise CopyRefused("This copy is too big to hand in here. Let the phone send it.", code="too-big")
    return render_template(
        "manager/copy-preview.html",
        member=member,
        found=words.count(taken.all, "record", "records"),
        lines=_lines(taken),
        carried=carried if taken.new or taken.held else "",
    )


def _take(member: MemberView, raw: bytes) -> ResponseReturnValue:
    begin_write(db.session())
    taken = _taken(member, raw)
    noted("copy.handed-in", member, taken=taken.new, known=taken.known, held=taken.held, refused=taken.refused)
    db.session.commit()
    flash(f"Handed in. {' '.join(_lines(taken))}", "done")
    return redirect(url_for("manager.person", person=member.person_uuid))


def _taken(member: MemberView, raw: bytes) -> Taken:
    return sync.take_copy(
        db.session(),
        sync.read_copy(raw),
        Sender(
            person_id=member.person_id,
            person_uuid=member.person_uuid,
            provider_id=current_membership().provider.id,
        ),
        server=sync.server_id(db.session()),
        by=current_person().uuid,
        now=utc_now(),
    )


def _carried() -> bytes:
    """Return the file that the first page carried here. It is read as strictly as the first time."""
    unpack = zlib.decompressobj()
    try:
        raw = unpack.decompress(base64.b64decode(request.form["carried"], validate=True), LARGEST_COPY + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise CopyRefused("The file did not come through whole. Pick it again.", code="damaged") from error
    if not unpack.eof and len(raw) <= LARGEST_COPY:
        raise CopyRefused("The file did not come through whole. Pick it again.", code="damaged")
    return raw


def _lines(taken: Taken) -> list[str]:
    """Say in words what became, or would become, of the records."""
    lines = [f"{words.count(taken.new, 'record is', 'records are')} new."]
    if taken.known:
        lines.append(f"{words.count(taken.known, 'record is', 'records are')} here already.")
    if taken.held:
        lines.append(f"{words.count(taken.held, 'record waits', 'records wait')} for somebody to look at.")
    if taken.refused:
        lines.append(f"{words.count(taken.refused, 'record', 'records')} cannot be taken.")
    for code, number in taken.reasons.items():
        lines.append(f"{number} {REASONS[code]}.")
    return lines
