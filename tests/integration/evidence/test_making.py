"""The worker makes each pack once, keeps it with its job, and says what went wrong."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit, jobs, privacy, providers
from app.compliance import evidence
from app.compliance.evidence import EvidenceError, PackView, making
from app.compliance.models import EvidencePack
from app.jobs import JobState
from app.privacy import Keeping
from tests.support.evidence_place import Bramble, bramble, no_printer, scope
from tests.support.world import NOW, add_provider

FEW = ("people", "modules")


@pytest.fixture
def place(session: Session, monkeypatch: pytest.MonkeyPatch) -> Bramble:
    build = evidence.build
    monkeypatch.setattr(making, "build", lambda *args, **more: build(*args, **more, printer=no_printer))
    return bramble(session)


def asked(place: Bramble) -> UUID:
    job = evidence.ask(place.session, place.provider.id, scope(parts=FEW), by=place.priya.person_id, now=NOW)
    place.session.commit()
    return job.uuid


def make(place: Bramble) -> str | None:
    return evidence.make_next(place.session, server="https://learn.example.org", clock=lambda: NOW)


def only(place: Bramble) -> PackView:
    [found] = evidence.list_packs(place.session, place.provider.id)
    return found


def kept(place: Bramble) -> int:
    return place.session.scalars(select(func.count()).select_from(EvidencePack)).one()


def test_a_pack_that_was_asked_for_is_made_and_kept(place: Bramble) -> None:
    uuid = asked(place)

    assert "made without PDF" in (make(place) or "")

    found = evidence.body_of(place.session, place.provider.id, uuid)
    assert found is not None
    view, body = found
    assert (only(place).job.state, only(place).asked_by, view.size) == (JobState.DONE, "Priya Nair", len(body))
    assert evidence.manifest_of(place.session, place.provider.id, uuid)
    assert make(place) is None


def test_the_same_asked_twice_while_it_waits_is_one_pack(place: Bramble) -> None:
    assert asked(place) == asked(place)


def test_another_provider_sees_nothing_of_it(place: Bramble) -> None:
    uuid = asked(place)
    make(place)
    other = add_provider(place.session, "Thistle Care")

    assert evidence.list_packs(place.session, other.id) == ()
    assert evidence.body_of(place.session, other.id, uuid) is None
    assert evidence.manifest_of(place.session, other.id, uuid) is None
    assert evidence.any_manifest_of(place.session, uuid) is not None
    assert not evidence.remove(place.session, other.id, uuid, now=NOW)


def test_one_that_is_given_up_while_it_is_made_is_not_kept(place: Bramble, monkeypatch: pytest.MonkeyPatch) -> None:
    uuid = asked(place)
    build = making.build

    def given_up(*args: object, **more: object) -> object:
        with Session(place.session.get_bind()) as manager:
            assert jobs.cancel(manager, place.provider.id, uuid, now=NOW)
            manager.commit()
        return build(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "build", given_up)

    assert "given up" in (make(place) or "")
    assert only(place).job.state is JobState.CANCELLED
    assert kept(place) == 0


def test_what_goes_wrong_is_said_and_it_can_be_tried_again(place: Bramble, monkeypatch: pytest.MonkeyPatch) -> None:
    uuid = asked(place)
    with monkeypatch.context() as broken:
        broken.setattr(making, "build", _no_memory)
        make(place)
    assert only(place).job.state is JobState.FAILED
    assert "not enough memory" in only(place).job.words

    assert jobs.again(place.session, place.provider.id, uuid)
    place.session.commit()
    make(place)

    assert only(place).job.state is JobState.DONE
    assert kept(place) == 1


def _no_memory(*_args: object, **_more: object) -> None:
    raise MemoryError


def test_files_go_when_they_are_old_and_the_list_says_so(place: Bramble) -> None:
    asked(place)
    make(place)
    keeping = Keeping(results_years=6, answers_months=600, audit_months=72, evidence_days=30)

    early = privacy.sweep(place.session, keeping, actor=audit.WORKER, now=NOW + timedelta(days=29))
    late = privacy.sweep(place.session, keeping, actor=audit.WORKER, now=NOW + timedelta(days=31))

    assert (early.packs, late.packs) == (0, 1)
    assert only(place).removed_why == "age"
    assert evidence.body_of(place.session, place.provider.id, only(place).job.uuid) is None


def test_erasing_somebody_removes_every_file_that_may_name_them(place: Bramble) -> None:
    asked(place)
    make(place)
    tom = place.tom
    privacy.erase(place.session, place.provider, tom, actor=audit.OPERATOR, now=NOW)
    place.session.commit()

    assert only(place).removed_why == "erased"
    assert providers.find_member(place.session, place.provider.id, tom.person_id) is None


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("as_at", {"as_at": (NOW + timedelta(days=1)).date()}),
        ("until", {"until": NOW.date()}),
        ("since", {"since": NOW.date()}),
        ("people", {"people": ()}),
        ("parts", {"parts": ()}),
        ("parts", {"parts": ("nonsense",)}),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(place: Bramble, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(EvidenceError) as refused:
        evidence.ask(place.session, place.provider.id, scope(**changes), by=None, now=NOW)
    assert refused.value.field == field
