"""What is kept of a big provider, against what is worked out anew, after acts that change what others have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import assessment, audit, compliance, privacy, providers, sync
from app.audit import OPERATOR
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.providers.names import set_name
from app.sync.news import ProviderNews
from app.web.manager.library import library_of
from tests.integration.staff.test_practice import Watched
from tests.support.learning_place import RIGHT, joined, publish_modules
from tests.support.practice import appoint
from tests.support.two_places import add_anew
from tests.support.website import Browser, Place, set_up


@pytest.fixture(autouse=True)
def everyone_is_big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.compliance.memory.BIG", 1)


def lines(place: Place, *, kept: bool = True) -> dict[str, Any]:
    """The list of people by name, from memory or worked out anew."""
    db.session.rollback()
    news = ProviderNews(db.session(), place.provider) if kept else None
    chains = library_of(place.provider.id).chains
    found = compliance.people_overview(db.session(), place.provider.id, chains=chains, now=utc_now(), news=news)
    return {each.member.name: each for each in found}


def states(place: Place) -> list[Any]:
    db.session.rollback()
    news = ProviderNews(db.session(), place.provider)
    seen = compliance.practice_seen(db.session(), place.provider.id, now=utc_now(), news=news)
    return [view.state for theirs in seen.values() for view in theirs.views]


def test_who_joins_with_a_code_has_joined_at_once(bramble: Place, browser: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    code = bramble.code_for(ngozi).replace(" ", "")
    assert not lines(bramble)["Ngozi Obi"].member.has_pin
    browser.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin", pin="274913", again="274913")
    assert lines(bramble)["Ngozi Obi"].member.has_pin


def test_an_assessors_first_day_is_about_those_they_saw(bramble: Place, priya: Browser) -> None:
    watched, week_ago = Watched(bramble), utc_now() - timedelta(days=7)
    appoint(db.session(), bramble.provider, watched.dawn, None, now=week_ago)
    watched.says(watched.sees(seen_on=(utc_now() - timedelta(days=2)).date().isoformat()))
    assert states(bramble) == watched.state() == [assessment.State.OUT_OF_SCOPE]
    address = f"/staff/people/{watched.dawn.person_uuid}/edit"
    priya.get(address)
    priya.post(address, name="Dawn Marsh", started=week_ago.date().isoformat(), roles=["assessor", "learner"])
    assert watched.state() == [assessment.State.COUNTS]
    assert states(bramble) == watched.state()


def test_a_name_that_another_provider_changed_is_theirs_and_a_name_changed_here_is_ours(bramble: Place) -> None:
    other = set_up("Willow Care", "Wendy", "wendy")
    ada = bramble.add("Ada")
    providers.add_membership(db.session(), other.provider.id, ada.person_id, [Role.LEARNER], now=utc_now())
    db.session.commit()
    assert "Ada" in lines(bramble)
    for place, name in ((other, "Ada Lovelace"), (bramble, "Ada Byron")):
        set_name(db.session(), place.provider.id, ada.person_id, name)
        audit.note(
            db.session(),
            "person.renamed",
            actor=OPERATOR,
            now=utc_now(),
            provider=place.provider.uuid,
            subject=ada.person_uuid,
        )
        db.session.commit()
        assert ("Ada" if place is other else "Ada Byron") in lines(bramble)
    there = providers.list_members(db.session(), other.provider.id)
    assert "Ada Lovelace" in [each.name for each in there]


def test_an_id_that_is_given_again_after_an_erasure_elsewhere_is_news(bramble: Place) -> None:
    other = set_up("Willow Care", "Wendy", "wendy")
    shas = publish_modules("Falls")
    here, there = joined(bramble, "Ada"), joined(other, "Ben")
    there.answers(shas["falls"], RIGHT, at=utc_now())
    assert lines(bramble)["Ada"].asked == 0
    privacy.erase(db.session(), other.provider, there.member, actor=OPERATOR, now=utc_now())
    db.session.commit()
    here.answers(shas["falls"], RIGHT, at=utc_now())
    assert lines(bramble, kept=False)["Ada"].asked == 1
    assert lines(bramble)["Ada"].asked == 1


def test_records_that_end_up_before_others_are_news(bramble: Place) -> None:
    """PostgreSQL gives a slow batch the lower ids, and shows it once a later one has been seen."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    shas = publish_modules("Falls")
    slow, quick = joined(bramble, "Ada"), joined(bramble, "Ben")
    at = utc_now()
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with Session(db.engine) as session:
        batch = slow.phone.batch(*[slow.phone.answered(shas["falls"], RIGHT, at=stamp)])
        sync.accept(session, batch, slow.phone.sender, now=at)
        quick.answers(shas["falls"], RIGHT, at=at)
        assert [lines(bramble)[name].asked for name in ("Ada", "Ben")] == [0, 1]
        session.commit()
    assert [lines(bramble)[name].asked for name in ("Ada", "Ben")] == [1, 1]


def test_who_turns_out_to_be_known_already_is_there_once_with_one_record(bramble: Place, app: Flask) -> None:
    two = add_anew(app, bramble)
    assert "Ngozi Obi-Ade" in lines(two.thistle)
    assert two.add().status_code == 201
    for kept in (True, False):
        found = lines(two.thistle, kept=kept)
        assert found.keys() == {"Maya Lind", "Ngozi Obi-Ade"}
        assert found["Ngozi Obi-Ade"].member.person_id == two.ngozi.person_id
    db.session.rollback()
    news = ProviderNews(db.session(), two.thistle.provider)
    chains = library_of(two.thistle.provider.id).chains
    found_in_all = compliance.people_overview(
        db.session(), two.thistle.provider.id, chains=chains, now=utc_now(), news=news
    )
    assert len(found_in_all) == 2
