"""Messages to people: into the app, onto lock screens, by e-mail, or as text to paste. Nudges, and their limits.

Owns what was sent to whom and when, what phones said of it, and where browsers can be reached. Knows no screen and no
record log: `sync` hands it what phones said.
"""

from app.messages.acts import ACT_KINDS, apply, forget_everything_worked_out, understand
from app.messages.automatic import Titles, nudge_by_itself
from app.messages.delegated import Over, end_delegated, subject_of
from app.messages.delivering import Claimed, Outcome, Outlets, Parcel, any_due, carry, claim, prepare, settle
from app.messages.erasing import count_before, erase, remove_before
from app.messages.errors import MessagesError, NotDelivered, PushRefused
from app.messages.line import Line
from app.messages.mail import MailServer, Tls
from app.messages.push import PushKey
from app.messages.queries import ANY_OF_ONE, automatic_providers, automatic_since, for_phone, log, told_of, with_push
from app.messages.rules import MOST_A_WEEK, may_go_at
from app.messages.service import nudge, send, standing_back, switch_automatic
from app.messages.subscriptions import subscribe, unsubscribe
from app.messages.suggestions import Reason, Suggestion, suggest
from app.messages.types import Channel, ForPhone, HeldBack, Kind, LogLine, Nudged, Sent, State, Told, Why, Words

__all__ = [
    "ACT_KINDS",
    "ANY_OF_ONE",
    "MOST_A_WEEK",
    "Channel",
    "Claimed",
    "ForPhone",
    "HeldBack",
    "Kind",
    "Line",
    "LogLine",
    "MailServer",
    "MessagesError",
    "NotDelivered",
    "Nudged",
    "Outcome",
    "Outlets",
    "Over",
    "Parcel",
    "PushKey",
    "PushRefused",
    "Reason",
    "Sent",
    "State",
    "Suggestion",
    "Titles",
    "Tls",
    "Told",
    "Why",
    "Words",
    "any_due",
    "apply",
    "automatic_providers",
    "automatic_since",
    "carry",
    "claim",
    "count_before",
    "end_delegated",
    "erase",
    "for_phone",
    "forget_everything_worked_out",
    "log",
    "may_go_at",
    "nudge",
    "nudge_by_itself",
    "prepare",
    "remove_before",
    "send",
    "settle",
    "standing_back",
    "subject_of",
    "subscribe",
    "suggest",
    "switch_automatic",
    "told_of",
    "understand",
    "unsubscribe",
    "with_push",
]
