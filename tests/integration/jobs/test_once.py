"""A job is done once, however many workers there are and whatever becomes of them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import jobs
from app.jobs import Claim, JobState
from app.jobs.service import GAVE_UP, SILENT
from app.kernel import begin_write
from tests.support.world import NOW, add_provider

KINDS = ("evidence",)


def asked(session: Session) -> jobs.JobView:
    job = jobs.ask(session, add_provider(session).id, "evidence", {"n": 1}, by=None, now=NOW)
    session.commit()
    return job


def claimed(session: Session, minutes: float = 0) -> Claim | None:
    begin_write(session)
    found = jobs.claim(session, KINDS, now=NOW + timedelta(minutes=minutes))
    session.commit()
    return found


def test_a_job_is_claimed_by_one_worker(database: Engine, session: Session) -> None:
    asked(session)
    with Session(database) as other:
        first, second = claimed(session), claimed(other)

    assert first is not None
    assert second is None


def test_two_jobs_are_claimed_in_the_order_they_were_asked_for(session: Session) -> None:
    job = asked(session)
    later = jobs.ask(session, job.provider_id, "evidence", {}, by=None, now=NOW)
    session.commit()

    found = [claimed(session), claimed(session)]

    assert [each and each.job.id for each in found] == [job.id, later.id]


def test_a_silent_worker_loses_its_job_to_the_next_and_can_end_it_no_more(session: Session) -> None:
    asked(session)
    dead = claimed(session)
    assert dead is not None
    silent = SILENT.total_seconds() / 60

    assert claimed(session, silent) is None
    second = claimed(session, silent + 1)

    assert second is not None
    assert not jobs.beat(session, dead, now=NOW, done=1, of=2, words="")
    assert not jobs.finish(session, dead, now=NOW)
    assert jobs.finish(session, second, now=NOW)


def test_a_worker_that_beats_keeps_its_job(session: Session) -> None:
    asked(session)
    alive = claimed(session)
    assert alive is not None
    assert jobs.beat(session, alive, now=NOW + timedelta(minutes=3), done=1, of=9, words="Reading")
    session.commit()

    assert claimed(session, 5) is None
    found = jobs.find_job(session, alive.job.provider_id, alive.job.uuid)
    assert found is not None
    assert (found.state, found.done, found.of, found.words) == (JobState.RUNNING, 1, 9, "Reading")


def test_after_three_dead_workers_it_fails_and_says_so(session: Session) -> None:
    job = asked(session)
    for minutes in (0, 10, 20):
        assert claimed(session, minutes) is not None

    assert claimed(session, 30) is None

    found = jobs.find_job(session, job.provider_id, job.uuid)
    assert found is not None
    assert (found.state, found.words) == (JobState.FAILED, GAVE_UP)
    assert jobs.again(session, job.provider_id, job.uuid)
    session.commit()
    assert claimed(session, 40) is not None


def test_a_cancelled_job_is_not_done_and_can_be_asked_for_again(session: Session) -> None:
    job = asked(session)
    held = claimed(session)
    assert held is not None

    assert jobs.cancel(session, job.provider_id, job.uuid, now=NOW)
    assert not jobs.cancel(session, job.provider_id, job.uuid, now=NOW)
    assert not jobs.finish(session, held, now=NOW)
    assert not jobs.fail(session, held, "x", now=NOW)
    assert jobs.again(session, job.provider_id, job.uuid)
    assert not jobs.again(session, job.provider_id, job.uuid)


def test_another_providers_job_cannot_be_found_or_cancelled(session: Session) -> None:
    job = asked(session)
    other = add_provider(session, "Thistle Care")

    assert jobs.find_job(session, other.id, job.uuid) is None
    assert not jobs.cancel(session, other.id, job.uuid, now=NOW)
