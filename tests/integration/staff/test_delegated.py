"""Delegated tasks on the staff pages: noted, renewed, withdrawn at once, undone, and only at one's own provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from app import identity, messages, providers
from app.assessment import delegation
from app.assessment.delegation.service import _add_withdrawal
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import Role
from tests.support.delegated import WORDS, delegated
from tests.support.learning_place import Learner, joined
from tests.support.messaged import answer
from tests.support.statements import statements
from tests.support.website import PASSWORD, Browser, Page, Place, set_up, sign_in

HERE = "/staff/practice/delegated"
NEW = f"{HERE}/new"
SAID = "Stop. Do not do this task any more: Give insulin by pen, for Maple 14. Why: Their needs changed."


@pytest.fixture
def ngozi(bramble: Place) -> Learner:
    return joined(bramble, "Ngozi Obi")


def on(days: int) -> str:
    return (day_of(utc_now()) + timedelta(days=days)).isoformat()


def at(who: Learner, more: str = "") -> str:
    return f"{HERE}/{who.member.person_uuid}{more}"


def note(priya: Browser, who: Learner, **fields: str) -> Page:
    typed = {**WORDS, "person": str(who.member.person_uuid), "seen_on": on(-2), "valid_until": on(100), "paper": "yes"}
    priya.get(NEW)
    return priya.post(NEW, **{**typed, **fields})


def of(who: Learner) -> tuple[delegation.DelegationView, ...]:
    db.session.expire_all()
    return delegation.of(db.session(), who.member.provider_id, [who.member.person_id], day_of(utc_now()))


def withdraw(priya: Browser, who: Learner, task: UUID, reason: str = "Their needs changed") -> Page:
    priya.get(at(who))
    return priya.post(at(who, f"/{task}/withdraw"), **{f"reason-{task}": reason})


def on_today(who: Learner, *, days: int = 0) -> list[tuple[str, bool]]:
    db.session.expire_all()
    found = messages.for_phone(
        db.session(), who.member.provider_id, who.member.person_id, now=utc_now() + timedelta(days=days)
    )
    return [(each.text, each.pinned) for each in found]


def test_a_paper_is_noted_and_stands_on_every_page(priya: Browser, ngozi: Learner) -> None:
    text = note(priya, ngozi).text
    assert "Give insulin by pen, for Maple 14 May do it" in text
    assert "Dawn Hill, district nurse, Leeds Community Healthcare" in text
    assert "0113 496 0000" in text
    assert "Ngozi Obi Give insulin by pen, for Maple 14 May do it" in priya.get(HERE).text
    assert "Give insulin by pen, for Maple 14" in priya.get(f"/staff/people/{ngozi.member.person_uuid}").text
    assert "noted that a clinician delegated a task to Ngozi Obi" in priya.get("/staff/audit").text


def test_the_form_says_what_an_alias_is_before_it_is_typed(priya: Browser, ngozi: Learner) -> None:
    (hint,) = priya.get(NEW).all(".//*[@id='alias-hint']")
    assert "No name, not even with a number" in "".join(hint.itertext())
    (box,) = priya.get(NEW).all(".//input[@id='alias']")
    assert "alias-hint" in box.get("aria-describedby", "")


def test_without_a_last_day_it_is_a_year_after_they_were_watched(priya: Browser, ngozi: Learner) -> None:
    note(priya, ngozi, valid_until="")
    (view,) = of(ngozi)
    assert view.valid_until == delegation.last_day(view.seen_on)


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(priya: Browser, ngozi: Learner) -> None:
    page = note(priya, ngozi, alias="Mrs Brown", valid_until=on(500), seen_on="soon", paper="", person="")
    assert page.status == 400
    for words in ("This looks like a title with a name.", "Pick the carer.", "There is no such day.", "Tick this once"):
        assert page.text.count(words) == 2, words
    links = [each.get("href") for each in page.all(".//div[@role='alert']//a")]
    assert links == ["#person", "#alias", "#seen_on", "#paper"]
    assert "Only the dose on the chart" in page.text
    assert "12 months after they were watched" in note(priya, ngozi, valid_until=on(500)).text
    assert of(ngozi) == ()


def test_a_withdrawal_goes_to_the_phone_first_and_stays_until_it_is_read(priya: Browser, ngozi: Learner) -> None:
    note(priya, ngozi)
    (view,) = of(ngozi)
    assert "Say in a few words why." in withdraw(priya, ngozi, view.uuid, " ").text
    assert "This has a name in it." in withdraw(priya, ngozi, view.uuid, "Mrs Brown is worse").text
    assert on_today(ngozi) == []
    text = withdraw(priya, ngozi, view.uuid).text
    assert "by Priya Nair: Their needs changed" in text
    assert "They have not said yet that they read it." in text
    assert [each.standing for each in of(ngozi)] == ["withdrawn"]
    messages.send(
        db.session(),
        ngozi.member.provider_id,
        ngozi.member.person_id,
        text="Hello",
        kind=messages.Kind.MESSAGE,
        by=None,
        now=utc_now(),
    )
    db.session.commit()
    assert on_today(ngozi) == [(f"{SAID} Not sure? Ring the office before the visit.", True), ("Hello", False)]
    assert [pinned for _, pinned in on_today(ngozi, days=200)] == [True]
    (told,) = (
        each
        for each in messages.for_phone(db.session(), ngozi.member.provider_id, ngozi.member.person_id, now=utc_now())
        if each.pinned
    )
    answer(db.session(), ngozi.phone, told.uuid, "nudge.put-off", now=utc_now())
    assert on_today(ngozi)[0][1], "putting off is no reading"
    answer(db.session(), ngozi.phone, told.uuid, "notice.read", now=utc_now())
    assert on_today(ngozi) == [("Hello", False)]
    assert "Read on their phone, today" in priya.get(at(ngozi)).text


def test_a_withdrawal_knows_no_quiet_hours(bramble: Place, ngozi: Learner) -> None:
    night = datetime(2026, 6, 13, 22, 30, tzinfo=UTC)
    for kind, goes in ((messages.Kind.MESSAGE, 0), (messages.Kind.SAFETY, 1)):
        messages.send(
            db.session(), bramble.provider.id, ngozi.member.person_id, text="x", kind=kind, by=None, now=night
        )
        db.session.commit()
        assert len(messages.claim(db.session(), now=night)) == goes
        db.session.commit()


def test_undoing_a_withdrawal_tells_the_carer_in_its_place(priya: Browser, ngozi: Learner) -> None:
    note(priya, ngozi)
    (view,) = of(ngozi)
    withdraw(priya, ngozi, view.uuid)
    text = priya.post(at(ngozi, f"/{view.uuid}/bring-back")).text
    assert "Undone." in text
    assert [each.standing for each in of(ngozi)] == ["valid"]
    ((said, pinned),) = on_today(ngozi)
    assert said.startswith("You may do this task again, until ")
    assert pinned
    assert "undid the withdrawal of a task that was delegated to Ngozi Obi" in priya.get("/staff/audit").text
    # Both happened, and both can still be seen: it can be withdrawn anew.
    withdraw(priya, ngozi, view.uuid)
    assert [each.standing for each in of(ngozi)] == ["withdrawn"]
    assert on_today(ngozi)[0][0].startswith(SAID)


def test_a_new_paper_takes_the_place_of_the_one_before(priya: Browser, ngozi: Learner) -> None:
    note(priya, ngozi)
    (view,) = of(ngozi)
    page = priya.get(f"{NEW}?person={ngozi.member.person_uuid}&again={view.uuid}")
    assert "Only the dose on the chart" in page.text
    days = [each.get("value") for each in page.all(".//input[@type='date']")]
    assert days == ["", ""], "the clinician sets the days anew"
    withdraw(priya, ngozi, view.uuid)
    note(priya, ngozi, task="give  insulin by pen", alias="maple-14", valid_until=on(200))
    older, newer = of(ngozi)
    assert (older.replaced, newer.replaced) == (True, False)
    assert newer.standing.may
    assert on_today(ngozi)[0][0].startswith("You may do this task again, until ")
    # What was replaced is not withdrawn again, nor brought back.
    assert "a newer paper counts" in from_an_old_tab(priya, ngozi, older.uuid, "withdraw")
    assert "There is no withdrawal to undo." in from_an_old_tab(priya, ngozi, older.uuid, "bring-back")
    assert priya.get(HERE).text.count("insulin") == 1


def token_of(page: Page) -> str:
    return next(each.get("value", "") for each in page.all(".//input[@name='csrf_token']"))


def from_an_old_tab(priya: Browser, who: Learner, task: UUID, act: str) -> str:
    """Press what the page, as it is now, does not offer."""
    sent = {"csrf_token": token_of(priya.get(at(who))), f"reason-{task}": "Their needs changed"}
    return priya._show(priya.send("POST", at(who, f"/{task}/{act}"), data=sent)).text


def test_an_older_paper_does_not_take_the_place_of_a_newer(priya: Browser, ngozi: Learner) -> None:
    note(priya, ngozi)
    page = note(priya, ngozi, seen_on=on(-40), valid_until=on(10))
    assert page.status == 400
    assert "A newer paper, of " in page.text
    assert [each.valid_until.isoformat() for each in of(ngozi)] == [on(100)]


def test_whoever_is_no_carer_any_more_may_do_none_of_it(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    note(priya, ngozi)
    address = f"/staff/people/{ngozi.member.person_uuid}/edit"
    priya.get(address)
    priya.post(address, name="Ngozi Obi", roles="trainer", started=on(-20))
    (view,) = of(ngozi)
    assert view.withdrawn is not None
    assert view.withdrawn.reason == "They are no longer a carer here."
    assert "withdrew" in priya.get("/staff/audit").text


def test_whoever_leaves_may_do_none_of_it_any_more(priya: Browser, ngozi: Learner) -> None:
    note(priya, ngozi)
    address = f"/staff/people/{ngozi.member.person_uuid}"
    priya.get(address)
    priya.post(f"{address}/leave")
    (view,) = of(ngozi)
    assert view.withdrawn is not None
    assert view.withdrawn.reason == "They left."
    assert "Ngozi" not in priya.get(HERE).text
    assert priya.get(at(ngozi)).status == 200


def test_whoever_was_told_they_may_again_is_not_told_so_after_they_left_and_came_back(
    bramble: Place, priya: Browser, ngozi: Learner
) -> None:
    note(priya, ngozi)
    (view,) = of(ngozi)
    from_an_old_tab(priya, ngozi, view.uuid, "withdraw")
    from_an_old_tab(priya, ngozi, view.uuid, "bring-back")
    address = f"/staff/people/{ngozi.member.person_uuid}"
    priya.get(address)
    priya.post(f"{address}/leave")
    priya.post(f"{address}/return")
    db.session.rollback()
    [told] = messages.for_phone(db.session(), bramble.provider.id, ngozi.member.person_id, now=utc_now())
    assert told.text.startswith("Your place ended, so do not do this task any more: Give insulin by pen")


def test_nobody_notes_what_is_delegated_to_themselves_unless_they_are_alone(
    app: Flask, bramble: Place, priya: Browser
) -> None:
    session, here, me = db.session(), bramble.provider.id, bramble.manager
    providers.change_roles(session, here, me.person_id, [Role.MANAGER, Role.LEARNER])
    session.commit()
    own = Learner(member=me, phone=None)  # type: ignore[arg-type]
    assert "Noted" in note(priya, own).text
    assert ", by themselves" in priya.get(at(own)).text
    bramble.add("Tom Lee", Role.MANAGER)
    page = note(priya, own, task="Flush a PEG tube")
    assert page.status == 400
    assert "Another manager has to decide this, as it is about you. Ask Tom Lee." in page.text


def test_the_list_can_be_sifted_by_words_and_by_where_it_stands(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    now, tom = utc_now(), joined(bramble, "Tom Ash")
    delegated(db.session(), ngozi.member, now=now, days=10)
    delegated(
        db.session(), tom.member, now=now - timedelta(days=60), days=50, task="Change a stoma bag", alias="Blue 7"
    )
    text = priya.get(HERE).text
    assert text.index("Tom Ash Change a stoma bag, for Blue 7 Ended") < text.index("Ngozi Obi Give insulin")
    assert "Ngozi" not in priya.get(f"{HERE}?q=stoma+blue").text
    assert "Tom Ash" not in priya.get(f"{HERE}?state=soon").text
    assert "Nothing fits." in priya.get(f"{HERE}?state=withdrawn").text


def test_what_ends_soon_or_has_ended_waits_for_a_manager(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    now = utc_now()
    delegated(db.session(), ngozi.member, now=now, days=10)
    delegated(db.session(), ngozi.member, now=now - timedelta(days=60), days=50, alias="Blue 7")
    said = "1 delegated task has ended and 1 delegated task ends soon"
    assert said in priya.get("/staff/figures").text
    # A renewal is all it takes.
    delegated(db.session(), ngozi.member, now=now, days=300, alias="Blue 7")
    assert "1 delegated task ends soon" in priya.get("/staff/figures").text
    assert "has ended" not in priya.get("/staff/figures").text


def test_another_provider_sees_and_withdraws_nothing(priya: Browser, ngozi: Learner) -> None:
    other = joined(set_up("Other Care", "Olive Other", "olive"), "Tom Ash")
    view = delegated(db.session(), other.member, now=utc_now())
    assert "Tom Ash" not in priya.get(HERE).text
    assert priya.get(at(other)).status == 404
    assert priya.get(f"{NEW}?person={other.member.person_uuid}").status == 404
    assert note(priya, other).status == 400
    note(priya, ngozi)
    token = token_of(priya.get(at(ngozi)))
    for who in (ngozi, other):
        sent = {"csrf_token": token, f"reason-{view.uuid}": "No"}
        assert priya.send("POST", at(who, f"/{view.uuid}/withdraw"), data=sent).status_code == 404
    assert [each.standing for each in of(other)] == ["valid"]


def test_only_managers_come_here(app: Flask, bramble: Place, ngozi: Learner) -> None:
    member = providers.add_person(
        db.session(), bramble.provider.id, "Ann Tutor", (Role.ASSESSOR,), now=utc_now(), sign_in_name="ann"
    )
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    ann = Browser(app.test_client())
    sign_in(ann, "ann")
    assert [ann.get(each).status for each in (HERE, NEW, at(ngozi))] == [403, 403, 403]


def test_the_pages_cost_the_same_for_many(priya: Browser, bramble: Place, ngozi: Learner) -> None:
    note(priya, ngozi)
    person = f"/staff/people/{ngozi.member.person_uuid}"
    pages = (HERE, at(ngozi), person, NEW)

    def cost() -> list[int]:
        found = []
        for page in pages:
            with statements(db.engine) as counted:
                priya.get(page)
            found.append(len(counted))
        return found

    few = cost()
    for number, name in enumerate(("Tom Ash", "Ada Lee", "Sam Fox")):
        note(priya, joined(bramble, name))
        note(priya, ngozi, alias=f"Blue {number}")
    assert cost() == few


def test_two_managers_who_press_at_once_withdraw_it_once(bramble: Place, ngozi: Learner) -> None:
    here, who, now = bramble.provider.id, ngozi.member.person_id, utc_now()
    view = delegated(db.session(), ngozi.member, now=now - timedelta(days=1))
    before = delegation.of(db.session(), here, [who], day_of(now))
    assert delegation.withdraw(db.session(), here, who, view.uuid, reason="First", now=now, by=None) is not None
    db.session.commit()
    # The second one read the task while it still stood.
    assert before[0].standing.may
    assert not _add_withdrawal(db.session(), here, before[0], "Second", now, None)
    db.session.commit()
    assert [each.withdrawn.reason for each in of(ngozi) if each.withdrawn] == ["First"]
