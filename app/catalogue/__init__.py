"""Packs on offer, and which provider takes which.

Owns packs, topics and frameworks as last published, and adoptions. Knows editions through `app.content`; knows no
learner.
"""

from app.catalogue.models import Adoption, FrameworkRow, PackRow, TopicRow
from app.catalogue.queries import adopted_packs, list_packs, listing, standards
from app.catalogue.service import adopt, let_go, take_frameworks, take_packs
from app.catalogue.types import Listing, Offer, PackView, StandardView, Step, TopicView

__all__ = [
    "Adoption",
    "FrameworkRow",
    "Listing",
    "Offer",
    "PackRow",
    "PackView",
    "StandardView",
    "Step",
    "TopicRow",
    "TopicView",
    "adopt",
    "adopted_packs",
    "let_go",
    "list_packs",
    "listing",
    "standards",
    "take_frameworks",
    "take_packs",
]
