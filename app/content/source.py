"""The file as text, and the SHA-256 that says whether anything an edition is made of has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from app.content.asc_wds import without_codes
from app.content.problems import Problems

# Markdown keeps its own marks in control characters, and turned-round text can hide what a line says.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufffe\uffff\ufeff\ud800-\udfff]"
)
_LINK = re.compile(r"\]\(\s*<?([^)\s<>]+)")
# Where a file that is not text shows it.
LOOKED_AT = 4096
MEDIA_ENDINGS = (".svg", ".webp", ".mp3")


def normalise(raw: bytes | str, problems: Problems) -> str:
    """Return the text with `\\n` newlines, without byte order mark and without hidden characters, which are noted."""
    if isinstance(raw, bytes) and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.error(1, "encoding", "This file is UTF-16 text.", "Save the file as UTF-8.")
        text = raw.decode("utf-16", errors="replace")
    elif isinstance(raw, bytes) and b"\x00" in raw[:LOOKED_AT]:
        problems.error(1, "encoding", "This file is not text.", "Save module.md as plain text, in UTF-8.")
        text = ""
    elif isinstance(raw, bytes):
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            before = raw[: problem.start].count(b"\n")
            problems.error(before + 1, "encoding", "This line is not UTF-8 text.", "Save the file as UTF-8.")
            text = raw.decode("utf-8-sig", errors="replace")
    else:
        text = raw.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not HIDDEN.search(text):
        return text
    for number, line in enumerate(text.split("\n"), 1):
        found = HIDDEN.search(line)
        if found:
            problems.error(
                number,
                "hidden-character",
                f"There is a hidden character here (U+{ord(found[0]):04X}).",
                "Delete it: type the words around it again.",
            )
    return strip_hidden(text)


def strip_hidden(text: str) -> str:
    """Return `text` without characters that cannot be seen and could mislead a reader or the renderer."""
    return HIDDEN.sub("", text)


def media_names(text: str) -> tuple[str, ...]:
    """Return the names of the pictures and sounds `text` links to, sorted, each once."""
    found = {name for name in _LINK.findall(text) if name.lower().endswith(MEDIA_ENDINGS)}
    return tuple(sorted(name for name in found if is_plain_name(name)))


def is_plain_name(name: str) -> bool:
    """Whether `name` is a file beside the module, and not a path or an address."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) is not None


def digest_of(text: str, files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of what an edition is made of: the normalised text without its ASC-WDS codes, and the files it
    names by name and hash.
    """
    return source_sha(text, {name: hashlib.sha256(body).hexdigest() for name, body in files.items()})


def source_sha(text: str, files: Mapping[str, str]) -> str:
    """Return what `digest_of` does, for files whose hashes are known."""
    digest = hashlib.sha256(without_codes(text).encode("utf-8"))
    for name in sorted(files):
        digest.update(f"\n{name} {files[name]}".encode())
    return digest.hexdigest()
