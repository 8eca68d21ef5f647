"""A provider's record, or one person's, as a stream of statements: person by person, each in order of time."""

from __future__ import annotations

import heapq
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from app import assessment, credentials, learning, providers
from app.assessment import ObservationView
from app.content import queries as content
from app.content.build import whole
from app.credentials import CredentialView
from app.interop.xapi.activities import Place
from app.interop.xapi.making import Statement, Studied, of_attempt, of_credential, of_lesson, of_observation
from app.learning import AttemptView, LessonReadView

# Editions are big; people at one provider mostly learn from the same few.
_EDITIONS_AT_ONCE = 32


def statements(
    session: Session, provider_id: int, place: Place, *, people: Collection[int] | None = None
) -> Iterator[Statement]:
    """Yield the statements of what was learned at a provider, seen at work there where it counts, and issued for it.

    `people`: only of these, of everybody who ever was here when None. Few rows are in memory at once; besides five
    statements and those about practice there is one for each edition that was learned from. What was revoked is not
    told.
    """
    uuids = {
        each.person_id: each.person_uuid
        for each in providers.list_members(session, provider_id, with_ended=True, people=people)
    }
    seen: dict[int, list[ObservationView | CredentialView]] = defaultdict(list)
    for view in assessment.observations_of(session, provider_id, people):
        if view.counting:
            seen[view.person_id].append(view)
    for issued in credentials.credentials_of(session, provider_id, people):
        if issued.revoked_at is None:
            seen[issued.person_id].append(issued)
    editions = _Editions(session)
    left = dict(seen)
    acts = learning.acts_in_order(session, provider_id, people=people)
    for person_id, theirs in groupby(acts, key=lambda each: each.person_id):
        if person_id in uuids:
            yield from _of_person(place, uuids[person_id], theirs, left.pop(person_id, []), editions)
    for person_id, views in sorted(left.items()):
        if person_id in uuids:
            yield from _of_person(place, uuids[person_id], iter(()), views, editions)


def _of_person(
    place: Place,
    person: UUID,
    acts: Iterator[LessonReadView | AttemptView],
    seen: Collection[ObservationView | CredentialView],
    editions: _Editions,
) -> Iterator[Statement]:
    observed = sorted(seen, key=_when)
    for each in heapq.merge(acts, observed, key=_when):
        if isinstance(each, ObservationView):
            yield from of_observation(place, each)
            continue
        if isinstance(each, CredentialView):
            yield from of_credential(place, person, each)
            continue
        studied = editions.of(each.sha)
        if studied is None:
            continue
        made = of_lesson if isinstance(each, LessonReadView) else of_attempt
        yield from made(place, person, each, studied)  # type: ignore[arg-type]


def _when(each: LessonReadView | AttemptView | ObservationView | CredentialView) -> tuple[datetime, bytes]:
    if isinstance(each, CredentialView):
        return each.issued_at, each.uuid.bytes
    return each.at, each.record.bytes


class _Editions:
    """Editions by sha; the few used last are kept."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: OrderedDict[str, Studied | None] = OrderedDict()

    def of(self, sha: str) -> Studied | None:
        """Return an edition, or None where this server does not have it."""
        if sha not in self._known:
            quiz = content.quiz(self._session, sha)
            questions = {each["id"]: each for each in whole(quiz.edition, quiz.answer_key)} if quiz else {}
            self._known[sha] = Studied(edition=quiz.edition, questions=questions) if quiz else None
            if len(self._known) > _EDITIONS_AT_ONCE:
                self._known.popitem(last=False)
        self._known.move_to_end(sha)
        return self._known[sha]
