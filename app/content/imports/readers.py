"""Which reader a file wants, by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.content.imports.aiken import import_aiken
from app.content.imports.gift import import_gift
from app.content.imports.moodle import import_moodle
from app.content.imports.pieces import Imported, ImportRefused, words_of
from app.content.imports.word import import_word

READERS: Mapping[str, Callable[..., Imported]] = {
    "gift": import_gift,
    "aiken": import_aiken,
    "moodle": import_moodle,
    "word": import_word,
}
_BY_ENDING = {"docx": "word", "xml": "moodle", "gift": "gift"}


def format_of(name: str, raw: bytes) -> str:
    """Return which of READERS fits a file called `name`. Raises ImportRefused."""
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    if ending == "txt":
        # Both are text files; only Aiken has a line that begins with ANSWER:
        lines = words_of(raw).splitlines()
        return "aiken" if any(line.lstrip().upper().startswith("ANSWER:") for line in lines) else "gift"
    raise ImportRefused(
        f"We do not know what .{ending[:20]} files hold. Word (.docx), Moodle XML (.xml), GIFT (.gift, .txt) and Aiken "
        "(.txt) can be read.",
        field="file",
    )


def import_file(name: str, raw: bytes, *, key: str = "imported", title: str = "") -> Imported:
    """Read a file by the format its name says. Raises ImportRefused."""
    return READERS[format_of(name, raw)](raw, key=key, title=title)
