"""Reading a draft before it is published: comments on a line, and a named person who checks the facts.

The way is draft → in review → ready. Words that change after the check are not checked any more.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import rows
from app.authoring.drafts import clean, one_line
from app.authoring.errors import AuthoringError, NotNow, TooLong
from app.authoring.history import lines_now
from app.authoring.models import Draft, DraftComment, DraftRevision
from app.authoring.types import Came, Checking, CommentView, DraftState
from app.kernel import new_uuid7

LONGEST_COMMENT = 2_000
LONGEST_NAME = 80
ALSO_WROTE = "{named}, who also wrote it"
MOVED = "The words changed while you were reading. Read them again, then carry on."


def send_to_review(session: Session, provider_id: int, uuid: UUID) -> None:
    """Say that others are to read the draft now. Safe to repeat. Raises NoDraft."""
    row = rows.find(session, provider_id, uuid, lock=True)
    if row.state == DraftState.DRAFT.value:
        row.state = DraftState.IN_REVIEW.value
        session.flush()


def back_to_draft(session: Session, provider_id: int, uuid: UUID) -> None:
    """Say that more is to be written first. A check that was noted is taken back. Raises NoDraft."""
    row = rows.find(session, provider_id, uuid, lock=True)
    row.state = DraftState.DRAFT.value
    row.checked_by_name = row.checked_at = row.checked_noted_by = None
    session.flush()


def comment(
    session: Session, provider_id: int, uuid: UUID, revision: int, line: int, text: str, *, by: int, now: datetime
) -> UUID:
    """Say something of a line of a revision, counted from 1. Raises NoDraft, TooLong, AuthoringError."""
    row = rows.find(session, provider_id, uuid, lock=True)
    said = clean(text).strip()
    if not said:
        raise AuthoringError("Write what you want to say.", code="empty", field="text")
    if len(said) > LONGEST_COMMENT:
        raise TooLong(f"Keep a comment under {LONGEST_COMMENT:,} characters.", field="text")
    text_then = _texts(session, row.id, [revision]).get(revision)
    if text_then is None or not 1 <= line <= text_then.count("\n") + 1:
        raise AuthoringError("There is no such line. Choose one of the text.", code="no-line", field="line")
    made = DraftComment(uuid=new_uuid7(), draft_id=row.id, revision=revision, line=line, text=said, by=by, at=now)
    session.add(made)
    session.flush()
    return made.uuid


def resolve(session: Session, provider_id: int, uuid: UUID, comment_uuid: UUID, *, by: int, now: datetime) -> bool:
    """Say that a comment is dealt with; it stays. Says whether there is one. Raises NoDraft."""
    row = rows.find(session, provider_id, uuid, lock=True)
    found = session.scalars(
        select(DraftComment).where(DraftComment.draft_id == row.id, DraftComment.uuid == comment_uuid)
    ).one_or_none()
    if found is not None and found.resolved_at is None:
        found.resolved_at, found.resolved_by = now, by
        session.flush()
    return found is not None


def comments(session: Session, provider_id: int, uuid: UUID) -> tuple[CommentView, ...]:
    """Return what was said of a draft, by line, with the lines as they stand now; of lines that are gone, last."""
    row = rows.find(session, provider_id, uuid)
    found = session.scalars(select(DraftComment).where(DraftComment.draft_id == row.id).order_by(DraftComment.id)).all()
    who = rows.names(session, provider_id, [each.by for each in found] + [each.resolved_by for each in found])
    texts = _texts(session, row.id, {each.revision for each in found})
    moved = {number: lines_now(text, row.text) for number, text in texts.items() if number != row.revision}
    views = [
        CommentView(
            uuid=each.uuid,
            revision=each.revision,
            line=each.line if each.revision == row.revision else moved[each.revision].get(each.line),
            quote=texts[each.revision].split("\n")[each.line - 1],
            text=each.text,
            by=who.get(each.by, ""),
            at=each.at,
            resolved_at=each.resolved_at,
            resolved_by=who.get(each.resolved_by, ""),
        )
        for each in found
    ]
    return tuple(sorted(views, key=lambda view: (view.line is None, view.line or 0)))


def checking(session: Session, provider_id: int, uuid: UUID, name: str, role: str) -> Checking:
    """Say how carers will read who checked the facts, before it is noted. Raises NoDraft, AuthoringError."""
    row = rows.find(session, provider_id, uuid)
    name, role = _named(name, "name"), _named(role, "role")
    alone = _wrote_alone(session, row, name)
    named = f"{name}, {role}"
    return Checking(as_shown=ALSO_WROTE.format(named=named) if alone else named, alone=alone)


def checked(
    session: Session,
    provider_id: int,
    uuid: UUID,
    name: str,
    role: str,
    *,
    revision: int,
    knows_alone: bool = False,
    by: int,
    now: datetime,
) -> Checking:
    """Note that a named person checked the facts of this revision; the draft is then ready to be published.

    Who alone wrote it may be that person only when the edition says so: `knows_alone` is their word that they know.
    Raises NoDraft, NotNow, AuthoringError.
    """
    row = rows.find(session, provider_id, uuid, lock=True)
    if row.state != DraftState.IN_REVIEW.value:
        raise NotNow("Send the draft to review first, then note who checked the facts.")
    if row.revision != revision:
        raise NotNow(MOVED, code="moved")
    said = checking(session, provider_id, uuid, name, role)
    if said.alone and not knows_alone:
        words = f"Nobody else wrote this draft. Carers will read: checked by {said.as_shown}. Tick that you know."
        raise NotNow(words, code="wrote-alone", field="alone")
    row.state = DraftState.READY.value
    row.checked_by_name, row.checked_at, row.checked_noted_by = said.as_shown, now, by
    session.flush()
    return said


def _named(text: str, field: str) -> str:
    missing = f"Write the {field} of the person who checked the facts."
    return one_line(text, field, missing, longest=LONGEST_NAME)


def _wrote_alone(session: Session, row: Draft, name: str) -> bool:
    """Whether the only person whose words ever were in force is called so."""
    query = select(DraftRevision.by).where(
        DraftRevision.draft_id == row.id, DraftRevision.aside.is_(False), DraftRevision.came != Came.PUBLISH.value
    )
    writers = set(session.scalars(query.distinct()))
    if len(writers) != 1:
        return False
    return rows.names(session, row.provider_id, writers)[writers.pop()].casefold() == name.casefold()


def _texts(session: Session, draft_id: int, revisions: Collection[int]) -> dict[int, str]:
    query = select(DraftRevision.revision, DraftRevision.text).where(
        DraftRevision.draft_id == draft_id, DraftRevision.revision.in_(revisions)
    )
    return {row.revision: row.text for row in session.execute(query)}
