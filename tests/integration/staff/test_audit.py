"""Who did what, in words: the managers' page of the audit trail."""

from __future__ import annotations

from app import audit
from app.extensions import db
from app.kernel import begin_write, new_uuid7, utc_now
from tests.support.learning_place import publish_modules
from tests.support.website import PASSWORD, Browser, Page, Place, set_up, sign_in


def lines(page: Page) -> list[str]:
    """The sentences of the list, newest first."""
    return ["".join(e.itertext()).strip() for e in page.all(".//ol//span[@class='bv-list__title']")]


def nothing_noted(page: Page) -> bool:
    return "Nothing" in page.text and not page.all(".//ol")


def test_what_a_manager_does_is_told_in_words_newest_first(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    ngozi = bramble.add("Ngozi Okafor")
    address = f"/staff/people/{ngozi.person_uuid}"
    priya.get(address)
    priya.post(f"{address}/invite")
    priya.get(address)
    priya.post(f"{address}/assignments", module="falls", due="2099-12-12")
    priya.get(address)
    priya.post(f"{address}/assignments/falls/end")
    priya.get(address)
    priya.post(f"{address}/leave")
    priya.get(address)
    priya.post(f"{address}/return")

    page = priya.get("/staff/audit")

    assert page.heading == "Who did what"
    assert lines(page)[:6] == [
        "Priya Nair brought Ngozi Okafor back",
        "Priya Nair noted that Ngozi Okafor has left",
        "Priya Nair stopped asking Ngozi Okafor for Falls",
        "Priya Nair asked Ngozi Okafor for Falls by 12 December 2099",
        "Priya Nair gave Ngozi Okafor a new code",
        "Priya Nair signed in",
    ]
    assert audit.verify(db.session()).broken is None


def test_doing_again_what_is_so_already_is_not_noted_twice(bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Okafor")
    address = f"/staff/people/{ngozi.person_uuid}"
    token = priya.get(address).form(f"{address}/leave")
    for _ in range(2):
        priya.send("POST", f"{address}/leave", data=token)

    assert lines(priya.get("/staff/audit?kind=people")) == ["Priya Nair noted that Ngozi Okafor has left"]


def test_another_providers_trail_is_not_told(bramble: Place, priya: Browser) -> None:
    other = set_up("Thistle Care", "Sam Okonkwo", "sam")
    begin_write(db.session())
    audit.note(
        db.session(),
        "code.made",
        actor=audit.OPERATOR,
        now=utc_now(),
        provider=other.provider.uuid,
        subject=new_uuid7(),
    )
    audit.note(db.session(), "records.rebuilt", actor=audit.OPERATOR, now=utc_now())
    db.session.commit()

    assert lines(priya.get("/staff/audit")) == ["Priya Nair signed in"]


def test_only_managers_may_read_it(bramble: Place, browser: Browser) -> None:
    from app import identity
    from app.providers import Role

    tom = bramble.add("Tom Price", Role.TRAINER)
    identity.set_sign_in_name(db.session(), tom.person_id, "tom")
    identity.set_password(db.session(), tom.person_id, PASSWORD)
    db.session.commit()
    sign_in(browser, "tom")

    assert browser.send("GET", "/staff/audit").status_code == 403


def test_the_trail_is_read_by_person_and_by_kind(bramble: Place, priya: Browser) -> None:
    ada, ben = bramble.add("Ada One"), bramble.add("Ben Two")
    begin_write(db.session())
    for member, action in ((ada, "code.made"), (ben, "code.made"), (ada, "person.archived")):
        audit.note(
            db.session(),
            action,
            actor=audit.OPERATOR,
            now=utc_now(),
            provider=bramble.provider.uuid,
            subject=member.person_uuid,
        )
    db.session.commit()

    operator = "The person who runs this server"
    assert lines(priya.get(f"/staff/audit?person={ben.person_uuid}")) == [f"{operator} gave Ben Two a new code"]
    assert lines(priya.get("/staff/audit?kind=people")) == [f"{operator} noted that Ada One has left"]
    assert nothing_noted(priya.get(f"/staff/audit?kind=people&person={ben.person_uuid}"))


def test_fifty_stand_on_a_page_and_the_older_ones_on_the_next(bramble: Place, priya: Browser) -> None:
    begin_write(db.session())
    for _ in range(60):
        audit.note(
            db.session(), "provider.changed", actor=audit.OPERATOR, now=utc_now(), provider=bramble.provider.uuid
        )
    db.session.commit()

    first = priya.get("/staff/audit")
    [older] = [a.get("href", "") for a in first.all(".//a") if "".join(a.itertext()) == "Older"]
    second = priya.get(older)

    assert (len(lines(first)), len(lines(second))) == (50, 11)
    assert lines(second)[-1] == "Priya Nair signed in"


def test_an_erased_person_is_told_without_a_name(bramble: Place, priya: Browser) -> None:
    begin_write(db.session())
    audit.note(
        db.session(),
        "code.made",
        actor=audit.by_person(new_uuid7()),
        now=utc_now(),
        provider=bramble.provider.uuid,
        subject=new_uuid7(),
    )
    db.session.commit()

    assert lines(priya.get("/staff/audit"))[0] == "A person who was erased gave a person who was erased a new code"


def test_an_address_that_makes_no_sense_shows_everything(priya: Browser) -> None:
    assert len(lines(priya.get("/staff/audit?person=x&kind=y&before=z"))) == 1


def test_being_stopped_after_too_many_tries_is_noted_once(bramble: Place, browser: Browser) -> None:
    for _ in range(7):
        sign_in(browser, "priya", "not the password")

    assert [(each.action, each.actor) for each in audit.entries(db.session())] == [("sign-in.refused", audit.NOBODY)]


def test_every_sentence_can_be_filled_from_its_details(bramble: Place) -> None:
    from app.audit import ACTIONS, Actor, ActorKind, Entry
    from app.web.manager.trail import sentence_of

    values = {"roles": "learner,manager", "due": "2026-12-12", "module": "falls"}
    for action, words in ACTIONS.items():
        entry = Entry(
            number=1,
            at=utc_now(),
            action=action,
            actor=Actor(kind=ActorKind.WORKER),
            provider=None,
            subject=new_uuid7(),
            details={key: values.get(key, 3) for key in words.details},
            hash="",
        )
        assert "{" not in sentence_of(entry, {}, {})
