"""What happened where somebody is working, so that a page need not work everything out anew."""

from __future__ import annotations

from app.extensions import db
from app.sync.news import ProviderNews
from app.web.access import current_membership


def news() -> ProviderNews:
    """Return what happened where the signed-in person is working."""
    return ProviderNews(db.session(), current_membership().provider)
