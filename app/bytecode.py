"""`python -m app.bytecode`: write the bytecode of all that this program imports, and of nothing else.

A third of the bytecode pip makes is never read. This is the last step of `deploy/install.sh`, and a proof that what it
installed is whole: whatever this program imports, also late and rarely, is imported here once. Leaves with 1 when
something fails.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from importlib.abc import SourceLoader
from importlib.util import find_spec
from pathlib import Path

from app.credentials.canonical import pyld_jsonld

HERE = Path(__file__).resolve().parent
# What comes with an extra, and so may be missing, and what only a type checker reads.
MAY_BE_MISSING = {"_typeshed", "http_ece", "obstore", "psycopg", "py_vapid", "pywebpush", "weasyprint"}
# Read by name, in no import of ours: what serves, and what libraries read late.
BY_NAME = (
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "flask_sqlalchemy.cli",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "openpyxl.packaging.extended",
)
BY_NAME_WITH = {"psycopg": ("sqlalchemy.dialects.postgresql.psycopg",), "weasyprint": ("fontTools.subset",)}


def imported(folder: Path = HERE) -> Iterator[str]:
    """Give every module of the program in `folder`, and every name one of them imports, wherever in it that stands."""
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder.parent).with_suffix("")
        if "_bundled" in inside.parts or inside.name == "__main__":
            continue
        yield ".".join(inside.parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module


def main() -> int:
    """Import it all, which writes the bytecode unless PYTHONDONTWRITEBYTECODE is set."""
    more = (name for extra, names in BY_NAME_WITH.items() if find_spec(extra) for name in names)
    pyld_jsonld()
    wrong = []
    for name in sorted({*imported(), *BY_NAME, *more}):
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            # OSError: a library of the machine's own is missing, as WeasyPrint says of Pango.
            if isinstance(error, OSError) or (error.name or "").split(".")[0] not in MAY_BE_MISSING:
                wrong.append(f"{name} cannot be imported: {error}\n")
    # Importing this one would start the program.
    started = find_spec("wsgi")
    if started is not None and isinstance(started.loader, SourceLoader):
        started.loader.get_code("wsgi")
    sys.stderr.writelines(wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
