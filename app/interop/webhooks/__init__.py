"""Telling other systems when a training lapses, comes due or is put right: signed, in order, tried again for days.

Owns who is told of what, what is to be told, and how each try went. Knows no screen.
"""

from app.interop.webhooks.delivering import Held, Outcome, any_due, claim, settle, tell, tell_next
from app.interop.webhooks.errors import WebhookError
from app.interop.webhooks.queries import TryView, WebhookView, webhooks
from app.interop.webhooks.rules import TO_PICK, Event, Tells, event_of, wait_after
from app.interop.webhooks.service import add, end, forget_old, note, send_again, try_it

__all__ = [
    "TO_PICK",
    "Event",
    "Held",
    "Outcome",
    "Tells",
    "TryView",
    "WebhookError",
    "WebhookView",
    "add",
    "any_due",
    "claim",
    "end",
    "event_of",
    "forget_old",
    "note",
    "send_again",
    "settle",
    "tell",
    "tell_next",
    "try_it",
    "wait_after",
    "webhooks",
]
