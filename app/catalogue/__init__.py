"""Packs on offer, and which provider takes which.

Owns adoptions, and what is offered to whom in which order. Knows packs, frameworks and editions through `app.content`;
knows no learner.
"""

from app.catalogue.models import Adoption
from app.catalogue.parts import differing, figures, folded
from app.catalogue.past import PastCatalogue, catalogue_by
from app.catalogue.queries import adopted_packs, listing, standards
from app.catalogue.service import adopt, forget_who_decided, let_go
from app.catalogue.types import Listing, Offer, StandardView, Step, TopicView

__all__ = [
    "Adoption",
    "Listing",
    "Offer",
    "PastCatalogue",
    "StandardView",
    "Step",
    "TopicView",
    "adopt",
    "adopted_packs",
    "catalogue_by",
    "differing",
    "figures",
    "folded",
    "forget_who_decided",
    "let_go",
    "listing",
    "standards",
]
