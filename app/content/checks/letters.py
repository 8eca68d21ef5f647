"""Letters that look like ours and are not: pasted from elsewhere, no search, no label and no reader finds them."""

from __future__ import annotations

import re
import unicodedata

from app.content.problems import Problems
from app.content.types import Module

# Both alphabets in one word: no language spells so. Micrograms and ohms do, with a Greek letter of their own.
_MIXED = re.compile(r"(?=\w*[A-Za-z])\w*?([\u0370-\u052f](?<![\u03bc\u03a9]))\w*")
_FOREIGN = re.compile(r"[\u0370-\u052f]")


def check_letters(module: Module, problems: Problems) -> None:
    """Note, once a line, a word of our alphabet with a Greek or Cyrillic letter in it."""
    if not _FOREIGN.search(module.text):
        return
    for number, line in enumerate(module.text.split("\n"), 1):
        for word in re.findall(r"\w+", line) if _FOREIGN.search(line) else ():
            found = _MIXED.fullmatch(word)
            if found:
                name = unicodedata.name(found[1], "a letter of another alphabet").lower()
                problems.warning(
                    number,
                    "look-alike",
                    f'In "{word[:40]}" the "{found[1]}" is {name}.',
                    "Delete the word and type it again.",
                )
                break
