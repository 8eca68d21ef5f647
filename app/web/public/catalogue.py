"""The catalogue for anybody: what there is to learn here, and what other servers may have of it, signed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.content import queries as content
from app.content.types import EditionInfo
from app.extensions import db
from app.interop import sharing
from app.interop.sharing import LICENCES, Licence, NotOffered
from app.web import words
from app.web.access import allows_anyone
from app.web.api.files import SHA
from app.web.learner.replies import public

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")
# Other servers look once a day; whoever looks more often gets what was made a few minutes ago.
KEEP_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleLine:
    """One module anybody may try."""

    key: str
    title: str
    summary: str
    minutes: str

    @classmethod
    def of(cls, edition: EditionInfo) -> ModuleLine:
        """Make the line of its newest edition."""
        minutes = words.count(edition.minutes, "minute", "minutes")
        return cls(key=edition.key, title=edition.title, summary=edition.summary, minutes=minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack with its modules by topic. `licence` is None where we do not know it; `came_from` is empty for our own."""

    title: str
    publisher: str
    licence_key: str
    licence: Licence | None
    came_from: str
    offered: bool
    count: str
    topics: tuple[tuple[str, tuple[ModuleLine, ...]], ...]


@bp.get("")
@allows_anyone
def page() -> ResponseReturnValue:
    """Show every pack that is everybody's. A module opens without an account, and nothing about anybody is kept."""
    session = db.session()
    offered = [each for each in sharing.packs(session) if each.offered]
    return render_template(
        "public/catalogue.html",
        packs=_packs(frozenset(each.key for each in offered)),
        me=sharing.identity_of(session) if offered else None,
        origin=_settings().origin,
    )


@bp.get("/manifest.json")
@allows_anyone
def manifest() -> Response:
    """Send what is offered to other servers, signed. Without an offer there is no such address."""
    settings = _settings()
    try:
        raw = sharing.manifest(db.session(), origin=settings.origin, secret=settings.secret_key.encode())
    except NotOffered:
        abort(404)
    return public(raw.decode(), "application/json", keep=KEEP_SECONDS)


@bp.get("/texts/<sha>.md")
@allows_anyone
def text(sha: str) -> Response:
    """Send the text an offered edition was made from, by the edition's hash."""
    found = sharing.offered_text(db.session(), sha) if SHA.fullmatch(sha) else None
    if found is None:
        abort(404)
    return public(found, "text/markdown", keep=KEEP_SECONDS)


def _packs(offered: frozenset[str]) -> tuple[PackView, ...]:
    session = db.session()
    modules: dict[tuple[str, str], list[ModuleLine]] = {}
    for edition in content.current_editions(session):
        modules.setdefault((edition.pack, edition.topic), []).append(ModuleLine.of(edition))
    origins, views = sharing.origins(session), []
    for pack in content.documents(session, "pack"):
        topics = tuple(
            (topic["title"], tuple(sorted(lines, key=lambda line: line.title.casefold())))
            for topic in pack.data["topics"]
            if (lines := modules.get((pack.name, topic["key"])))
        )
        if topics:
            views.append(
                PackView(
                    title=pack.data["title"],
                    publisher=pack.data["publisher"],
                    licence_key=pack.data["licence"],
                    licence=LICENCES.get(pack.data["licence"]),
                    came_from=origins.get(pack.name, ""),
                    offered=pack.name in offered,
                    count=words.count(sum(len(lines) for _, lines in topics), "module", "modules"),
                    topics=topics,
                )
            )
    return tuple(views)


def _settings() -> Settings:
    found: Settings = current_app.extensions["bv.settings"]
    return found
