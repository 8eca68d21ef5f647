"""Parts of a page that a command writes: they stand between `<!-- name -->` and `<!-- /name -->`."""

from __future__ import annotations

from pathlib import Path


def put_between(page: Path, name: str, words: str) -> None:
    """Put words between a page's marks of this name. Raises ValueError when the marks are not there."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page.name} needs the lines {begin} and {end}, around what the command writes.")
    page.write_text(f"{before}{begin}\n{words.strip()}\n{end}{after}", encoding="utf-8")
