"""Pictures of an imported file: kept when a lesson can show them, told when not."""

from __future__ import annotations

from app.content.imports.pieces import Leavings
from app.content.imports.write import escaped
from app.content.problems import slug
from app.content.source import MEDIA_ENDINGS
from app.content.svg import MediaRefused, read_media

LARGEST = 400_000


class Pictures:
    """Collects `files` by name."""

    def __init__(self, left: Leavings) -> None:
        self._left = left
        self.files: dict[str, bytes] = {}

    def take(self, name: str, body: bytes, alt: str, place: str) -> str:
        """Keep a picture and return the Markdown that shows it, or drop it and return nothing."""
        told = f"Picture {alt or name}"
        stem, _, ending = name.rpartition(".")
        if not body:
            self._left.add(place, told, "It is not in the file.")
            return ""
        if f".{ending.lower()}" not in MEDIA_ENDINGS:
            self._left.add(place, told, "Pictures are .svg or .webp. Save it as one of these and add it to the draft.")
            return ""
        if len(body) > LARGEST:
            self._left.add(place, told, f"It is larger than {LARGEST // 1000} kB. Make it smaller, then add it.")
            return ""
        free = f"{slug(stem.rsplit('/', 1)[-1])[:40] or 'picture'}.{ending.lower()}"
        try:
            read_media(free, body)
        except MediaRefused as refused:
            self._left.add(place, told, f"{refused} {refused.suggestion}")
            return ""
        number = 2
        while self.files.get(free, body) != body:
            free = f"{slug(stem.rsplit('/', 1)[-1])[:40] or 'picture'}-{number}.{ending.lower()}"
            number += 1
        self.files[free] = body
        # Without a description the check asks for one.
        return f"![{escaped(alt)}]({free})"
