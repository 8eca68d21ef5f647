"""The file: the same bytes each time, golden where no machine differs, and found out when it was changed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
import zipfile
import zlib
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.compliance import evidence
from app.compliance.evidence import NotAPack, Packed
from tests.support.evidence_place import MADE, PACK, bramble, opened, scope, without_uuids

GOLDEN = Path(__file__).with_name("golden")
# What no machine and no run makes differently, once people's uuids stand as names.
KEPT = ("people", "modules", "attempts", "standards", "gaps", "asked")


def changed(packed: Packed, **files: bytes | None) -> io.BytesIO:
    """The pack with files changed, added, or (None) taken out."""
    out, inside = io.BytesIO(), opened(packed)
    wanted = {name.replace("__", "/").replace("_dot_", "."): body for name, body in files.items()}
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in {**inside, **wanted}.items():
            if body is not None:
                archive.writestr(name, body)
    out.seek(0)
    return out


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.read_bytes += len(found)
        return found


def unpacked(pdf: bytes) -> bytes:
    """What the streams of a PDF hold."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"".join(found)


def test_the_same_contents_have_the_same_bytes(session: Session) -> None:
    made = bramble(session)

    assert made.pack().sha == made.pack().sha
    assert made.pack().body == made.pack().body


def test_the_files_are_as_they_were_last_agreed(session: Session) -> None:
    """To agree to a change, delete the folder `golden`, run this twice, and read the difference."""
    made = bramble(session)
    files = opened(made.pack(scope(parts=("people", "modules", "standards", "gaps"))))
    wanted = [f"tables/{key}.{form}" for key in KEPT for form in ("csv", "json")] + ["READ-ME-FIRST.txt"]
    fresh = not GOLDEN.exists()
    GOLDEN.mkdir(exist_ok=True)
    for name in wanted:
        path, body = GOLDEN / name.replace("/", "-"), without_uuids(made, files[name])
        if fresh:
            path.write_bytes(body)
        assert path.read_bytes() == body, name
    assert not fresh, "there was nothing to compare with; it is written down now"


def test_the_manifest_names_every_file_with_its_hash(session: Session) -> None:
    packed = bramble(session).pack()
    files = opened(packed)

    manifest = json.loads(files["manifest.json"])

    listed = {each["name"]: (each["bytes"], each["sha256"]) for each in manifest["files"]}
    assert listed == {
        name: (len(body), hashlib.sha256(body).hexdigest()) for name, body in files.items() if name != "manifest.json"
    }
    assert next(iter(files)) == "READ-ME-FIRST.txt"
    assert packed.manifest.encode() == files["manifest.json"]


def test_without_weasyprint_everything_but_the_pdf_is_there_and_it_says_so(session: Session) -> None:
    packed = bramble(session).pack()
    files = opened(packed)

    assert not [name for name in files if name.endswith(".pdf")]
    assert "There is no PDF in this pack. PDFs need WeasyPrint" in files["READ-ME-FIRST.txt"].decode()
    assert json.loads(packed.manifest)["no_pdf"]


# Drawing asks no database: that the contents are the same from each is asked of packs without PDFs.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_pdfs_are_tagged_and_the_same_each_time(session: Session) -> None:
    contents = bramble(session).contents()

    first, second = (evidence.build(contents, MADE, PACK) for _ in range(2))

    files = opened(first)
    assert first.sha == second.sha
    assert {name for name in files if name.endswith(".pdf")} == {"evidence.pdf", "people-1.pdf"}
    for name in ("evidence.pdf", "people-1.pdf"):
        inside = unpacked(files[name])
        assert b"/StructTreeRoot" in inside
        assert b"pdfuaid" in inside


def test_a_whole_pack_is_found_whole(session: Session) -> None:
    packed = bramble(session).pack()

    by_server = evidence.verify(io.BytesIO(packed.body), lambda _uuid: packed.manifest)
    by_itself = evidence.verify(io.BytesIO(packed.body), lambda _uuid: None)

    assert (by_server.whole, by_server.known) == (True, True)
    assert (by_itself.whole, by_itself.known) == (True, False)


def test_each_change_is_named(session: Session) -> None:
    packed = bramble(session).pack()
    file = changed(packed, tables__gaps_dot_csv=b"nothing", tables__gaps_dot_json=None, extra_dot_txt=b"x")

    verdict = evidence.verify(file, lambda _uuid: packed.manifest)

    assert not verdict.whole
    assert verdict.changed == ("tables/gaps.csv",)
    assert verdict.missing == ("tables/gaps.json",)
    assert verdict.added == ("extra.txt",)


def test_a_manifest_mended_to_match_is_found_out_by_the_server_that_made_it(session: Session) -> None:
    packed = bramble(session).pack()
    forged = json.loads(packed.manifest)
    for each in forged["files"]:
        if each["name"] == "tables/gaps.csv":
            each.update(sha256=hashlib.sha256(b"nothing").hexdigest(), bytes=len(b"nothing"))
    file = changed(packed, tables__gaps_dot_csv=b"nothing", manifest_dot_json=json.dumps(forged).encode())

    by_server = evidence.verify(file, lambda _uuid: packed.manifest)
    by_itself = evidence.verify(file, lambda _uuid: None)

    assert by_server.changed == ("manifest.json", "tables/gaps.csv")
    assert (by_itself.whole, by_itself.known) == (True, False)


def test_a_file_of_another_size_is_changed_and_is_not_read(session: Session) -> None:
    packed = bramble(session).pack(scope(parts=("people",)))
    file = Counted(changed(packed, tables__people_dot_csv=bytes(8_000_000)).getvalue())

    verdict = evidence.verify(file, lambda _uuid: packed.manifest)

    assert verdict.changed == ("tables/people.csv",)
    assert file.read_bytes < 1_000_000


def test_a_small_file_that_unpacks_to_gigabytes_is_not_read(session: Session) -> None:
    packed = bramble(session).pack(scope(parts=("people",)))
    forged = json.loads(packed.manifest)
    [people] = [each for each in forged["files"] if each["name"] == "tables/people.csv"]
    people["bytes"] = 4_000_000_000
    out = changed(packed, manifest_dot_json=json.dumps(forged).encode())
    with zipfile.ZipFile(out, "a") as archive:
        archive.getinfo("tables/people.csv").file_size = 4_000_000_000
        archive.writestr("makes-it-write-its-list-again.txt", b"")

    with pytest.raises(NotAPack, match="unpacks to far more"):
        evidence.verify(out, lambda _uuid: None)
    assert "tables/people.csv" in evidence.verify(out, lambda _uuid: packed.manifest).changed


@pytest.mark.parametrize("damage", ["no zip", "cut", "other zip", "no manifest", "not json"])
def test_what_is_no_pack_is_said_to_be_none(session: Session, damage: str) -> None:
    packed = bramble(session).pack(scope(parts=("people",)))
    file = {
        "no zip": io.BytesIO(b"hello"),
        "cut": io.BytesIO(packed.body[: len(packed.body) // 2]),
        "other zip": changed(packed, manifest_dot_json=b'{"format": "x", "pack": "y", "files": []}'),
        "no manifest": changed(packed, manifest_dot_json=None),
        "not json": changed(packed, manifest_dot_json=b"\xff\xfe"),
    }[damage]

    with pytest.raises(NotAPack):
        evidence.verify(file, lambda _uuid: None)


def test_a_flipped_byte_inside_is_a_changed_file(session: Session) -> None:
    packed = bramble(session).pack(scope(parts=("people",)))
    body = bytearray(packed.body)
    with zipfile.ZipFile(io.BytesIO(packed.body)) as archive:
        entry = archive.getinfo("tables/people.csv")
    body[entry.header_offset + 30 + len(entry.filename) + 5] ^= 0xFF

    assert evidence.verify(io.BytesIO(bytes(body)), lambda _uuid: packed.manifest).changed == ("tables/people.csv",)
    assert UUID(json.loads(packed.manifest)["pack"]) == PACK
