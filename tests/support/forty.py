"""Somebody with forty lessons to do, and a lesson that changes: what visits are measured with."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tests.support.site import Site

LESSONS = 40
EACH = 5

# As if the phone had last shown the server its digest a day ago.
A_DAY_LATER = """async () => {
    for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith('person-')) continue;
        const asked = indexedDB.open(name);
        const database = await new Promise(resolve => { asked.onsuccess = () => resolve(asked.result); });
        const change = database.transaction(['state'], 'readwrite');
        change.objectStore('state').delete('checked');
        await new Promise(resolve => { change.oncomplete = resolve; });
        database.close();
    }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An invite's `code`, and the keys of the `modules` its person is asked for."""

    code: str
    modules: tuple[str, ...]


def forty_lessons(site: Site) -> tuple[str, ...]:
    """Keys of modules that have forty lessons together: of those with five, as most have, the first by their key."""
    fives = sorted(
        edition["key"]
        for edition in site.editions().values()
        if sum(part["kind"] == "lesson" for part in edition["parts"]) == EACH
    )
    assert len(fives) >= LESSONS // EACH, f"only {len(fives)} modules have {EACH} lessons"
    return tuple(fives[: LESSONS // EACH])


def somebody(site: Site, name: str, modules: tuple[str, ...]) -> Asked:
    """Add somebody who is asked for these modules; nobody has opened the link yet."""
    code = site.flask("person", "add", name)["link"].rsplit("/", 1)[1]
    for module in modules:
        site.flask("person", "assign", name, module)
    return Asked(code=code, modules=modules)


def next_edition(site: Site, module: str) -> int:
    """Publish a module's next edition, with one sentence more, from the content folder of `site`.

    Returns its bytes packed: those of its text with its pictures, as a phone that has none of it would get them.
    """
    (file,) = Path(site.settings["BV_CONTENT"]).rglob(f"{module}/module.md")
    text = file.read_text(encoding="utf-8")
    number = int(re.findall(r"(?m)^edition: (\d+)$", text)[0])
    text = re.sub(r"(?m)^change: .*\n", "", text)
    text = re.sub(r"(?m)^edition: \d+$", f"edition: {number + 1}\nchange: minor", text)
    text = re.sub(r"(?m)^(## .*\n)", r"\1\nTake your time.\n", text, count=1)
    file.write_text(text, encoding="utf-8", newline="\n")
    site.flask("content", "publish")
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        newest = "SELECT sha, length(br) FROM editions WHERE module = ? AND number = ?"
        sha, packed = database.execute(newest, (module, number + 1)).fetchone()
        pictures = [media["sha"] for media in site.editions()[sha]["media"]]
        sizes = [
            database.execute("SELECT length(coalesce(br, body)) FROM media WHERE sha = ?", (each,)).fetchone()[0]
            for each in pictures
        ]
    return int(packed + sum(sizes))
