"""What was sent to whom and when, and whether the server nudges by itself."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import messages, providers
from app.extensions import db
from app.kernel import utc_now
from app.messages import Channel, LogLine, Sent, State
from app.providers import Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.manager.blueprint import member_or_404, noted

bp = Blueprint("messages", __name__, url_prefix="/staff/messages")
A_PAGE = 50

WAYS = {Channel.PUSH: "on the lock screen", Channel.EMAIL: "by e-mail", Channel.COPY: "as text to paste"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """One message in the log: to whom, its words, when and from whom, and how it went."""

    uuid: UUID
    person: UUID
    to: str
    text: str
    when: str
    ways: tuple[str, ...]

    @classmethod
    def of(cls, line: LogLine, now: datetime) -> MessageLine:
        """Put a line of the log into words."""
        waits = line.visible_from > now
        app = (
            (f"in the app from {words.moment(line.visible_from, now)}" if waits else "in the app")
            if line.in_app
            else ""
        )
        if line.put_off:
            app = f"{app}: they said Not this week" if app else "they said Not this week"
        return cls(
            uuid=line.uuid,
            person=line.person,
            to=line.to,
            text=line.text,
            when=f"{words.moment(line.made_at, now)}, {f'from {line.by}' if line.by else 'sent by itself'}",
            ways=tuple(each for each in (app, *(_way(sent, now) for sent in line.sent)) if each),
        )


def _way(sent: Sent, now: datetime) -> str:
    way = WAYS[sent.channel]
    if sent.state is State.SENT:
        return f"{way}, {words.moment(sent.at, now)}" if sent.at and sent.channel is not Channel.COPY else way
    if sent.state is State.WAITING:
        return f"{way}: waiting to go"
    return f"not {way}. {sent.note or ''}".strip()


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Show the newest messages, fifty at a time, of everybody or one person."""
    provider_id, now = current_membership().provider.id, utc_now()
    member = before = None
    with contextlib.suppress(ValueError):
        member = member_or_404(UUID(request.args.get("person", "")))
    with contextlib.suppress(ValueError):
        before = int(request.args.get("before", "")[:18])
    found = messages.log(
        db.session(), provider_id, person=member.person_id if member else None, before=before, limit=A_PAGE + 1
    )
    since = messages.automatic_since(db.session(), provider_id)
    return render_template(
        "manager/messages.html",
        lines=[MessageLine.of(each, now) for each in found[:A_PAGE]],
        older=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        person=member,
        automatic=words.on(since) if since else "",
        nobody=not any(Role.LEARNER in m.roles for m in providers.list_members(db.session(), provider_id)),
    )


@bp.post("/automatic")
@allows(Role.MANAGER)
def automatic() -> ResponseReturnValue:
    """Let the server nudge by itself, or no longer."""
    on = request.form.get("on") == "yes"
    changed = messages.switch_automatic(
        db.session(), current_membership().provider.id, on=on, by=current_person().id, now=utc_now()
    )
    if changed:
        noted("nudges.automatic-on" if on else "nudges.automatic-off")
    db.session.commit()
    flash("Reminders go by themselves now." if on else "Reminders no longer go by themselves.", "done")
    return redirect(url_for("messages.page"))
