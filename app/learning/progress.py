"""How far somebody is with each standard. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from app.catalogue import Listing, StandardView
from app.learning.types import Half, StandardProgress, Standing, Status

COUNTS = (Status.IN_DATE, Status.DUE_SOON, Status.NEEDS_WATCHING)


def progress(
    standards: Iterable[StandardView],
    listing: Listing,
    standings: Mapping[str, Standing],
    *,
    shown: Collection[str] = (),
    recognised: Collection[str] = (),
) -> tuple[StandardProgress, ...]:
    """Return both halves of every standard.

    A criterion is known when a module that names it counts today. `shown` are the codes that were observed in practice:
    only an observation can show one, and a module can never stand in for it. `recognised` are the codes, of either
    half, that a statement from elsewhere stands in for here.
    """
    mine = known({offer.edition.key: offer.edition.criteria for offer in listing.offers}, standings).union(recognised)
    seen = set(shown).union(recognised)
    return tuple(
        StandardProgress(
            number=standard.number,
            title=standard.title,
            know=Half(done=len(mine.intersection(standard.knowledge)), of=len(standard.knowledge)),
            shown=Half(done=len(seen.intersection(standard.practice)), of=len(standard.practice)),
        )
        for standard in standards
    )


def known(criteria: Mapping[str, Iterable[str]], standings: Mapping[str, Standing]) -> frozenset[str]:
    """Return the codes that are known: those named by a module that counts today. `criteria`: module → its codes."""
    return frozenset(code for key, standing in standings.items() if _counts(standing) for code in criteria.get(key, ()))


def _counts(standing: Standing) -> bool:
    """A module asked for and not yet done can be due soon as well; a completion makes it count, or one elsewhere."""
    return standing.status in COUNTS and (standing.completed_at is not None or standing.recognised is not None)
