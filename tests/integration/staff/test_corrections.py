"""A manager decides about passes that only a wrong key gave."""

from __future__ import annotations

from datetime import timedelta

from app import audit, providers, sync
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.learning_place import RIGHT, WRONG, Learner, joined, publish_modules
from tests.support.website import Browser, Place
from tests.support.world import add_phone

PAGE = "/staff/people/corrections"


def put_right() -> None:
    sync.correct(db.session(), "falls", 1, "first-thing", ["a"], reason="Answer a was right.", now=utc_now())
    db.session.commit()


def test_nothing_is_said_while_nothing_waits(bramble: Place, priya: Browser) -> None:
    shas = publish_modules("Falls")
    joined(bramble, "Ngozi Obi").answers(shas["falls"], WRONG, at=utc_now())
    put_right()
    assert "an answer was put right" not in priya.get("/staff/people").text
    assert "Nothing waits for you here." in priya.get(PAGE).text


def test_a_manager_is_told_and_takes_a_pass_away_or_lets_it_stand(bramble: Place, priya: Browser) -> None:
    shas = publish_modules("Falls")
    learners = [joined(bramble, name) for name in ("Ngozi Obi", "Tom Ash")]
    for learner in learners:
        learner.answers(shas["falls"], RIGHT, at=utc_now())
    put_right()

    assert "2 passes wait for you to decide, as an answer was put right" in priya.get("/staff/people").text
    page = priya.get(PAGE)
    assert page.heading == "Answers put right"
    assert "100% then, 0% with the right answer" in page.text
    assert "Answer a was right." in page.text
    for learner, decision, words in zip(
        learners,
        ("take", "keep"),
        ("Ngozi Obi is to take Falls again.", "Tom Ash keeps the pass of Falls."),
        strict=True,
    ):
        address = f"/staff/people/{learner.member.person_uuid}/passes/{learner.phone.made[0]['id']}"
        assert words in priya.post(address, decision=decision).text

    assert "Nothing waits for you here." in priya.get(PAGE).text
    assert "In date" not in priya.get(f"/staff/people/{learners[0].member.person_uuid}").text
    assert "In date" in priya.get(f"/staff/people/{learners[1].member.person_uuid}").text
    assert [each.action for each in audit.entries(db.session(), limit=2)] == ["pass.kept", "pass.taken"]


def test_nobody_lets_a_pass_of_theirs_stand_while_another_manager_could(bramble: Place, priya: Browser) -> None:
    shas = publish_modules("Falls")
    [me] = [each for each in providers.list_members(db.session(), bramble.provider.id) if each.name == "Priya Nair"]
    mine = Learner(member=me, phone=add_phone(db.session(), me, now=utc_now() - timedelta(days=20)))
    mine.answers(shas["falls"], RIGHT, at=utc_now())
    put_right()
    bramble.add("Sam Price", Role.MANAGER)
    priya.get(PAGE)
    address = f"/staff/people/{me.person_uuid}/passes/{mine.phone.made[0]['id']}"
    assert "Ask Sam Price." in priya.post(address, decision="keep").text
    assert "is to take Falls again." in priya.post(address, decision="take").text


def test_the_list_takes_two_statements_however_many_wait(bramble: Place, priya: Browser) -> None:
    from app import learning
    from tests.support.statements import statements

    shas = publish_modules("Falls")
    for number in range(6):
        joined(bramble, f"Carer {number}").answers(shas["falls"], RIGHT, at=utc_now())
    put_right()
    with statements(db.engine) as sent:
        assert len(learning.passes_to_decide(db.session(), bramble.provider.id)) == 6
    assert len([each for each in sent if "SELECT" in each.upper()]) == 2
