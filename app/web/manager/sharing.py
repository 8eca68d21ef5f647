"""Modules from other servers: what each catalogue that is followed has that is new, in words, before it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import catalogue, jobs, providers
from app.content import queries as content
from app.extensions import db
from app.interop import sharing
from app.interop.sharing import Changes, SourceView
from app.jobs import JobState, JobView
from app.kernel import begin_write, utc_now
from app.providers import Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.manager.blueprint import noted
from app.web.manager.evidence_page import NOBODY_CAME

bp = Blueprint("sharing", __name__, url_prefix="/staff/catalogue")
KIND = "catalogue"
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """A catalogue that is followed. `lines` are (title, what is new of it); `state` says how a taking goes."""

    uuid: UUID
    name: str
    about: str
    trouble: str
    news: str
    modules: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    state: str
    can_take: bool

    @classmethod
    def of(cls, source: SourceView, changes: Changes, job: JobView | None, *, may: bool, now: datetime) -> SourceCard:
        """Make the card of a source. `may`: the reader may take it here."""
        where = source.address or "comes by file"
        under_way = job is not None and job.state in UNDER_WAY
        return cls(
            uuid=source.uuid,
            name=source.name,
            about=f"{where} · looked at {words.moment(source.looked_at, now)}",
            trouble=source.trouble,
            news=f"{source.name} has {changes.words}.",
            modules=tuple(
                (each.edition.title, "New module" if each.first else _edition(each.edition.number, each.edition.change))
                for each in changes.coming
            ),
            left_out=tuple((each.key, each.words) for each in changes.left_out),
            gone=changes.gone,
            state=_state(job, now) if job else "",
            can_take=may and not under_way and bool(changes.coming) and source.address is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRow:
    """A pack that came from another server, and whether this provider uses it."""

    key: str
    title: str
    about: str
    used: bool


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Show who is followed, what is new there, and the packs that came from elsewhere."""
    session, provider, now = db.session(), current_membership().provider, utc_now()
    asked: dict[str, JobView] = {}
    for job in jobs.list_jobs(session, provider.id, KIND):
        asked.setdefault(str(job.arguments["source"]), job)
    alone = _may_take()
    cards = [
        SourceCard.of(source, changes, asked.get(str(source.uuid)), may=alone, now=now)
        for source, changes in sharing.all_changes(session)
    ]
    return render_template("manager/catalogue.html", cards=cards, packs=_packs(provider.id), alone=alone)


@bp.post("/<uuid:source>/take")
@allows(Role.MANAGER)
def take(source: UUID) -> ResponseReturnValue:
    """Ask the worker to take what is new. Only where no other provider would get it unasked."""
    begin_write(db.session())
    session, provider = db.session(), current_membership().provider
    found = next((each for each in sharing.sources(session) if each.uuid == source and each.address), None)
    if found is None:
        abort(404)
    if not _may_take():
        abort(403)
    under_way = [job for job in jobs.list_jobs(session, provider.id, KIND) if job.state in UNDER_WAY]
    if not any(job.arguments["source"] == str(source) for job in under_way):
        jobs.ask(session, provider.id, KIND, {"source": str(source)}, by=current_person().id, now=utc_now())
        noted("catalogue.asked", source=str(source))
    session.commit()
    return redirect(url_for("sharing.page"))


@bp.post("/packs/<key:pack>/use")
@allows(Role.MANAGER)
def use(pack: str) -> ResponseReturnValue:
    """Let this provider's people have a pack that came from elsewhere."""
    return _decide(pack, used=True)


@bp.post("/packs/<key:pack>/put-away")
@allows(Role.MANAGER)
def put_away(pack: str) -> ResponseReturnValue:
    """Offer the pack to this provider's people no longer. What they learnt stays."""
    return _decide(pack, used=False)


def _decide(pack: str, *, used: bool) -> ResponseReturnValue:
    begin_write(db.session())
    session, provider = db.session(), current_membership().provider
    if pack not in sharing.origins(session):
        abort(404)
    decide = catalogue.adopt if used else catalogue.let_go
    if decide(session, provider.id, pack, now=utc_now(), by=current_person().id):
        noted("content.adopted" if used else "content.left-out", pack=pack)
        flash("Your people have it now." if used else "Your people are offered it no longer.", "done")
    session.commit()
    return redirect(url_for("sharing.page"))


def _packs(provider_id: int) -> tuple[PackRow, ...]:
    session = db.session()
    origins, used = sharing.origins(session), catalogue.adopted_packs(session, provider_id)
    return tuple(
        PackRow(
            key=each.name,
            title=each.data["title"],
            about=f"By {each.data['publisher']}, from {origins[each.name]}. Licence: {each.data['licence']}",
            used=each.name in used,
        )
        for each in content.documents(session, "pack")
        if each.name in origins
    )


def _may_take() -> bool:
    """Say whether a manager takes for the whole server: only where theirs is the one provider on it."""
    return len(providers.list_providers(db.session())) == 1


def _edition(number: int, change: str) -> str:
    again = ". Who did it takes it again." if change == "major" else ""
    return f"Edition {number}, a {change} change{again}"


def _state(job: JobView, now: datetime) -> str:
    match job.state:
        case JobState.WAITING if now - job.asked_at > NOBODY_CAME:
            return "Nothing has begun yet. The server's worker may not be running: tell whoever runs this server."
        case JobState.WAITING:
            return "Waiting. It begins within half a minute."
        case JobState.RUNNING:
            return f"Being fetched, {job.done} of {job.of}." if job.of else "Being fetched."
        case JobState.FAILED:
            return f"Not taken. {job.words}"
        case JobState.DONE:
            return f"Taken {words.moment(job.ended_at or job.asked_at, now)}."
        case JobState.CANCELLED:
            return ""
