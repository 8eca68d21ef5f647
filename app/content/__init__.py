"""Markdown in, checked and published editions out.

Owns the authoring format, its checks, the one renderer and sanitiser, editions and their media, and the data of packs,
frameworks and the glossary. Knows no provider, no learner and no web: what somebody did with an edition is learning's.

`app.content.service` and `app.content.queries` need a database session; everything else works on files alone.
"""

from app.content.build import build
from app.content.checks import Checked, Surroundings, check
from app.content.library import Folder, Library, Source, Written, load
from app.content.types import DocumentInfo, EditionInfo, Problem, Quiz, Severity, Stored

__all__ = [
    "Checked",
    "DocumentInfo",
    "EditionInfo",
    "Folder",
    "Library",
    "Problem",
    "Quiz",
    "Severity",
    "Source",
    "Stored",
    "Surroundings",
    "Written",
    "build",
    "check",
    "load",
]
