"""The zip of a module: its page, what the page loads, and a manifest at the root that names every file. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

PAGE, MANIFEST = "index.html", "imsmanifest.xml"
# A zip notes when each file was saved, which says nothing of a module. The first day a zip can name.
_DAY = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o644 << 16
# Longer titles are cut by some systems in the middle of a letter.
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What the manifest says of a module. `pass_mark` in per cent, None where there is nothing to pass."""

    key: str
    edition: int
    title: str
    pass_mark: int | None


def manifest(module: Module, files: Iterable[str]) -> str:
    """Return imsmanifest.xml: content packaging 1.1.2 with ADL's own terms."""
    name = f"{module.key}-{module.edition}"
    title = escape(module.title[:_LONGEST_TITLE])
    mastery = "" if module.pass_mark is None else f"<adlcp:masteryscore>{module.pass_mark}</adlcp:masteryscore>"
    listed = "".join(f'<file href="{escape(file)}"/>' for file in files)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest identifier="module-{name}" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"'
        ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
        f'<organizations default="all-{name}"><organization identifier="all-{name}"><title>{title}</title>'
        f'<item identifier="item-{name}" identifierref="sco-{name}"><title>{title}</title>{mastery}</item>'
        "</organization></organizations>"
        f'<resources><resource identifier="sco-{name}" type="webcontent" adlcp:scormtype="sco" href="{PAGE}">'
        f"{listed}</resource></resources></manifest>\n"
    )


def package(module: Module, page: str, files: Mapping[str, bytes]) -> bytes:
    """Return the zip. `files`: what the page loads, by name beside it. The same module gives the same bytes."""
    whole = {PAGE: page.encode("utf-8"), **dict(sorted(files.items()))}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {MANIFEST: manifest(module, whole).encode("utf-8"), **whole}.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
            archive.writestr(entry, body)
    return packed.getvalue()
