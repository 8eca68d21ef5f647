"""A person's data as a whole: a copy of everything, erasing it, and removing what was kept long enough.

Owns no table. Knows which tables hold something of a person; the packages that own them do the removing.
"""

from app.privacy.erasing import Erased, erase, was_erased
from app.privacy.export import EXCEPTED, EXPORTED, Exported, export
from app.privacy.retention import Keeping, Swept, last_swept, preview, sweep

__all__ = [
    "EXCEPTED",
    "EXPORTED",
    "Erased",
    "Exported",
    "Keeping",
    "Swept",
    "erase",
    "export",
    "last_swept",
    "preview",
    "sweep",
    "was_erased",
]
