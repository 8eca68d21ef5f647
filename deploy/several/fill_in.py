"""Fill a machine's values into these files: `python3 fill_in.py VALUES FOLDER [FILE …]`. Standard library only.

Writes each file, or those that are named, into FOLDER, for its owner alone: passwords stand in them. Says which values
are missing, and then writes nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = ("etcd.yml", "patroni.yml", "pgbouncer.ini", "userlist.txt", "haproxy.cfg", "node.env")
PLACE = re.compile(r"@([A-Z0-9_]+)@")


def read(values: str) -> dict[str, str]:
    """Return what lines of NAME=value say; a line that begins with # says nothing."""
    lines = (line.strip() for line in values.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def fill_in(values: Mapping[str, str], folder: Path, files: Collection[str] = FILES) -> None:
    """Write the files with the values in their places. Raises KeyError with the names of those that are missing."""
    texts = {name: (HERE / name).read_text(encoding="utf-8") for name in files}
    asked = {name for text in texts.values() for name in PLACE.findall(text)}
    if missing := sorted(name for name in asked if not values.get(name)):
        raise KeyError(", ".join(missing))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = folder / name
        path.touch(mode=0o600)
        # One that was there before, as Debian's own of the same name, anybody may read.
        path.chmod(0o600)
        path.write_text(PLACE.sub(lambda place: values[place[1]], text), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("Say which values and where to: python3 fill_in.py VALUES FOLDER [FILE ...]")
    try:
        fill_in(read(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]), sys.argv[3:] or FILES)
    except KeyError as error:
        sys.exit(f"Values are missing: {error.args[0]}")
