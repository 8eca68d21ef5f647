"""What a certificate's file is: its bytes say so, never its name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from app.requirements.errors import RequirementError

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_NAME = 100
# How each kind begins and ends. A file of one kind that carries another inside is still only ever handed out as this.
KINDS = (
    ("application/pdf", ".pdf", re.compile(rb"\A%PDF-[12]\.\d"), re.compile(rb"%%EOF\s*\x00*\s*\Z")),
    ("image/png", ".png", re.compile(rb"\A\x89PNG\r\n\x1a\n.{4}IHDR", re.DOTALL), re.compile(rb"IEND\xaeB`\x82\Z")),
    ("image/jpeg", ".jpg", re.compile(rb"\A\xff\xd8\xff"), re.compile(rb"\xff\xd9\x00*\Z")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file we can keep. `name` is plain and ends as its kind does."""

    name: str
    type: str
    sha: str
    body: bytes


def checked_file(name: str, body: bytes) -> CheckedFile:
    """Return a certificate's file as it is kept. Raises RequirementError at the field "file"."""
    if not body:
        raise _wrong("This file is empty. Pick another one.")
    if len(body) > LARGEST_FILE:
        raise _wrong("This file is too big. It may have 5 MB. Take a smaller picture of it, or save it as PDF again.")
    for kind, ending, begins, ends in KINDS:
        if begins.match(body):
            if not ends.search(body[-2048:]):
                raise _wrong("This file is cut short. Save it again, then pick it again.")
            sha = hashlib.sha256(body).hexdigest()
            return CheckedFile(name=_plain(name, ending), type=kind, sha=sha, body=body)
    raise _wrong("This is not a PDF, a PNG or a JPEG, whatever its name says. Save it as one of these.")


def _plain(name: str, ending: str) -> str:
    stem = re.split(r"[/\\]", name)[-1].rsplit(".", 1)[0]
    clean = re.sub(r"[^\w -]+", "", stem).strip()[:LONGEST_NAME]
    return (clean or "certificate") + ending


def _wrong(words: str) -> RequirementError:
    return RequirementError(words, code="file", field="file")
