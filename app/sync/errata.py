"""Putting the key of a published question right, and marking again what was answered, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import learning
from app.content import errata
from app.sync.rebuild import let_batches_wait, mark_again


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedAgain:
    """What a corrected key changes. `gain`, `keep`: ids of people, by attempt: who passes now, and who passed by a key
    that was in force and would not by this one; they keep the pass until a manager decides. `erratum` is None when that
    was the key already. `like_it`: other editions, by number, with the key that was wrong.
    """

    erratum: int | None
    attempts: int
    changed: int
    gain: tuple[int, ...]
    keep: tuple[int, ...]
    like_it: tuple[int, ...]


def correct(
    session: Session, key: str, number: int, question: str, right: Sequence[str], *, reason: str, now: datetime
) -> MarkedAgain:
    """Put a key right and mark every attempt of the edition again; to see what would happen, roll back.

    Nobody loses a pass: it stays until a manager decides. Who passes now does so from the day of their attempt. Raises
    ContentError, with words, when there is no such question or that cannot be its key. Flushes; the edge commits.
    """
    let_batches_wait(session)
    done = errata.correct(session, key, number, question, right, reason=reason, now=now)
    before = learning.passes_of_edition(session, done.sha)
    if done.erratum is None:
        return MarkedAgain(erratum=None, attempts=len(before), changed=0, gain=(), keep=(), like_it=())
    mark_again(session, done.sha)
    changed = learning.remarks_by(session, done.erratum)
    return MarkedAgain(
        erratum=done.erratum,
        attempts=len(before),
        changed=len(changed),
        gain=tuple(each.person_id for each in changed if each.counts and not before[each.record]),
        keep=tuple(each.person_id for each in changed if each.counts and not each.new_passed),
        like_it=done.like_it,
    )
