"""Codes for several people at once, as a sheet to print and cut.

The codes are on the reply to the press of the button and nowhere else: the database keeps a fingerprint only, and a
hundred of them are too many for the browser's cookie. So a reload makes no new ones, as that would stop those printed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import segno
from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app import providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from app.providers.invites import LIFE
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import bp, noted
from app.web.manager.invites import link_of
from app.web.public.codes import invite_secret

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One person who can be given a code. `ticked`: they have neither joined nor a code that works."""

    uuid: UUID
    name: str
    note: str
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card to cut out."""

    name: str
    code: str
    qr: Markup


@bp.get("/codes")
@allows(Role.MANAGER)
def sheet() -> ResponseReturnValue:
    """Ask who is to be given a code: those who have not joined, or everybody, of one team or of all."""
    return _ask(Problems(), None)


@bp.post("/codes")
@allows(Role.MANAGER)
def make_sheet() -> ResponseReturnValue:
    """Make the codes and show them, this once. Codes these people had before stop working."""
    provider, now = current_membership().provider, utc_now()
    wanted = set(request.form.getlist("people"))
    chosen = [m for m in providers.list_members(db.session(), provider.id) if str(m.person_uuid) in wanted]
    problems = Problems()
    if not chosen:
        problems.add("people", "Tick somebody first.")
    if len(chosen) > MOST:
        problems.add("people", f"Tick at most {MOST} people at once.")
    if problems:
        return _ask(problems, wanted)
    token = request.form.get("once", "")
    if token and token == session.get("sheet"):
        return render_template("manager/invite-sheet.html", cards=(), again=True)
    session["sheet"] = token
    cards = []
    for member in chosen:
        code = providers.issue_invite(
            db.session(),
            provider.id,
            member.person_id,
            secret=invite_secret(),
            now=now,
            issued_by=current_person().id,
        )
        cards.append(Card(name=member.name, code=providers.written_code(code), qr=_drawn(link_of(code))))
    for member in chosen:
        noted("code.made", member)
    db.session.commit()
    return render_template(
        "manager/invite-sheet.html",
        cards=cards,
        again=False,
        provider=provider.name,
        where=urlsplit(link_of("x")).netloc + url_for("join.type_code"),
        until=words.on(now + LIFE),
    )


def _ask(problems: Problems, ticked: set[str] | None) -> ResponseReturnValue:
    provider, now = current_membership().provider, utc_now()
    everybody, team = "all" in request.values, request.values.get("team", "")
    in_teams = providers.teams_of(db.session(), provider.id)
    with_codes = providers.people_with_codes(db.session(), provider.id, now=now)
    people = [
        member
        for member in providers.list_members(db.session(), provider.id)
        if (everybody or (not member.has_pin and Role.LEARNER in member.roles))
        and (not team or team in {str(each.uuid) for each in in_teams.get(member.person_id, ())})
    ]
    choices = [_choice(member, with_codes, ticked) for member in people]
    page = render_template(
        "manager/choose-for-codes.html",
        problems=problems,
        choices=choices[:MOST],
        left_over=max(0, len(choices) - MOST),
        everybody=everybody,
        team=team,
        teams=providers.list_teams(db.session(), provider.id),
        once=secrets.token_urlsafe(12),
    )
    return page, 400 if problems else 200


def _choice(member: MemberView, with_codes: frozenset[int], ticked: set[str] | None) -> Choice:
    has_code = member.person_id in with_codes
    joined = "Has joined" if member.has_pin else "Has not joined"
    return Choice(
        uuid=member.person_uuid,
        name=member.name,
        note=f"{joined}. Has a code that works: a new one stops it." if has_code else f"{joined}.",
        ticked=str(member.person_uuid) in ticked if ticked is not None else not (member.has_pin or has_code),
    )


def _drawn(link: str) -> Markup:
    # Black on white with its quiet zone, also in dark mode and on a printer without colour: cameras need it.
    qr = segno.make(link, error="m", micro=False)
    return Markup(qr.svg_inline(scale=4, border=4, dark="#000", light="#fff"))  # noqa: S704  # made here, from no words
