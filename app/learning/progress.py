"""How far somebody is with each standard. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.catalogue import Listing, StandardView
from app.learning.types import Half, StandardProgress, Standing, Status

COUNTS = (Status.IN_DATE, Status.DUE_SOON, Status.NEEDS_WATCHING)


def progress(
    standards: Iterable[StandardView], listing: Listing, standings: Mapping[str, Standing]
) -> tuple[StandardProgress, ...]:
    """Return both halves of every standard.

    A criterion is known when a module that names it counts today. None is shown yet: only an observation can show one,
    and a module can never stand in for it.
    """
    done = {key for key, standing in standings.items() if _counts(standing)}
    known = {code for offer in listing.offers if offer.edition.key in done for code in offer.edition.criteria}
    return tuple(
        StandardProgress(
            number=standard.number,
            title=standard.title,
            know=Half(done=len(known.intersection(standard.knowledge)), of=len(standard.knowledge)),
            shown=Half(done=0, of=len(standard.practice)),
        )
        for standard in standards
    )


def _counts(standing: Standing) -> bool:
    """A module asked for and not yet done can be due soon as well; only a completion makes it count."""
    return standing.status in COUNTS and standing.completed_at is not None
