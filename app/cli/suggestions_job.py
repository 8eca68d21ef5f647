"""Sending what providers here suggest to other servers, and asking what became of it, for `flask worker`.

Nothing is locked while another server answers.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app import providers
from app.cli.person import settings
from app.extensions import db
from app.interop import suggesting
from app.interop.sharing import SharingError, Web
from app.interop.suggesting import NotASuggestion
from app.kernel import begin_write

INBOX = "catalogue/suggestions"
# Try again later: they are busy, or took in too much.
LATER = (408, 429)


def due(now: datetime) -> str | None:
    """Send what waits, and once a day ask for the answers that are not there yet."""
    told = [_send(*each, now=now) for each in _read(suggesting.to_send(db.session(), now=now))]
    told += [_look(*each, now=now) for each in _read(suggesting.to_look(db.session(), now=now))]
    return " ".join(filter(None, told)) or None


def _read(found: tuple[tuple[int, UUID, str, str | None], ...]) -> tuple[tuple[int, UUID, str, str | None], ...]:
    db.session.rollback()
    return found


def _send(provider_id: int, uuid: UUID, address: str, person: str | None, *, now: datetime) -> str:
    session = db.session()
    provider = providers.find_provider(session, provider_id)
    body = suggesting.as_file(
        session, provider_id, uuid, provider=provider.name if provider else "", person=person, now=now
    )
    session.rollback()
    receipt, words, refused = None, "", False
    try:
        status, answer = _web(address).send(INBOX, body, suggesting.LARGEST_ANSWER)
        if status < 400:
            # A café's portal answers 200 too: without a receipt nobody took it in.
            receipt = suggesting.read_receipt(answer)
        else:
            refused = status not in LATER
            words = _why(address, status, answer)
    except NotASuggestion:
        words = f"{address} answered in a way that cannot be read. It is tried again."
    except SharingError as trouble:
        words = str(trouble)
    begin_write(session)
    if receipt is not None:
        suggesting.sent(session, provider_id, uuid, receipt, now=now)
    else:
        suggesting.not_sent(session, provider_id, uuid, words, refused=refused, now=now)
    session.commit()
    return f"A suggestion went to {address}." if receipt else words


def _look(provider_id: int, uuid: UUID, address: str, receipt: str | None, *, now: datetime) -> str:
    session, words = db.session(), ""
    try:
        raw = _web(address).fetch(f"{INBOX}/{receipt}.json", suggesting.LARGEST_ANSWER)
        answer = suggesting.read_answer(raw)
    except NotASuggestion:
        words = f"{address} answered in a way that cannot be read."
    except SharingError as trouble:
        words = str(trouble)
    begin_write(session)
    if words:
        suggesting.not_looked(session, provider_id, uuid, words, now=now)
    else:
        suggesting.answered(session, provider_id, uuid, answer, now=now)
    session.commit()
    return words


def _why(address: str, status: int, answer: bytes) -> str:
    if status == 404:
        return f"{address} takes in no suggestions. Save yours as a file, and hand that to them."
    said = suggesting.read_refusal(answer)
    return f"{address} did not take it in: {said}" if said else f"{address} did not take it in ({status})."


def _web(address: str) -> Web:
    return Web(address=address, anywhere=settings().follow == "any")
