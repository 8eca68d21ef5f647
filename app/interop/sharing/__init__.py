"""The shared catalogue: what this server offers others, and what it takes from those it follows.

Owns the signed catalogue, the key it is signed with, who is followed, and whose the keys of modules and packs are that
came from elsewhere. Knows content, errata and adoption through their own packages, and nothing of the web.
"""

from app.interop.sharing.errors import (
    AnotherKey,
    BadManifest,
    NoSource,
    NotAsPromised,
    NotOffered,
    NotReached,
    Older,
    SharingError,
)
from app.interop.sharing.fetch import Place, Web, checked_address
from app.interop.sharing.gather import Gathered, forget, gather
from app.interop.sharing.licences import LICENCES, Licence
from app.interop.sharing.offering import (
    Identity,
    PackLine,
    call,
    identity_of,
    manifest,
    new_key,
    offer,
    offered_text,
    packs,
    stop,
)
from app.interop.sharing.plan import Changes, Coming, LeftOut
from app.interop.sharing.sources import (
    Holder,
    SourceView,
    all_changes,
    changes_of,
    fetch_manifest,
    find,
    follow,
    holder,
    origins,
    seen,
    sources,
    taken_modules,
    unfollow,
    went_wrong,
)
from app.interop.sharing.take import Rendered, Taken, Urgent, render, store, urgent
from app.interop.sharing.wire import Manifest, schema
from app.interop.sharing.zipped import Zipped, write

__all__ = [
    "LICENCES",
    "AnotherKey",
    "BadManifest",
    "Changes",
    "Coming",
    "Gathered",
    "Holder",
    "Identity",
    "LeftOut",
    "Licence",
    "Manifest",
    "NoSource",
    "NotAsPromised",
    "NotOffered",
    "NotReached",
    "Older",
    "PackLine",
    "Place",
    "Rendered",
    "SharingError",
    "SourceView",
    "Taken",
    "Urgent",
    "Web",
    "Zipped",
    "all_changes",
    "call",
    "changes_of",
    "checked_address",
    "fetch_manifest",
    "find",
    "follow",
    "forget",
    "gather",
    "holder",
    "identity_of",
    "manifest",
    "new_key",
    "offer",
    "offered_text",
    "origins",
    "packs",
    "render",
    "schema",
    "seen",
    "sources",
    "stop",
    "store",
    "taken_modules",
    "unfollow",
    "urgent",
    "went_wrong",
    "write",
]
