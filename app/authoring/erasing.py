"""Forgetting who wrote, when a person is erased: the words are their provider's and stay."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.authoring.models import Draft, DraftComment, DraftMedia, DraftRevision, LocalPage

_OF_DRAFTS = (Draft.started_by, Draft.changed_by, Draft.checked_noted_by)
_BELOW = (DraftRevision.by, DraftMedia.added_by, DraftComment.by, DraftComment.resolved_by)


def forget(session: Session, person_id: int, provider_id: int | None) -> None:
    """Let what a person wrote stand as written by nobody; only at one provider when it is given.

    Who a provider named as having checked the facts is part of what it published, and stays.
    """
    drafts = select(Draft.id)
    mine: ColumnElement[bool] = Draft.id.is_not(None)
    pages: ColumnElement[bool] = LocalPage.number.is_not(None)
    if provider_id is not None:
        mine, pages = Draft.provider_id == provider_id, LocalPage.provider_id == provider_id
        drafts = drafts.where(mine)
    for column in _OF_DRAFTS:
        _empty(session, column, person_id, mine)
    for column in _BELOW:
        _empty(session, column, person_id, column.class_.draft_id.in_(drafts))
    _empty(session, LocalPage.changed_by, person_id, pages)


def _empty(
    session: Session, column: InstrumentedAttribute[int | None], person_id: int, where: ColumnElement[bool]
) -> None:
    session.execute(update(column.class_).where(column == person_id, where).values({column.key: None}))
