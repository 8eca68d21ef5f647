"""The desk's first page: a provider's own drafts, what is due to be checked again, and every module on offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import authoring, catalogue
from app.authoring import CheckAgain, DraftLine, DraftState
from app.content import queries as content
from app.content.types import EditionInfo
from app.extensions import db
from app.interop import sharing, suggesting
from app.kernel import day_of, utc_now
from app.providers import Role
from app.web import words
from app.web.access import STAFF, allows, current_membership, current_person
from app.web.forms import Problems
from app.web.trainer.blueprint import WRITERS, bp, draft_or_404, noted
from app.web.trainer.suggestion_lines import desk_looks_after, sent_lines, waiting_words, where_from

# Words, sign and colour of how far a draft is.
FAR = {
    DraftState.DRAFT: ("Being written", "dash", "soft"),
    DraftState.IN_REVIEW: ("In review", "eye", "wait"),
    DraftState.READY: ("Ready to publish", "tick", "done"),
}
PUBLISHED = ("Published", "tick", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """One published module. `checked` is who checked the facts, or empty."""

    key: str
    title: str
    edition: int
    minutes: str
    published: str
    checked: str

    @classmethod
    def of(cls, edition: EditionInfo) -> EditionLine:
        """Make the line of an edition."""
        return cls(
            key=edition.key,
            title=edition.title,
            edition=edition.number,
            minutes=words.count(edition.minutes, "minute", "minutes"),
            published=words.on(edition.published_at),
            checked=edition.checked_by or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One module of the provider's own. `state` is its words, sign and colour."""

    uuid: UUID
    key: str
    title: str
    state: tuple[str, str, str]
    changed: str
    comments: str
    published: bool
    away: bool

    @classmethod
    def of(cls, draft: DraftLine, now: datetime) -> OwnLine:
        """Make the line of a draft."""
        by = f" by {draft.changed_by}" if draft.changed_by else ""
        return cls(
            uuid=draft.uuid,
            key=draft.key,
            title=draft.title,
            state=PUBLISHED if draft.unchanged else FAR[draft.state],
            changed=f"Changed {words.moment(draft.changed_at, now)}{by}",
            comments=words.count(draft.comments, "open comment", "open comments") if draft.comments else "",
            published=draft.based_on is not None,
            away=draft.put_away_at is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """A module whose facts are to be checked again. `address` is where that is done."""

    title: str
    when: str
    overdue: bool
    address: str

    @classmethod
    def of(cls, due: CheckAgain) -> DueLine:
        """Make the line of a module."""
        at = url_for("trainer.editor", draft=due.draft) if due.draft else url_for("trainer.module", key=due.key)
        when = f"{'Was to be checked by' if due.overdue else 'To be checked by'} {words.day(due.day)}"
        return cls(title=due.title, when=when, overdue=due.overdue, address=at)


@bp.get("/modules")
@allows(*STAFF)
def modules() -> ResponseReturnValue:
    """List what this provider writes, what is due, and what it offers by topic."""
    session, place, now = db.session(), current_membership(), utc_now()
    listing = catalogue.listing(session, place.provider.id)
    titles = {(topic.pack, topic.key): topic.title for topic in listing.topics}
    groups: dict[str, list[EditionLine]] = {}
    for offer in listing.offers:
        heading = titles.get((offer.edition.pack, offer.edition.topic), offer.edition.topic)
        groups.setdefault(heading, []).append(EditionLine.of(offer.edition))
    lines = [line for group in groups.values() for line in group]
    writes = bool(place.roles & set(WRITERS))
    own = [OwnLine.of(draft, now) for draft in authoring.list_drafts(session, place.provider.id)] if writes else []
    due = authoring.check_again(session, place.provider.id, day_of(now)) if writes else ()
    return render_template(
        "trainer/modules.html",
        groups=groups,
        modules=words.count(len(lines), "module", "modules"),
        unchecked=sum(not line.checked for line in lines),
        writes=writes,
        own=[line for line in own if not line.away],
        away=[line for line in own if line.away],
        due=[DueLine.of(each) for each in due],
        looks_after=desk_looks_after(),
        suggested=waiting_words() if writes else "",
        manages=Role.MANAGER in place.roles,
        elsewhere=_elsewhere() if Role.MANAGER in place.roles else [],
    )


def _elsewhere() -> list[str]:
    """Return a line for each catalogue that has something new, or cannot be looked at."""
    lines = []
    for source, changes in sharing.all_changes(db.session()):
        if changes.coming:
            lines.append(f"{source.name} has {changes.words}")
        if source.trouble:
            lines.append(f"The last look at {source.name} did not go well")
    return lines


@bp.get("/modules/<key:key>")
@allows(*WRITERS)
def module(key: str) -> ResponseReturnValue:
    """Show the text of one module on offer, to read; a provider's own leads to its draft."""
    offered = offered_or_404(key)
    session, provider = db.session(), current_membership().provider.id
    draft = authoring.draft_of(session, provider, key)
    publisher, about = where_from(offered)
    return render_template(
        "trainer/module.html",
        publisher=publisher,
        about=about,
        can_suggest=not suggesting.may_suggest(session, offered),
        suggestions=sent_lines(provider, key),
        line=EditionLine.of(offered),
        summary=offered.summary,
        text=content.text_of(db.session(), offered.sha),
        draft=draft,
    )


@bp.post("/modules/<key:key>/copy")
@allows(*WRITERS)
def copy(key: str) -> ResponseReturnValue:
    """Make the provider's own version of a module."""
    offered_or_404(key)
    try:
        made = authoring.copy_of(
            db.session(), current_membership().provider.id, current_person().id, key, now=utc_now()
        )
    except authoring.NoModule as refused:
        flash(str(refused), "note")
        return redirect(url_for("trainer.module", key=key))
    noted("draft.copied", module=made.key, original=key)
    db.session.commit()
    flash("This is your own version now. The other stays as it is.", "done")
    return redirect(url_for("trainer.editor", draft=made.uuid))


@bp.route("/drafts/new", methods=["GET", "POST"])
@allows(*WRITERS)
def new_draft() -> ResponseReturnValue:
    """Begin a module of the provider's own: a title and a topic."""
    problems, session, place = Problems(), db.session(), current_membership()
    if request.method == "POST":
        try:
            made = authoring.start(
                session,
                place.provider.id,
                current_person().id,
                request.form.get("title", ""),
                request.form.get("topic", ""),
                now=utc_now(),
            )
        except authoring.AuthoringError as refused:
            problems.add_error(refused, "title")
        else:
            noted("draft.started", module=made.key)
            session.commit()
            return redirect(url_for("trainer.editor", draft=made.uuid))
    page = render_template(
        "trainer/new-draft.html",
        problems=problems,
        title=request.form.get("title", ""),
        topic=request.form.get("topic", ""),
        topics=[topic.title for topic in authoring.topics_of(session, place.provider.id)],
    )
    return page, 400 if problems else 200


@bp.post("/drafts/<uuid:draft>/put-away")
@allows(*WRITERS)
def put_away(draft: UUID) -> ResponseReturnValue:
    """Take a draft out of the way. It can be brought back."""
    view = draft_or_404(draft)
    authoring.put_away(db.session(), current_membership().provider.id, draft, now=utc_now())
    noted("draft.put-away", module=view.key)
    db.session.commit()
    flash(f"{view.title} is put away. You can bring it back below.", "done")
    return redirect(url_for("trainer.modules"))


@bp.post("/drafts/<uuid:draft>/bring-back")
@allows(*WRITERS)
def bring_back(draft: UUID) -> ResponseReturnValue:
    """Bring a draft back that was put away."""
    view = draft_or_404(draft)
    authoring.bring_back(db.session(), current_membership().provider.id, draft)
    noted("draft.brought-back", module=view.key)
    db.session.commit()
    flash(f"{view.title} is back.", "done")
    return redirect(url_for("trainer.modules"))


def offered_or_404(key: str) -> EditionInfo:
    """Return the newest edition of a module that the signed-in person's provider is offered."""
    """Return the newest edition of a module the signed-in person's provider offers."""
    listing = catalogue.listing(db.session(), current_membership().provider.id)
    found = next((offer.edition for offer in listing.offers if offer.edition.key == key), None)
    if found is None:
        abort(404)
    return found
