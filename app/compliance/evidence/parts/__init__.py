"""The parts of a pack, in its order. Each is a function of the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.compliance.evidence.parts.delegated import delegated
from app.compliance.evidence.parts.editions import editions
from app.compliance.evidence.parts.gaps import gaps
from app.compliance.evidence.parts.messages import messages
from app.compliance.evidence.parts.modules import modules
from app.compliance.evidence.parts.needed import exceptions, matrix, outside, profiles
from app.compliance.evidence.parts.people import people
from app.compliance.evidence.parts.practice import observations
from app.compliance.evidence.parts.standards import standards
from app.compliance.evidence.parts.supervision import supervision
from app.compliance.evidence.parts.trail import trail
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part

# Key → what it is called where parts are chosen, and what makes it.
PARTS: Mapping[str, tuple[str, Callable[[Sources], Part]]] = {
    "people": ("People and their roles", people),
    "profiles": ("Jobs people do", profiles),
    "matrix": ("Matrix: what is needed of whom", matrix),
    "exceptions": ("Exceptions, with their reasons", exceptions),
    "outside": ("Training from elsewhere", outside),
    "modules": ("Learning here: every module and attempt", modules),
    "standards": ("Standards of the Care Certificate", standards),
    "observations": ("Practice observed, and by whom", observations),
    "delegated": ("Delegated tasks, and which clinician said so", delegated),
    "supervision": ("Supervision, appraisal and induction", supervision),
    "messages": ("Messages and reminders", messages),
    "gaps": ("Gaps, and what was done about them", gaps),
    "editions": ("What was taught, word for word", editions),
    "trail": ("Who did what", trail),
}
