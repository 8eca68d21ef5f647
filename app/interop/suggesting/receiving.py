"""Taking in what others suggest to modules this server publishes.

What comes is anybody's. It is kept as the text it is, shown as text, and rendered only as a draft is: through the
checks and the sanitiser.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.content import queries as content
from app.content.sharing import editions_here, shareable
from app.interop import sharing
from app.interop.suggesting.errors import InboxFull, NotTakenIn
from app.interop.suggesting.inbox import waiting
from app.interop.suggesting.models import Received
from app.interop.suggesting.texts import words_of
from app.interop.suggesting.wire import SuggestionFile

# A person reads each of them: far more than anybody could, and far less than would fill a disk.
MOST_WAITING = 200


def is_open(session: Session) -> bool:
    """Say whether suggestions are taken in from other servers: only where packs are offered to them."""
    return any(each.offered for each in sharing.packs(session))


def receive(session: Session, made: SuggestionFile, *, came: str, now: datetime) -> str:
    """Take a suggestion in, and return the receipt its answer is asked for by. The same one twice changes nothing.

    `came`: "web", "file" or "here". What is the publisher's own in the text is put back first. Raises NotTakenIn, with
    words for whoever sent it.
    """
    known = session.scalars(select(Received).where(Received.uuid == made.id)).one_or_none()
    if known is not None:
        if (words_of(made.text, content.text_of(session, known.sha) or ""), made.reason) != (known.text, known.reason):
            raise NotTakenIn(
                "This suggestion came before, with other words, and those are kept. Put it away, and begin another one "
                "with the new words."
            )
        return known.receipt
    sha = _written_on(session, made, came)
    text = words_of(made.text, content.text_of(session, sha) or "")
    if text == content.text_of(session, sha):
        raise NotTakenIn("It changes nothing in the text of the module.")
    if waiting(session) >= MOST_WAITING:
        raise InboxFull(f"{MOST_WAITING} suggestions wait to be read here. Try again in a week.")
    row = Received(
        uuid=made.id,
        receipt=secrets.token_urlsafe(16),
        came=came,
        module=made.module,
        sha=sha,
        text=text,
        reason=made.reason,
        provider=made.by.provider,
        person=made.by.person,
        credit=made.by.credit,
        licence=made.licence,
        received_at=now,
    )
    session.add(row)
    session.flush()
    return row.receipt


def _written_on(session: Session, made: SuggestionFile, came: str) -> str:
    """Return the edition of ours a suggestion was written on. Raises NotTakenIn."""
    here = editions_here(session).get(made.module, {})
    if not here or any(not each.everybodys for each in here.values()):
        raise NotTakenIn(f'No module "{made.module}" is published here.')
    from_elsewhere = sharing.holder(session, made.module)
    if from_elsewhere is not None:
        name = from_elsewhere.source.name
        raise NotTakenIn(f"This module is not ours: it comes from {name}. Save your suggestion as a file for them.")
    found = here.get(made.edition)
    if found is None or found.source != made.source:
        raise NotTakenIn(f"Edition {made.edition} of this module reads another way here. Take the newest one first.")
    if came == "web" and found.pack not in {each.key for each in sharing.packs(session) if each.offered}:
        raise NotTakenIn("This module is not offered to other servers any more.")
    licence = shareable(session, [found.sha])[found.sha].licence
    if made.licence != licence:
        raise NotTakenIn(f'The module is under "{licence}". A suggestion has to be under the same.')
    if content.text_of(session, found.sha) is None:
        raise NotTakenIn("The text of this edition was not kept here.")
    return found.sha
