"""Moving files into the bucket and back, stopped anywhere; and telling what is too much or missing there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import files, requirements
from app.config import FilesSettings
from app.files import Bucket, FileLost, FilesAway
from app.kernel import utc_now
from tests.integration.files.conftest import PDF, Office, sweep
from tests.support.bucket import S3Server, nobody_there, objects

LATER = timedelta(days=2)
SOME = 5


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def quiet(_done: int, _of: int) -> None:
    """Tell nobody."""


def stop_after(number: int) -> Callable[[int, int], None]:
    def said(done: int, _of: int) -> None:
        if done == number:
            raise Stopped

    return said


def bodies(number: int = SOME) -> list[bytes]:
    return [PDF + b"%%EOF\n" * nth for nth in range(number)]


@pytest.fixture
def filled(office: Office) -> Office:
    for body in bodies():
        office.hand_in(body)
    office.session.commit()
    return office


def all_read(office: Office) -> list[bytes | None]:
    return [files.read(office.session, row) for row in office.rows()]


def test_it_moves_all_both_ways_and_stopped_it_goes_on(filled: Office, bucket: Bucket) -> None:
    session = filled.session
    files.keep_in(session.get_bind().engine, bucket)

    with pytest.raises(Stopped):
        files.move(session, bucket, into_bucket=True, said=stop_after(2))
    assert files.count(session) == (SOME - 2, 2)
    assert all_read(filled) == bodies(), "half here, half there, and all can be read"

    told: list[tuple[int, int]] = []
    assert files.move(session, bucket, into_bucket=True, said=lambda done, of: told.append((done, of))) == SOME - 2
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert files.count(session) == (0, SOME)
    assert all_read(filled) == bodies()
    assert len(objects(bucket)) == SOME
    assert files.move(session, bucket, into_bucket=True, said=quiet) == 0

    with pytest.raises(Stopped):
        files.move(session, bucket, into_bucket=False, said=stop_after(3))
    assert files.count(session) == (3, SOME - 3)
    assert all_read(filled) == bodies()
    assert files.move(session, bucket, into_bucket=False, said=quiet) == SOME - 3
    assert files.count(session) == (SOME, 0)
    assert all_read(filled) == bodies()
    assert objects(bucket) == set()


def test_stopped_before_its_commit_the_object_is_left_and_the_row_is_whole(filled: Office, bucket: Bucket) -> None:
    session = filled.session
    files.keep_in(session.get_bind().engine, bucket)

    def stop(_: Session) -> None:
        raise Stopped

    event.listen(session, "before_commit", stop)
    with pytest.raises(Stopped):
        files.move(session, bucket, into_bucket=True, said=quiet)
    event.remove(session, "before_commit", stop)
    session.rollback()
    assert (files.count(session), len(objects(bucket))) == ((SOME, 0), 1)

    files.move(session, bucket, into_bucket=True, said=quiet)
    assert sweep(session, now=utc_now() + LATER).gone == 1
    assert all_read(filled) == bodies()


def test_a_bucket_that_goes_away_on_the_way_leaves_all_where_it_can_be_read(
    filled: Office, bucket: Bucket, where: FilesSettings
) -> None:
    session = filled.session
    files.keep_in(session.get_bind().engine, bucket)
    with pytest.raises(FilesAway):
        files.move(session, nobody_there(where), into_bucket=True, said=quiet)
    assert files.count(session) == (SOME, 0)
    files.move(session, bucket, into_bucket=True, said=quiet)
    with pytest.raises(FilesAway):
        files.move(session, nobody_there(where), into_bucket=False, said=quiet)
    assert files.count(session) == (0, SOME)
    assert all_read(filled) == bodies()


def test_one_that_was_changed_in_the_bucket_is_not_brought_back(
    filled: Office, bucket: Bucket, s3: S3Server, where: FilesSettings
) -> None:
    session = filled.session
    files.keep_in(session.get_bind().engine, bucket)
    files.move(session, bucket, into_bucket=True, said=quiet)
    first = filled.rows()[0].object_uuid
    assert first is not None
    s3.overwrite(where, first, b"other")
    with pytest.raises(FileLost):
        files.move(session, bucket, into_bucket=False, said=quiet)
    assert files.count(session) == (0, SOME)
    assert first in objects(bucket)


def test_one_that_is_erased_while_it_is_moved_stays_erased(
    filled: Office, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = filled.session.get_bind().engine
    files.keep_in(engine, bucket)
    put, erased = bucket.put, []

    def slow(key: object, body: bytes) -> None:
        put(key, body)  # type: ignore[arg-type]
        if not erased:
            with Session(engine) as other:
                requirements.erase(other, filled.ngozi.person_id, filled.provider.id)
                other.commit()
            erased.append(key)

    monkeypatch.setattr(bucket, "put", slow)
    assert files.move(filled.session, bucket, into_bucket=True, said=quiet) == 0
    assert filled.rows() == []
    assert (len(erased), objects(bucket)) == (1, set()), "it does not wait for a sweep"


def test_what_is_missing_and_what_nobody_names_is_told_apart(kept: Office, bucket: Bucket) -> None:
    kept.hand_in()
    kept.hand_in(bodies()[1])
    kept.session.commit()
    lost, there = (row.object_uuid for row in kept.rows())
    assert lost is not None
    bucket.delete([lost])
    stray, _ = files.service.put(bucket, b"stray")

    found = files.compare(kept.session, bucket, now=utc_now() + LATER)

    assert (found.named, found.missing, found.unnamed) == ({lost, there}, {lost}, {stray})
    assert files.compare(kept.session, bucket, now=utc_now()).unnamed == frozenset()


def test_another_servers_prefix_is_never_swept(kept: Office, bucket: Bucket) -> None:
    files.service.put(bucket, b"theirs")
    assert sweep(kept.session, server="them", now=utc_now()).gone == 0
    swept = sweep(kept.session, now=utc_now() + LATER, many=True)
    assert (swept.gone, "Another server" in (swept.refused or "")) == (0, True)
    assert len(objects(bucket)) == 1


def test_so_many_that_the_database_may_be_an_older_one_are_left_until_somebody_says_so(
    kept: Office, bucket: Bucket
) -> None:
    for nth in range(files.comparing.MANY + 1):
        files.service.put(bucket, bytes([nth]))
    swept = sweep(kept.session, now=utc_now() + LATER)
    assert (swept.gone, "older backup" in (swept.refused or "")) == (0, True)
    swept = sweep(kept.session, now=utc_now() + LATER, many=True)
    assert (swept.gone, objects(bucket)) == (files.comparing.MANY + 1, set())
