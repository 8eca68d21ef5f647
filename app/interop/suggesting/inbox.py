"""Changes that others suggested to modules this server publishes: reading them, deciding, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session, undefer

from app.content import EditionInfo
from app.content import queries as content
from app.interop.suggesting.errors import NoSuggestion
from app.interop.suggesting.merging import Merged, merge
from app.interop.suggesting.models import LONGEST_WORDS, Decision, Received
from app.interop.suggesting.texts import words_of
from app.interop.suggesting.types import Answer, ReceivedLine, ReceivedView, What

# Of those that were decided, the list shows this many.
LISTED = 50


def answer_of(session: Session, receipt: str) -> Answer | None:
    """Return what became of the suggestion with this receipt, None when there is none."""
    return answers_of(session, [receipt]).get(receipt)


def answers_of(session: Session, receipts: Iterable[str]) -> dict[str, Answer]:
    """Return what became of suggestions, by receipt. A fixed number of statements."""
    wanted = list(receipts)
    rows = session.scalars(select(Received).where(Received.receipt.in_(wanted))).all() if wanted else []
    return {row.receipt: _answer(line) for row, line in zip(rows, _lines(session, rows), strict=True)}


def number_of(session: Session, receipt: str) -> int:
    """Return the number of the suggestion with this receipt. Raises NoSuggestion."""
    found = session.scalar(select(Received.id).where(Received.receipt == receipt))
    if found is None:
        raise NoSuggestion("There is no such suggestion here.")
    return found


def list_received(session: Session) -> tuple[ReceivedLine, ...]:
    """Return what waits, the oldest first, and then the newest of the others. A fixed number of statements."""
    newest = _newest()
    open_ones = newest.c.what.is_(None) | (newest.c.what == What.AGAIN.value)
    query = select(Received).outerjoin(newest, newest.c.suggestion_id == Received.id)
    first = session.scalars(query.where(open_ones).order_by(Received.id)).all()
    then = session.scalars(query.where(~open_ones).order_by(Received.id.desc()).limit(LISTED)).all()
    return _lines(session, [*first, *then])


def open_received(session: Session, number: int) -> ReceivedView:
    """Return one that came in, beside the text it was written on and today's. Raises NoSuggestion."""
    row = _row(session, number)
    [line] = _lines(session, [row])
    editions = content.editions_of(session, row.module)
    newest = editions[-1]
    written_on = next(each for each in editions if each.sha == row.sha)
    before = content.text_of(session, row.sha) or ""
    today = content.text_of(session, newest.sha) or before
    made = Merged(text=row.text, conflicts=())
    if today != before:
        # Fields such as the number of the edition are the publisher's, and no change of words.
        made = merge(words_of(before, today), today, words_of(row.text, today))
    return ReceivedView(
        **{name: getattr(line, name) for name in ReceivedLine.__dataclass_fields__},
        sha=row.sha,
        written_on=written_on.number,
        newest=newest.number,
        before=before,
        text=row.text,
        today=today,
        merged=made.text,
        conflicts=tuple((each.line, each.today, each.suggested) for each in made.conflicts),
    )


def newest_edition(session: Session, view: ReceivedLine) -> EditionInfo:
    """Return the newest edition of the module a suggestion is for."""
    return content.editions_of(session, view.module)[-1]


def decide(
    session: Session,
    number: int,
    what: What,
    *,
    now: datetime,
    words: str = "",
    draft: UUID | None = None,
    planned: int | None = None,
    provider_id: int | None = None,
) -> None:
    """Note what becomes of a suggestion. Who wanted to be named to us is forgotten with a decision.

    Raises NoSuggestion.
    """
    row = _row(session, number, lock=True)
    session.add(
        Decision(
            suggestion_id=row.id,
            what=what.value,
            at=now,
            words=words[:LONGEST_WORDS],
            draft=draft,
            number=planned,
            provider_id=provider_id,
        )
    )
    if what in (What.TAKEN, What.NOT_TAKEN):
        row.person = None
    session.flush()


def of_draft(session: Session, draft: UUID) -> int | None:
    """Return the number of the suggestion a draft is the way of, None for any other draft.

    A suggestion that was then not taken, or is looked at again, leaves its draft behind as one like any other.
    """
    newest = _newest()
    query = select(Decision.suggestion_id).join(newest, newest.c.suggestion_id == Decision.suggestion_id)
    on_its_way = newest.c.what.in_((What.DRAFT.value, What.TAKEN.value))
    return session.scalar(query.where(Decision.draft == draft, on_its_way).limit(1))


def _newest() -> Subquery:
    """Return a subquery of the newest decision on each suggestion."""
    last = select(func.max(Decision.id).label("id")).group_by(Decision.suggestion_id).subquery()
    return select(Decision).join(last, last.c.id == Decision.id).subquery()


def waiting(session: Session) -> int:
    """Return how many suggestions nobody has decided on, or taken up as a draft."""
    newest = _newest()
    open_ones = newest.c.what.is_(None) | (newest.c.what == What.AGAIN.value)
    query = select(func.count()).select_from(Received).outerjoin(newest, newest.c.suggestion_id == Received.id)
    return session.scalar(query.where(open_ones)) or 0


def _lines(session: Session, rows: Iterable[Received]) -> tuple[ReceivedLine, ...]:
    every = list(rows)
    if not every:
        return ()
    decisions: dict[int, list[Decision]] = {}
    wanted = select(Decision).where(Decision.suggestion_id.in_([row.id for row in every])).order_by(Decision.id)
    for each in session.scalars(wanted):
        decisions.setdefault(each.suggestion_id, []).append(each)
    planned = {(row.module, each.number): each.at for row in every for each in decisions.get(row.id, ()) if each.number}
    published = _published(session, planned)
    titles = {
        sha: str(quiz.edition["title"]) for sha, quiz in content.quizzes(session, {row.sha for row in every}).items()
    }
    lines = []
    for row in every:
        said = decisions.get(row.id, [])
        last = said[-1] if said else None
        taken = last if last is not None and last.what == What.TAKEN.value else None
        drafts = [each for each in said if each.draft is not None]
        lines.append(
            ReceivedLine(
                number=row.id,
                module=row.module,
                title=titles.get(row.sha, row.module),
                provider=row.provider,
                person=row.person,
                credit=row.credit,
                licence=row.licence,
                reason=row.reason,
                received_at=row.received_at,
                what=What(last.what) if last else None,
                decided_at=last.at if last else None,
                words=last.words if last else "",
                draft=drafts[-1].draft if drafts else None,
                draft_on=drafts[-1].number if drafts else None,
                planned=taken.number if taken else None,
                edition=taken.number if taken and (row.module, taken.number) in published else None,
            )
        )
    return tuple(lines)


def _published(session: Session, planned: Mapping[tuple[str, int], datetime]) -> frozenset[tuple[str, int]]:
    """Return which of these editions were published since they were planned."""
    if not planned:
        return frozenset()
    return frozenset(
        (each.key, each.number)
        for each in content.all_editions(session)
        if (each.key, each.number) in planned and each.published_at >= planned[each.key, each.number]
    )


def _answer(line: ReceivedLine) -> Answer:
    if line.edition is not None:
        return Answer(state="taken", edition=line.edition)
    if line.what is What.NOT_TAKEN:
        return Answer(state="not-taken", words=line.words)
    return Answer(state="waiting")


def _row(session: Session, number: int, *, lock: bool = False) -> Received:
    query = select(Received).where(Received.id == number).options(undefer(Received.text))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NoSuggestion(f"There is no suggestion {number} here.")
    return row
