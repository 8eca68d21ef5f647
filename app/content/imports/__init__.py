"""Questions and texts of other programs, made into a draft of our format.

Every reader is a pure function `import_<format>(raw) -> Imported`: the text of a `module.md`, the pictures it names,
and a list of what was left behind, each with its place and the reason. What it makes is a draft: `flask content check`
says what it still wants. Raises ImportRefused, and nothing else, for a file that cannot be read at all.
"""

from app.content.imports.aiken import import_aiken
from app.content.imports.gift import import_gift
from app.content.imports.moodle import import_moodle
from app.content.imports.pieces import Dropped, Imported, ImportRefused
from app.content.imports.readers import READERS, format_of, import_file
from app.content.imports.word import import_word

__all__ = [
    "READERS",
    "Dropped",
    "ImportRefused",
    "Imported",
    "format_of",
    "import_aiken",
    "import_file",
    "import_gift",
    "import_moodle",
    "import_word",
]
