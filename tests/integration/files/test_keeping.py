"""Files in the bucket: put before their row commits, deleted after it is gone, and checked when they are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app import files, requirements
from app.config import FilesSettings
from app.files import Bucket, FileLost, FilesAway
from app.kernel import utc_now
from app.requirements import models as m
from tests.integration.files.conftest import PDF, Office, sweep
from tests.support.bucket import S3Server, nobody_there, objects, s3_server
from tests.support.world import add_person

KILLED = Path(__file__).with_name("killed.py")
LATER = timedelta(days=2)


def test_a_file_lies_in_the_bucket_under_a_name_that_says_nothing(kept: Office, bucket: Bucket) -> None:
    uuid = kept.hand_in()
    kept.session.commit()

    [row] = kept.rows()
    assert (row.body, {row.object_uuid}) == (None, objects(bucket))
    assert row.object_uuid != uuid
    assert row.object_uuid is not None
    assert row.object_uuid.version == 4, "no time in it"
    assert kept.file(uuid) == PDF


def test_without_a_bucket_it_lies_in_its_row(office: Office, bucket: Bucket) -> None:
    uuid = office.hand_in()
    office.session.commit()
    [row] = office.rows()
    assert (row.body, row.object_uuid, row.object_sha, objects(bucket)) == (PDF, None, None, set())
    assert office.file(uuid) == PDF


def test_when_nobody_answers_nothing_is_stored_at_all(office: Office, where: FilesSettings) -> None:
    files.keep_in(office.session.get_bind().engine, nobody_there(where))
    with pytest.raises(FilesAway, match="Nothing was changed"):
        office.hand_in()
    office.session.rollback()
    assert office.rows() == []
    assert requirements.outside(office.session, office.provider.id) == ()


def test_a_server_that_dies_is_away_and_what_it_had_is_not_taken_for_lost(office: Office) -> None:
    engine = office.session.get_bind().engine
    with s3_server() as own:
        files.keep_in(engine, Bucket(own.settings()))
        uuid = office.hand_in()
        office.session.commit()
        own.kill()
        with pytest.raises(FilesAway):
            office.file(uuid)
        with pytest.raises(FilesAway):
            office.hand_in()


@pytest.mark.parametrize("wrong", [{"secret": "x" * 40}, {"key_id": "AKNOBODY"}, {"bucket": "not-there"}])
def test_who_is_refused_by_the_bucket_stores_nothing(
    office: Office, s3: S3Server, wrong: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    bucket = Bucket(s3.settings(**wrong))
    files.keep_in(office.session.get_bind().engine, bucket)
    with pytest.raises(FilesAway):
        office.hand_in()
    with pytest.raises(FilesAway):
        bucket.get(UUID(int=4))
    office.session.rollback()
    assert office.rows() == []
    assert "The bucket would not" in caplog.text
    assert s3.secret not in caplog.text


def test_an_object_that_is_missing_or_changed_is_said_to_be(
    kept: Office, bucket: Bucket, s3: S3Server, where: FilesSettings
) -> None:
    uuid = kept.hand_in()
    kept.session.commit()
    [key] = objects(bucket)

    s3.overwrite(where, key, PDF.replace(b"1.7", b"1.6"))
    with pytest.raises(FileLost):
        kept.file(uuid)

    bucket.delete([key])
    with pytest.raises(FileLost):
        kept.file(uuid)


def test_without_the_setting_it_says_who_can_mend_that(kept: Office) -> None:
    uuid = kept.hand_in()
    kept.session.commit()
    files.keep_in(kept.session.get_bind().engine, None)
    with pytest.raises(FilesAway, match="was not told of"):
        kept.file(uuid)


def test_erasing_deletes_a_persons_objects_once_it_is_committed(kept: Office, bucket: Bucket) -> None:
    other = add_person(kept.session, kept.provider, "Marta Nowak")
    kept.hand_in()
    stays = kept.hand_in(PDF + b"%%EOF\n", person=other)
    kept.session.commit()
    [theirs] = [row.object_uuid for row in kept.rows() if row.outside_id != _id(kept, stays)]

    requirements.erase(kept.session, kept.ngozi.person_id, kept.provider.id)
    assert theirs in objects(bucket)
    kept.session.rollback()
    kept.session.commit()
    assert len(objects(bucket)) == 2, "what was undone deletes nothing, then or later"

    requirements.erase(kept.session, kept.ngozi.person_id, kept.provider.id)
    kept.session.commit()
    assert objects(bucket) == {row.object_uuid for row in kept.rows()}
    assert len(kept.rows()) == 1


def test_what_was_let_go_of_in_a_part_that_was_undone_stays(kept: Office, bucket: Bucket) -> None:
    uuid = kept.hand_in()
    kept.session.commit()
    with kept.session.begin_nested() as part:
        requirements.erase(kept.session, kept.ngozi.person_id, kept.provider.id)
        part.rollback()
    kept.session.commit()
    assert kept.file(uuid) == PDF


def _id(office: Office, uuid: UUID) -> int:
    return office.session.query(m.OutsideTraining.id).filter_by(uuid=uuid).scalar() or 0


def test_what_could_not_be_deleted_goes_with_the_next_sweep(kept: Office, bucket: Bucket, where: FilesSettings) -> None:
    kept.hand_in()
    kept.session.commit()
    engine = kept.session.get_bind().engine
    files.keep_in(engine, nobody_there(where))
    requirements.erase(kept.session, kept.ngozi.person_id, kept.provider.id)
    kept.session.commit()
    files.keep_in(engine, bucket)
    assert (kept.rows(), len(objects(bucket))) == ([], 1)

    assert sweep(kept.session, now=utc_now()).gone == 0, "it is not a day old"
    assert sweep(kept.session, now=utc_now() + LATER).gone == 1
    assert objects(bucket) == set()


def test_who_is_killed_before_the_commit_leaves_an_object_nobody_names(
    kept: Office, bucket: Bucket, s3: S3Server, where: FilesSettings
) -> None:
    bind = kept.session.get_bind().engine
    environment = {
        **os.environ,
        **s3.environment(where),
        "BV_DATABASE_URL": bind.url.render_as_string(hide_password=False),
        "KILLED_WHO": f"{kept.provider.id} {kept.ngozi.person_id}",
    }
    kept.session.rollback()

    killed = subprocess.run([sys.executable, KILLED], env=environment, timeout=120, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert (kept.rows(), len(objects(bucket))) == ([], 1)
    assert requirements.outside(kept.session, kept.provider.id) == ()
    assert sweep(kept.session, now=utc_now() + LATER).gone == 1
    assert objects(bucket) == set()


def test_a_process_that_forked_after_it_asked_says_so_and_does_not_hang(bucket: Bucket) -> None:
    bucket.try_out()
    child = os.fork()
    if child == 0:
        try:
            bucket.try_out()
        except FilesAway:
            os._exit(7)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
