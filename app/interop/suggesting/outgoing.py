"""Changes that a provider suggests to modules that are not its own: written, sent, and what became of them.

Every query starts from the provider. Services flush; the edge commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.content import EditionInfo
from app.content import queries as content
from app.content.build import canonical
from app.content.checks import LARGEST_TEXT
from app.content.sharing import shareable
from app.interop import sharing
from app.interop.sharing.licences import known
from app.interop.sharing.wire import stamp
from app.interop.suggesting.errors import NoSuggestion, NotNow, SuggestingError
from app.interop.suggesting.inbox import answers_of
from app.interop.suggesting.models import LONGEST_NAME, Suggestion
from app.interop.suggesting.texts import plain, words_of
from app.interop.suggesting.types import Answer, State, SuggestionLine, SuggestionView
from app.interop.suggesting.wire import LONGEST_REASON, SHORTEST_REASON
from app.kernel import new_uuid7

STATES = {"taken": State.TAKEN, "not-taken": State.NOT_TAKEN}


def may_suggest(session: Session, info: EditionInfo) -> str:
    """Say why nobody can suggest a change to this module, empty when they can.

    A provider's own module is changed at its desk; a licence that does not let us adapt the words lets nobody suggest
    others.
    """
    if info.audience is not None:
        return "This module is one of a provider here. It is changed in its draft."
    if content.text_of(session, info.sha) is None:
        return "Its text was not kept when it was published. Ask whoever runs the server to publish once more."
    licence = shareable(session, [info.sha])[info.sha].licence
    if not known(licence):
        return f'Its licence, "{licence}", does not let us change its words, as far as we know.'
    return ""


def start(session: Session, provider_id: int, info: EditionInfo, *, now: datetime) -> UUID:
    """Begin a suggestion with the text of this edition; one that is being written already is gone on with.

    Raises SuggestingError.
    """
    if refusal := may_suggest(session, info):
        raise SuggestingError(refusal)
    mine = select(Suggestion).where(Suggestion.provider_id == provider_id, Suggestion.module == info.key)
    begun = session.scalars(
        mine.where(Suggestion.asked_at.is_(None), Suggestion.sha == info.sha, Suggestion.put_away_at.is_(None))
    ).first()
    if begun is not None:
        return begun.uuid
    came = sharing.holder(session, info.key)
    pack = next(each for each in content.documents(session, "pack") if each.name == info.pack)
    row = Suggestion(
        uuid=new_uuid7(),
        provider_id=provider_id,
        module=info.key,
        sha=info.sha,
        publisher=came.source.name if came else str(pack.data["publisher"])[:200],
        address="" if came is None else came.source.address if came.followed else None,
        text=content.text_of(session, info.sha) or "",
        started_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return row.uuid


def save(
    session: Session, provider_id: int, uuid: UUID, *, text: str, reason: str, credit: bool, now: datetime
) -> None:
    """Keep what is suggested and why. The publisher's own fields stay as they are. Raises SuggestingError."""
    row = row_of(session, provider_id, uuid, lock=True)
    _still_here(row)
    if len(text) > 2 * LARGEST_TEXT:
        raise SuggestingError("This is longer than a module may be. Nothing was saved.", code="too-long", field="text")
    before = content.text_of(session, row.sha) or ""
    row.text, row.reason = words_of(text, before), plain(reason).strip()[: 2 * LONGEST_REASON]
    row.credit, row.changed_at, row.trouble = credit, now, ""
    session.flush()


def why_not_yet(view: SuggestionView) -> tuple[tuple[str, str], ...]:
    """Return what has to be mended before it can be sent: pairs of a field and words. Empty when nothing has."""
    said = []
    if view.text == view.before:
        said.append(("text", "Nothing is changed yet. Change the words you would have another way."))
    if len(view.text.encode()) > LARGEST_TEXT:
        said.append(("text", f"This is longer than a module may be ({LARGEST_TEXT // 1000} kB). Make it shorter."))
    if not SHORTEST_REASON <= len(view.reason) <= LONGEST_REASON:
        said.append(("reason", f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON:,} characters."))
    return tuple(said)


def ask(session: Session, provider_id: int, uuid: UUID, *, person: str | None, now: datetime) -> None:
    """Say that it is to be sent. `person` is who wants to be named to the publisher. Raises SuggestingError."""
    row = row_of(session, provider_id, uuid, lock=True)
    _still_here(row)
    if row.address is None:
        raise NotNow("It cannot be sent from here. Save it as a file, and hand that to the publisher.")
    if why_not_yet(open_one(session, provider_id, uuid)):
        raise NotNow("Change something and say why, then send it.")
    row.asked_at, row.tried_at, row.trouble = now, None, ""
    row.person = person[:LONGEST_NAME] if person else None
    session.flush()


def take_back(session: Session, provider_id: int, uuid: UUID) -> bool:
    """Do not send it after all. Says whether that was in time: what was sent stays sent. Raises NoSuggestion."""
    row = row_of(session, provider_id, uuid, lock=True)
    if row.sent_at is not None:
        return False
    row.asked_at = row.person = row.tried_at = None
    session.flush()
    return True


def put_away(session: Session, provider_id: int, uuid: UUID, *, away: bool, now: datetime) -> None:
    """Take one out of the list, or put it back. Nothing of it is removed. Raises NoSuggestion."""
    row_of(session, provider_id, uuid, lock=True).put_away_at = now if away else None
    session.flush()


def list_own(session: Session, provider_id: int, module: str | None = None) -> tuple[SuggestionLine, ...]:
    """Return a provider's suggestions, the newest first; of one module when it is given."""
    query = select(Suggestion).where(Suggestion.provider_id == provider_id).order_by(Suggestion.id.desc())
    rows = session.scalars(query if module is None else query.where(Suggestion.module == module)).all()
    facts = _facts(session, rows)
    return tuple(SuggestionLine(**_common(row, facts)) for row in rows)


def open_one(session: Session, provider_id: int, uuid: UUID) -> SuggestionView:
    """Return one as it is opened. Raises NoSuggestion."""
    row = row_of(session, provider_id, uuid)
    common = _common(row, _facts(session, [row]))
    return SuggestionView(**common, text=row.text, before=content.text_of(session, row.sha) or "", sha=row.sha)


def edition_of(session: Session, view: SuggestionLine) -> EditionInfo:
    """Return the edition a suggestion was written on. Raises NoSuggestion."""
    found = next((each for each in content.editions_of(session, view.module) if each.number == view.number), None)
    if found is None:
        raise NoSuggestion("The edition this was written on is not here any more.")
    return found


def as_file(
    session: Session, provider_id: int, uuid: UUID, *, provider: str, person: str | None, now: datetime
) -> bytes:
    """Return a suggestion as it is sent, or handed over. Raises NoSuggestion."""
    row = row_of(session, provider_id, uuid)
    [edition] = [each for each in content.editions_of(session, row.module) if each.sha == row.sha]
    facts = shareable(session, [row.sha])[row.sha]
    return canonical(
        {
            "format": 1,
            "kind": "suggestion",
            "id": str(row.uuid),
            "module": row.module,
            "edition": edition.number,
            "source": facts.source,
            "text": row.text,
            "reason": row.reason,
            "licence": facts.licence,
            "by": {
                "provider": provider[:LONGEST_NAME],
                "person": person[:LONGEST_NAME] if person else None,
                "credit": row.credit,
            },
            "made_at": stamp(now.astimezone(UTC)),
        }
    )


def row_of(session: Session, provider_id: int, uuid: UUID, *, lock: bool = False) -> Suggestion:
    """Return the row of a suggestion of this provider. Raises NoSuggestion."""
    query = select(Suggestion).where(Suggestion.provider_id == provider_id, Suggestion.uuid == uuid)
    query = query.options(undefer(Suggestion.text))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NoSuggestion("There is no such suggestion here.")
    return row


def _still_here(row: Suggestion) -> None:
    if row.asked_at is not None:
        raise NotNow("It is on its way already. Take it back first, if it was not sent yet.")


_Facts = tuple[Mapping[str, tuple[str, int, str]], Mapping[str, Answer]]


def _facts(session: Session, rows: Sequence[Suggestion]) -> _Facts:
    """Return title, number and licence of the editions they were written on, and this server's own answers."""
    quizzes = content.quizzes(session, {row.sha for row in rows})
    editions = {
        sha: (str(quiz.edition["title"]), quiz.number, str(quiz.edition["licence"])) for sha, quiz in quizzes.items()
    }
    here = [row.receipt for row in rows if row.address == "" and row.receipt and not row.answer]
    return editions, answers_of(session, here)


def _common(row: Suggestion, facts: _Facts) -> dict[str, Any]:
    editions, here = facts
    title, number, licence = editions.get(row.sha, (row.module, 0, ""))
    told = here.get(row.receipt or "")
    answer = Answer(state=row.answer, edition=row.answer_edition, words=row.answer_words) if row.answer else told
    state = State.WRITING if row.asked_at is None else State.SENDING if row.sent_at is None else State.SENT
    if answer is not None and answer.state in STATES:
        state = STATES[answer.state]
    return {
        "uuid": row.uuid,
        "module": row.module,
        "title": title,
        "number": number,
        "licence": licence,
        "publisher": row.publisher,
        "address": row.address,
        "reason": row.reason,
        "credit": row.credit,
        "state": state,
        "changed_at": row.changed_at,
        "sent_at": row.sent_at,
        "looked_at": row.looked_at,
        "answered_at": row.answered_at,
        "answer_edition": answer.edition if answer else None,
        "answer_words": answer.words if answer else "",
        "trouble": row.trouble,
        "away": row.put_away_at is not None,
    }
