"""The audit trail: who did what to a person's record, rights or sign-in, in a chain that shows if it was changed.

Knows people and providers only as uuids, so that erasing a person leaves the chain whole. Knows no other package.
"""

from app.audit.actions import ACTIONS, ActionWords, Kind
from app.audit.chain import Broken, Head, Verdict
from app.audit.errors import AuditError, UnknownAction, UnknownDetail
from app.audit.models import AuditEntry, AuditHead
from app.audit.queries import (
    Entry,
    acts_after,
    entries,
    entries_about,
    goes_on_from,
    head,
    verify,
)
from app.audit.service import note, remove_before
from app.audit.types import NOBODY, OPERATOR, WORKER, Actor, ActorKind, by_person

__all__ = [
    "ACTIONS",
    "NOBODY",
    "OPERATOR",
    "WORKER",
    "ActionWords",
    "Actor",
    "ActorKind",
    "AuditEntry",
    "AuditError",
    "AuditHead",
    "Broken",
    "Entry",
    "Head",
    "Kind",
    "UnknownAction",
    "UnknownDetail",
    "Verdict",
    "acts_after",
    "by_person",
    "entries",
    "entries_about",
    "goes_on_from",
    "head",
    "note",
    "remove_before",
    "verify",
]
