"""A person's data as a whole: a copy of everything, erasing it, removing what was kept long
enough, and making two records of one person one.

Owns no table. Knows which tables hold something of a person; the packages that own them do the removing.
"""

from app.privacy.erasing import Erased, erase, was_erased
from app.privacy.export import EXCEPTED, EXPORTED, Exported, export
from app.privacy.retention import Keeping, Swept, last_swept, preview, sweep
from app.privacy.uniting import NotUnited, unite

__all__ = [
    "EXCEPTED",
    "EXPORTED",
    "Erased",
    "Exported",
    "Keeping",
    "NotUnited",
    "Swept",
    "erase",
    "export",
    "last_swept",
    "preview",
    "sweep",
    "unite",
    "was_erased",
]
