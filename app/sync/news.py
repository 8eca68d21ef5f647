"""Whom anything happened to since something was last worked out: what staff did, and what phones sent."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import assessment, audit, identity, providers
from app.audit import Kind
from app.compliance import Mark
from app.providers import ProviderView
from app.sync import trail

# What changes something of its subject, or of whoever did it, and of nobody else. Of what is in neither list, everybody
# is looked at anew: whoever ends an assessor's right, or puts their first day right, changes what their learners have
# shown.
ABOUT_ONE = frozenset(
    {
        "person.added",
        "person.teams-changed",
        "code.made",
        "code.taken-back",
        "code.used",
        "pin.set",
        "phone.added",
        "assignment.made",
        "assignment.ended",
        "goes.reset",
        "pass.kept",
        "pass.taken",
        "profile.given",
        "profile.taken",
        "exception.made",
        "exception.ended",
        "outside.noted",
        "outside.booked",
        "outside.accepted",
        "outside.refused",
        "outside.called-off",
        "recognition.accepted",
        "recognition.declined",
        "recognition.ended",
        "recognition.counts-again",
        "recognition.fetched",
        "observation.taken-back",
        "observation.brought-back",
        "observation.countersigned",
        "standard.signed-off",
        "standard.sign-off-taken-back",
        "certificate.signed-off",
        "certificate.sign-off-taken-back",
    }
)
# What changes nothing of where anybody stands.
ABOUT_NOBODY = (
    "delegated",
    "credential",
    "credentials",
    "issuer",
    "nudge",
    "evidence",
    "meeting",
    "agreed",
    "goal",
    "induction",
    "supervision",
    "draft",
    "local-page",
    "export",
    "feed",
    "webhook",
    "store",
)
# What shows here whichever provider it was done at: somebody with two places has one PIN, and what was erased leaves
# ids to be given again.
ANYWHERE = ("code.used", "data.erased")


class ProviderNews:
    """What happened at one provider (see `compliance.News`). Asking takes a fixed number of statements."""

    def __init__(self, session: Session, provider: ProviderView) -> None:
        self._session = session
        self._provider = provider

    def mark(self) -> Mark:
        """Return the place that has been reached."""
        record, recent = trail.newest(self._session)
        return Mark(entry=audit.head(self._session).number, record=record, recent=recent)

    def since(self, mark: Mark) -> frozenset[int] | None:
        """Return the ids of those of whom something else may be known since a mark; None: of anybody."""
        session, provider = self._session, self._provider
        subjects = set()
        for action, subject in audit.acts_after(session, provider.uuid, mark.entry, anywhere=ANYWHERE):
            if action in ABOUT_ONE and subject is not None:
                subjects.add(subject)
            elif not _about_nobody(action):
                return None
        sent = trail.records_after(session, provider.id, mark.record, mark.recent)
        if len(sent) == trail.MOST_AT_ONCE:
            return None
        found = {person_id for person_id, _ in sent} | set(providers.people_ids(session, provider.id, subjects))
        # An assessor's words are about somebody else.
        found |= assessment.learners_of(session, provider.id, [record for _, record in sent])
        # Of two records that became one, the one that went is known of no more.
        return frozenset(found) | identity.rows_of_before(session, found)


def _about_nobody(action: str) -> bool:
    part = action.partition(".")[0]
    return (part in ABOUT_NOBODY and action != "draft.published") or audit.ACTIONS[action].kind is Kind.SIGN_IN
