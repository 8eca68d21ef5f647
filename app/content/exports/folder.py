"""The folder of a module as a zip: the text it was published from and its pictures. The same module, the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# A zip notes when each file was saved, which says nothing of a module. The first day a zip can name.
_DAY = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o644 << 16


def folder_zip(key: str, text: str, media: Mapping[str, bytes]) -> bytes:
    """Return `<key>/module.md` and the pictures and sounds beside it, packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {"module.md": text.encode("utf-8"), **dict(sorted(media.items()))}.items():
            entry = zipfile.ZipInfo(f"{key}/{name}", _DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
            archive.writestr(entry, body)
    return packed.getvalue()
