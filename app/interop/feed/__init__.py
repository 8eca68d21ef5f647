"""Training status for other systems to read, by a token of each: where everybody stands, and what changed since.

Owns the tokens, and where everybody stood when it was last seen. Knows no screen and no HTTP.
"""

from app.interop.feed.errors import BadCursor, FeedError, FeedTokenRefused
from app.interop.feed.fields import DEFAULT, Field
from app.interop.feed.looking import Moved, Seen, keep, see
from app.interop.feed.reading import MOST, USUAL, Asked, FeedPage, PersonStands, asked_by, moment, read
from app.interop.feed.tokens import TokenView, end_token, make_token, note_use, opened_by, tokens

__all__ = [
    "DEFAULT",
    "MOST",
    "USUAL",
    "Asked",
    "BadCursor",
    "FeedError",
    "FeedPage",
    "FeedTokenRefused",
    "Field",
    "Moved",
    "PersonStands",
    "Seen",
    "TokenView",
    "asked_by",
    "end_token",
    "keep",
    "make_token",
    "moment",
    "note_use",
    "opened_by",
    "read",
    "see",
    "tokens",
]
