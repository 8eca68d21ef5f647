"""The desk where a provider's trainers write modules of their own.

Owns drafts, their revisions, pictures and comments, the provider's own pack, and its own pages beside modules that
everybody has. Publishes through `app.content` as the command line does. Knows no screen.
"""

from app.authoring.arriving import import_draft
from app.authoring.checking import check, check_draft
from app.authoring.copying import copy_of, draft_of_text
from app.authoring.drafts import (
    bring_back,
    draft_of,
    list_drafts,
    media_bodies,
    open_draft,
    put_away,
    save,
    start,
)
from app.authoring.due import check_again, own_to_check
from app.authoring.erasing import forget
from app.authoring.errors import (
    AuthoringError,
    MediaUnfit,
    NoDraft,
    NoModule,
    NoRevision,
    NotNow,
    PageUnfit,
    PublishRefused,
    TooLong,
)
from app.authoring.history import difference, difference_of, history, restore, revision_text
from app.authoring.local_pages import (
    LONGEST_PAGE,
    LocalWording,
    local_history,
    local_page,
    local_pages,
    preview_local_page,
    restore_local_page,
    write_local_page,
)
from app.authoring.media import add_media, remove_media
from app.authoring.models import Draft, DraftComment, DraftMedia, DraftRevision, LocalPage, OwnPack
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
    MediaView,
    Moved,
    PartView,
    Published,
    RevisionLine,
    Saved,
    TopicLine,
)

__all__ = [
    "LONGEST_PAGE",
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
    "LocalPage",
    "LocalWording",
    "MediaUnfit",
    "MediaView",
    "Moved",
    "NoDraft",
    "NoModule",
    "NoRevision",
    "NotNow",
    "OwnPack",
    "PageUnfit",
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
    "difference_of",
    "draft_of",
    "draft_of_text",
    "effect",
    "forget",
    "history",
    "import_draft",
    "list_drafts",
    "local_history",
    "local_page",
    "local_pages",
    "media_bodies",
    "open_draft",
    "own_to_check",
    "preview_local_page",
    "publish",
    "put_away",
    "remove_media",
    "resolve",
    "restore",
    "restore_local_page",
    "revision_text",
    "save",
    "send_to_review",
    "start",
    "topics_of",
    "withdraw",
    "write_local_page",
]
