"""What a trainer sees: the editions that are published, and which have had their facts checked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from app import catalogue
from app.content.types import EditionInfo
from app.extensions import db
from app.web import words
from app.web.access import STAFF, allows, current_membership
from app.web.trainer.blueprint import bp


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
            published=words.day(edition.published_at.astimezone(words.HERE).date()),
            checked=edition.checked_by or "",
        )


@bp.get("/modules")
@allows(*STAFF)
def modules() -> ResponseReturnValue:
    """List what this provider offers, by topic."""
    listing = catalogue.listing(db.session(), current_membership().provider.id)
    titles = {(topic.pack, topic.key): topic.title for topic in listing.topics}
    groups: dict[str, list[EditionLine]] = {}
    for offer in listing.offers:
        heading = titles.get((offer.edition.pack, offer.edition.topic), offer.edition.topic)
        groups.setdefault(heading, []).append(EditionLine.of(offer.edition))
    lines = [line for group in groups.values() for line in group]
    return render_template(
        "trainer/modules.html",
        groups=groups,
        modules=words.count(len(lines), "module", "modules"),
        unchecked=sum(not line.checked for line in lines),
    )
