"""A learner's passport: what they can show of themselves, the links by which they show it, and who looked.

Owns links, what each shows, when one was taken back, and looks. The server keeps a link's token only as its SHA-256:
whoever reads the database can open none. Knows no screen; what a link shows is chosen by its person and by nobody else.
"""

from app.credentials.passport.clr import CLR_BADGES, clr
from app.credentials.passport.erasing import erase, remove_looks_before
from app.credentials.passport.errors import NoSuchLink, PassportError
from app.credentials.passport.presentation import presentation
from app.credentials.passport.queries import holding_of, links_of, open_link, passport_of
from app.credentials.passport.rules import LONGEST_DAYS, LONGEST_WHOM, MOST_ITEMS, groups, is_token
from app.credentials.passport.service import note_look, open_again, share, take_back
from app.credentials.passport.types import Form, Group, Item, LinkView, LookKind, LookView, NewLink, Opened

__all__ = [
    "CLR_BADGES",
    "LONGEST_DAYS",
    "LONGEST_WHOM",
    "MOST_ITEMS",
    "Form",
    "Group",
    "Item",
    "LinkView",
    "LookKind",
    "LookView",
    "NewLink",
    "NoSuchLink",
    "Opened",
    "PassportError",
    "clr",
    "erase",
    "groups",
    "holding_of",
    "is_token",
    "links_of",
    "note_look",
    "open_again",
    "open_link",
    "passport_of",
    "presentation",
    "remove_looks_before",
    "share",
    "take_back",
]
