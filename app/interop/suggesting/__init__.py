"""Suggesting a change to whoever publishes a module, and looking after what others suggest to us.

Owns suggestions of both sorts, how they travel, and how one becomes the next edition of a module. Knows no screen; a
suggestion that is taken up is a draft of `app.authoring`, reviewed as any other.
"""

from app.interop.suggesting.errors import (
    InboxFull,
    NoSuggestion,
    NotASuggestion,
    NotNow,
    NotTakenIn,
    SuggestingError,
)
from app.interop.suggesting.inbox import (
    answer_of,
    decide,
    list_received,
    newest_edition,
    number_of,
    of_draft,
    open_received,
    waiting,
)
from app.interop.suggesting.merging import Conflict, Merged, merge
from app.interop.suggesting.outgoing import (
    as_file,
    ask,
    edition_of,
    list_own,
    may_suggest,
    open_one,
    put_away,
    save,
    start,
    take_back,
    why_not_yet,
)
from app.interop.suggesting.receiving import MOST_WAITING, is_open, receive
from app.interop.suggesting.sending import answered, not_looked, not_sent, sent, to_look, to_send
from app.interop.suggesting.taking import NextEdition, next_edition, take_up, taken, write, zipped
from app.interop.suggesting.texts import checked
from app.interop.suggesting.types import Answer, ReceivedLine, ReceivedView, State, SuggestionLine, SuggestionView, What
from app.interop.suggesting.wire import (
    LARGEST_ANSWER,
    LARGEST_SUGGESTION,
    LONGEST_REASON,
    SHORTEST_REASON,
    answer_file,
    read,
    read_answer,
    read_receipt,
    read_refusal,
    schema,
)

__all__ = [
    "LARGEST_ANSWER",
    "LARGEST_SUGGESTION",
    "LONGEST_REASON",
    "MOST_WAITING",
    "SHORTEST_REASON",
    "Answer",
    "Conflict",
    "InboxFull",
    "Merged",
    "NextEdition",
    "NoSuggestion",
    "NotASuggestion",
    "NotNow",
    "NotTakenIn",
    "ReceivedLine",
    "ReceivedView",
    "State",
    "SuggestingError",
    "SuggestionLine",
    "SuggestionView",
    "What",
    "answer_file",
    "answer_of",
    "answered",
    "as_file",
    "ask",
    "checked",
    "decide",
    "edition_of",
    "is_open",
    "list_own",
    "list_received",
    "may_suggest",
    "merge",
    "newest_edition",
    "next_edition",
    "not_looked",
    "not_sent",
    "number_of",
    "of_draft",
    "open_one",
    "open_received",
    "put_away",
    "read",
    "read_answer",
    "read_receipt",
    "read_refusal",
    "receive",
    "save",
    "schema",
    "sent",
    "start",
    "take_back",
    "take_up",
    "taken",
    "to_look",
    "to_send",
    "waiting",
    "why_not_yet",
    "write",
    "zipped",
]
