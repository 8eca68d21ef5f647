"""The file: everything a pack says, in forms for people and programs, and a manifest that names each file's SHA-256.

The same contents and `Made` give the same bytes on one machine. The PDFs depend on its fonts and its WeasyPrint; every
other file is the same anywhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC
from uuid import UUID

from app.compliance.evidence import printed
from app.compliance.evidence.types import Contents, Made, Packed
from app.compliance.tables import to_csv, to_json, to_xlsx
from app.content.exports import PdfMissing, to_pdf_apart

FORMAT = "between-visits-evidence"
MANIFEST = "manifest.json"
READ_ME = "READ-ME-FIRST.txt"
# Told before each step of the making: what it is about to do.
Step = Callable[[str], None]
# A page of HTML as PDF.
Printer = Callable[[str], bytes]

WORDS = """\
EVIDENCE OF TRAINING: {provider}

{facts}

WHAT THIS IS
What this provider's own records of training say, put together by a program. Nothing was added by hand.

WHAT THIS IS NOT
Not an assessment by anybody outside, and not a certificate. Nobody qualified has checked the lessons, unless the line
of an edition names who did. Passing questions shows what somebody knows; only an observation by a competent assessor
shows what somebody does.

No record of a person receiving care is in it. People who work here are named: keep it as you keep a staff file.

WHERE TO BEGIN
{pdf}
- tables.xlsx has every table whole, a sheet for each. The folder tables has them as CSV and as JSON.
- The folder editions has what was taught, word for word.

WHETHER IT WAS CHANGED
manifest.json names every file with its SHA-256. Give this file to the page Evidence, "Check a pack", of the server that
made it, or to: flask evidence verify FILE. It names each file that was changed. Without the server, compare the hashes
yourself; but who can change a file can change a list beside it, and only the server kept its own.
"""


def steps(contents: Contents) -> int:
    """Return how many steps making the file of these contents takes."""
    return 3 + len(printed.batches(contents.staff))


def build(
    contents: Contents, made: Made, uuid: UUID, *, step: Step = lambda _words: None, printer: Printer = to_pdf_apart
) -> Packed:
    """Make the file. `uuid` names it. Where the printer raises PdfMissing there is no PDF in it, and it says so."""
    step("Writing the tables")
    files: dict[str, bytes] = {}
    tables = [table for part in contents.parts for table in part.tables]
    for table in tables:
        files[f"tables/{table.key}.csv"] = to_csv(table)
        files[f"tables/{table.key}.json"] = _document(to_json(table))
    files["tables.xlsx"] = to_xlsx(tables, made=made.at)
    for part in contents.parts:
        for edition in part.editions:
            files[f"editions/{edition.name}.json"] = edition.body
            files[f"editions/{edition.name}.html"] = edition.page
    no_pdf = _print(contents, made, files, step, printer)
    step("Putting it together")
    files[READ_ME] = _read_me(contents, made, no_pdf)
    manifest = _manifest(contents, made, uuid, files, no_pdf)
    body = _zip({READ_ME: files.pop(READ_ME), MANIFEST: manifest, **dict(sorted(files.items()))}, made)
    return Packed(body=body, sha=hashlib.sha256(body).hexdigest(), manifest=manifest.decode(), no_pdf=no_pdf)


def _print(contents: Contents, made: Made, files: dict[str, bytes], step: Step, printer: Printer) -> str:
    """Add the PDFs, or return why there are none."""
    groups, rows = printed.batches(contents.staff), printed.rows_by_person(contents)
    try:
        step("Printing the pack")
        files["evidence.pdf"] = printer(printed.main_page(contents, made, len(groups)))
        for number, group in enumerate(groups, 1):
            step(f"Printing people, {number} of {len(groups)}")
            pages = printed.people_pages(contents, rows, group, number, len(groups))
            files[f"people-{number}.pdf"] = printer(pages)
    except PdfMissing as missing:
        return str(missing)
    return ""


def _read_me(contents: Contents, made: Made, no_pdf: str) -> bytes:
    facts = "\n".join(f"{name}: {value}" for name, value in printed.cover(contents, made))
    pdf = (
        f"- There is no PDF in this pack. {no_pdf}"
        if no_pdf
        else "- evidence.pdf begins with how each regulation is answered; people-1.pdf and on have a page for each."
    )
    return WORDS.format(provider=contents.provider, facts=facts, pdf=pdf).encode()


def _manifest(contents: Contents, made: Made, uuid: UUID, files: dict[str, bytes], no_pdf: str) -> bytes:
    scope = contents.scope
    return _document(
        {
            "format": FORMAT,
            "version": 1,
            "pack": str(uuid),
            "provider": contents.provider,
            "made": {"at": made.at.astimezone(UTC).isoformat(), "server": made.server, "trail": made.trail},
            "about": {
                "since": scope.since.isoformat(),
                "until": scope.until.isoformat(),
                "as_at": scope.as_at.isoformat(),
                "people": len(contents.staff),
                "chosen": scope.people is not None,
                "parts": [part.key for part in contents.parts],
            },
            "no_pdf": no_pdf,
            "files": [
                {"name": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
                for name, body in sorted(files.items())
            ],
        }
    )


def _document(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _zip(files: dict[str, bytes], made: Made) -> bytes:
    out = io.BytesIO()
    stamp = made.at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            archive.writestr(entry, body)
    return out.getvalue()
