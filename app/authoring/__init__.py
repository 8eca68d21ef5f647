"""The desk where a provider's trainers write modules of their own.

Owns drafts, their revisions, pictures and comments, and the provider's own pack. Publishes through `app.content` as the
command line does. Knows no screen.
"""

from app.authoring.checking import check, check_draft
from app.authoring.drafts import bring_back, copy_of, draft_of, list_drafts, open_draft, put_away, save, start
from app.authoring.due import check_again
from app.authoring.erasing import forget
from app.authoring.errors import (
    AuthoringError,
    MediaUnfit,
    NoDraft,
    NoModule,
    NoRevision,
    NotNow,
    PublishRefused,
    TooLong,
)
from app.authoring.history import difference, history, restore, revision_text
from app.authoring.media import add_media, media_body, remove_media
from app.authoring.models import Draft, DraftComment, DraftMedia, DraftRevision, OwnPack
from app.authoring.packs import topics_of
from app.authoring.publishing import effect, publish, withdraw
from app.authoring.review import back_to_draft, checked, checking, comment, comments, resolve, send_to_review
from app.authoring.types import (
    Came,
    CheckAgain,
    Checked,
    Checking,
    CommentView,
    DiffLine,
    DraftLine,
    DraftState,
    DraftView,
    Effect,
    MediaBody,
    MediaView,
    Moved,
    PartView,
    Published,
    RevisionLine,
    Saved,
    TopicLine,
)

__all__ = [
    "AuthoringError",
    "Came",
    "CheckAgain",
    "Checked",
    "Checking",
    "CommentView",
    "DiffLine",
    "Draft",
    "DraftComment",
    "DraftLine",
    "DraftMedia",
    "DraftRevision",
    "DraftState",
    "DraftView",
    "Effect",
    "MediaBody",
    "MediaUnfit",
    "MediaView",
    "Moved",
    "NoDraft",
    "NoModule",
    "NoRevision",
    "NotNow",
    "OwnPack",
    "PartView",
    "PublishRefused",
    "Published",
    "RevisionLine",
    "Saved",
    "TooLong",
    "TopicLine",
    "add_media",
    "back_to_draft",
    "bring_back",
    "check",
    "check_again",
    "check_draft",
    "checked",
    "checking",
    "comment",
    "comments",
    "copy_of",
    "difference",
    "draft_of",
    "effect",
    "forget",
    "history",
    "list_drafts",
    "media_body",
    "open_draft",
    "publish",
    "put_away",
    "remove_media",
    "resolve",
    "restore",
    "revision_text",
    "save",
    "send_to_review",
    "start",
    "topics_of",
    "withdraw",
]
