"""A file that cannot be put back is said so in plain words, and nothing is touched."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app import backup
from app.backup import Damaged, KeyMissing, KeyWrong, NewerVersion, NoSuchBackup, NotABackup
from tests.support.backups import KEY, LATER, REVISIONS, Disk


@pytest.fixture
def disk(sqlite_disk: Disk) -> Disk:
    sqlite_disk.phone(records=50)
    return sqlite_disk


def refused(disk: Disk, path: Path, error: type[Exception], words: str, key: str | None = None) -> None:
    """Neither verify nor restore takes it, and the database is as it was."""
    before = disk.log()
    disk.engine.dispose()
    place = replace(disk.place, key=key)
    with pytest.raises(error, match=words):
        backup.verify(place, path)
    with pytest.raises(error, match=words):
        backup.restore(place, path, revisions=REVISIONS, another_server=False, now=LATER)
    assert disk.log() == before
    assert not list(disk.place.folder.parent.glob("*before*"))
    disk.engine.dispose()


def test_the_wrong_key_and_no_key_are_told_apart_from_damage(disk: Disk) -> None:
    path = disk.back_up(key=KEY).path
    assert b"look-back" not in path.read_bytes()
    refused(disk, path, KeyWrong, "encrypted with another key", "another key of forty characters or so")
    refused(disk, path, KeyMissing, "Set BV_BACKUP_KEY")
    assert backup.verify(replace(disk.place, key=KEY), path)[1].survey.log.n == 50


@pytest.mark.parametrize("key", [None, KEY])
def test_cut_short_or_changed_anywhere_is_noticed(disk: Disk, key: str | None) -> None:
    path = disk.back_up(key=key).path
    whole = path.read_bytes()
    for end in (5, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        path.write_bytes(whole[:end])
        refused(disk, path, Damaged, "cut short or damaged", key)
    for at in (len(whole) // 4, len(whole) // 2):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused(disk, path, Damaged, "cut short or damaged", key)


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" * 10, b"\x1f\x8b" + b"\x00" * 40])
def test_another_sort_of_file_is_said_so(disk: Disk, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)
    refused(disk, path, NotABackup, "is not a backup of Between Visits")


def test_another_zip_is_said_so(disk: Disk, tmp_path: Path) -> None:
    path = tmp_path / "letters.zip"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("letter.txt", "Dear Priya")
    refused(disk, path, NotABackup, "is not a backup of Between Visits")


def test_a_name_that_is_not_there_is_said_so(disk: Disk, tmp_path: Path) -> None:
    refused(disk, tmp_path / "nowhere.backup", NoSuchBackup, "See: flask backup list")
    refused(disk, tmp_path, NoSuchBackup, "See: flask backup list")


def rewritten(path: Path, change: Callable[[dict[str, object]], None]) -> Path:
    with zipfile.ZipFile(path) as old:
        manifest, content = json.loads(old.read("manifest.json")), old.read("content")
    change(manifest)
    changed = path.with_name("changed.backup")
    with zipfile.ZipFile(changed, "w") as new:
        new.writestr("content", content)
        new.writestr("manifest.json", json.dumps(manifest))
    return changed


def test_a_format_of_tomorrow_asks_for_an_update(disk: Disk) -> None:
    path = rewritten(disk.back_up().path, lambda manifest: manifest.update(format=2))
    refused(disk, path, NewerVersion, "Update this server first")


def test_a_manifest_that_was_changed_does_not_pass_under_a_key(disk: Disk) -> None:
    path = rewritten(disk.back_up(key=KEY).path, lambda manifest: manifest.update(made_at="2030-01-01T00:00:00+00:00"))
    refused(disk, path, KeyWrong, "another key", KEY)


@pytest.mark.parametrize("size", [10, 10_000_000])
def test_content_of_another_size_than_was_packed_is_refused(disk: Disk, size: int) -> None:
    path = rewritten(disk.back_up().path, lambda manifest: manifest.update(plain=size))
    refused(disk, path, Damaged, "cut short or damaged")


def test_a_list_shows_what_cannot_be_read_beside_the_rest(disk: Disk) -> None:
    good = disk.back_up().path
    good.with_name("between-visits-20990101T000000Z.backup").write_bytes(b"PK\x03\x04 and no more")
    bad, fine = backup.listing(disk.place)
    assert (bad.manifest, bad.trouble) == (None, "It is cut short or damaged. Use another backup.")
    assert fine.manifest is not None
