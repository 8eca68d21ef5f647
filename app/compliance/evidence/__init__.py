"""Evidence packs: what a provider's records say of a time and as at a day, in one file whose every part has its hash.

Owns packs and the labels they are laid out by. A pack is asked for as a job and made by the worker.
"""

from app.compliance.evidence.checking import verify
from app.compliance.evidence.errors import EvidenceError, NotAPack
from app.compliance.evidence.layout import labels_of, set_labels, usual_labels
from app.compliance.evidence.making import contents_of, make_next
from app.compliance.evidence.pack import build
from app.compliance.evidence.parts import PARTS
from app.compliance.evidence.queries import any_manifest_of, body_of, list_packs, manifest_of
from app.compliance.evidence.service import KIND, ask, check, count_old, forget, remove, remove_old
from app.compliance.evidence.types import Contents, Label, Made, Packed, PackView, Part, Scope, SentOut, Verdict

__all__ = [
    "KIND",
    "PARTS",
    "Contents",
    "EvidenceError",
    "Label",
    "Made",
    "NotAPack",
    "PackView",
    "Packed",
    "Part",
    "Scope",
    "SentOut",
    "Verdict",
    "any_manifest_of",
    "ask",
    "body_of",
    "build",
    "check",
    "contents_of",
    "count_old",
    "forget",
    "labels_of",
    "list_packs",
    "make_next",
    "manifest_of",
    "remove",
    "remove_old",
    "set_labels",
    "usual_labels",
    "verify",
]
